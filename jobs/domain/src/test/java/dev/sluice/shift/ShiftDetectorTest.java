package dev.sluice.shift;

import static dev.sluice.shift.ShiftFixture.bernoulli;
import static dev.sluice.shift.ShiftFixture.daily;
import static dev.sluice.shift.ShiftFixture.day;
import static dev.sluice.shift.ShiftFixture.duration;
import static dev.sluice.shift.ShiftFixture.poisson;
import static dev.sluice.shift.ShiftFixture.weekly;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.statistics.ConfidenceIntervals;
import dev.sluice.statistics.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShiftDetectorTest {
    @Test
    void reportsADeteriorationOnce() {
        // every tenth deployment fails for 100 days, then every second one
        List<MetricValue> values = daily(300, day -> day < 100 ? (day % 10 == 0 ? 1 : 0) : (day % 2 == 0 ? 1 : 0));

        List<Shift> shifts = shifts(ShiftMetric.CHANGE_FAIL_RATE, values);

        assertThat(shifts).hasSize(1);
        Shift shift = shifts.get(0);
        assertThat(shift.direction()).isEqualTo(Direction.DETERIORATION);
        assertThat(shift.began()).isEqualTo(day(100));
        assertThat(shift.detected()).isEqualTo(day(114));
        assertThat(shift.before()).isEqualTo(new Level(90, 0.1, ConfidenceIntervals.ofRate(9, 90)));
        assertThat(shift.after()).isEqualTo(new Level(15, 8 / 15.0, ConfidenceIntervals.ofRate(8, 15)));
        // p0 = 0.17924, Wilson's upper end of 9 / 90; M = 289.9 by Python, as the explicit sum over starts
        assertThat(shift.logEvidence()).isCloseTo(5.669686911389622, within(1e-9));
    }

    @Test
    void reportsTheWayBackAsAnImprovement() {
        List<MetricValue> values =
                daily(400, day -> day < 100 || day >= 200 ? (day % 10 == 0 ? 1 : 0) : (day % 2 == 0 ? 1 : 0));

        List<Shift> shifts = shifts(ShiftMetric.CHANGE_FAIL_RATE, values);

        assertThat(shifts).extracting(Shift::direction).containsExactly(Direction.DETERIORATION, Direction.IMPROVEMENT);
        Shift back = shifts.get(1);
        assertThat(back.began()).isEqualTo(day(201)); // day 200 brought a failure
        assertThat(back.detected()).isEqualTo(day(218));
        assertThat(back.before()).isEqualTo(new Level(40, 0.5, ConfidenceIntervals.ofRate(20, 40)));
        assertThat(back.after()).isEqualTo(new Level(18, 1 / 18.0, ConfidenceIntervals.ofRate(1, 18)));
        assertThat(back.logEvidence()).isCloseTo(5.559074248037311, within(1e-9));
    }

    @Test
    void aSuccessRateImprovesWhereFailuresBecomeFewer() {
        List<MetricValue> values = daily(300, day -> day < 150 ? (day % 3 == 0 ? 0 : 1) : (day % 20 == 0 ? 0 : 1));

        List<Shift> shifts = shifts(ShiftMetric.DEPLOYMENT_SUCCESS_RATE, values);

        assertThat(shifts).hasSize(1);
        assertThat(shifts.get(0).direction()).isEqualTo(Direction.IMPROVEMENT);
        assertThat(shifts.get(0).before().value()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(shifts.get(0).after().value()).isGreaterThan(0.9);
    }

    @Test
    void aLongerLeadTimeIsADeterioration() {
        // 1 to 10 h, then 9 to 18 h: the reference's median is 5.5 h, between the 36th value and the 55th of 90
        List<MetricValue> values = daily(200, day -> hours(1 + day % 10 + (day < 100 ? 0 : 8)));

        List<Shift> shifts = shifts(ShiftMetric.CHANGE_LEAD_TIME, values);

        assertThat(shifts).hasSize(1);
        Shift shift = shifts.get(0);
        assertThat(shift.direction()).isEqualTo(Direction.DETERIORATION);
        assertThat(shift.before()).isEqualTo(new Level(90, hours(11) / 2.0, new Interval(hours(4), hours(7))));
        // days 95 to 99 had 6 to 10 h, as they do every ten days: above the median too
        assertThat(shift.began()).isEqualTo(day(95));
        assertThat(shift.detected()).isEqualTo(day(106));
        assertThat(shift.after()).isEqualTo(new Level(12, hours(10), new Interval(hours(8), hours(13))));
        // 10 hits, 8, 9, 10 and 9 to 15 h, in a row above 7 h; M by Python, as the explicit sum over starts
        assertThat(shift.logEvidence()).isCloseTo(5.786439956804772, within(1e-9));
    }

    @Test
    void aShorterLeadTimeIsAnImprovement() {
        List<MetricValue> values = daily(200, day -> hours(9 + day % 10 - (day < 100 ? 0 : 8)));

        List<Shift> shifts = shifts(ShiftMetric.CHANGE_LEAD_TIME, values);

        assertThat(shifts).extracting(Shift::direction).containsExactly(Direction.IMPROVEMENT);
    }

    @Test
    void valuesAtTheBoundSayNothing() {
        // all the same: neither above the upper end nor below the lower end, which are equal
        assertThat(shifts(ShiftMetric.MEAN_TIME_TO_DEPLOY, daily(1000, day -> hours(1))))
                .isEmpty();
    }

    @Test
    void moreDeploymentsAWeekAreAnImprovement() {
        List<MetricValue> values = weekly(80, week -> week < 20 ? 2 + week % 3 : 6 + week % 3);

        List<Shift> shifts = shifts(ShiftMetric.DEPLOYMENT_FREQUENCY, values);

        assertThat(shifts).hasSize(1);
        Shift shift = shifts.get(0);
        assertThat(shift.direction()).isEqualTo(Direction.IMPROVEMENT);
        assertThat(shift.began()).isEqualTo(values.get(20).begin());
        assertThat(shift.detected()).isEqualTo(values.get(26).end());
        assertThat(shift.before()).isEqualTo(new Level(13, 38 / 13.0, ConfidenceIntervals.ofFrequency(38, 13)));
        assertThat(shift.after()).isEqualTo(new Level(7, 50 / 7.0, ConfidenceIntervals.ofFrequency(50, 7)));
        // l0 = 4.01215, Garwood's upper end of 38 in 13 weeks
        assertThat(shift.logEvidence()).isCloseTo(6.448739091237987, within(1e-9));
    }

    @Test
    void weeksWithoutDeploymentsAreADeterioration() {
        List<MetricValue> values = weekly(60, week -> week < 30 ? 3 : 0);

        assertThat(shifts(ShiftMetric.DEPLOYMENT_FREQUENCY, values))
                .extracting(Shift::direction, Shift::began)
                .containsExactly(tuple(Direction.DETERIORATION, values.get(30).begin()));
    }

    @Test
    void saysNothingWhileItLearns() {
        assertThat(stateAfter(daily(90, day -> day % 2)).reference()).isNull();
        DetectorState learned = stateAfter(daily(91, day -> day % 2));
        assertThat(requireNonNull(learned.reference()).level().n()).isEqualTo(90);
        assertThat(learned.more().nodes()).hasSize(5);
    }

    @Test
    void learnsFromTwentyValuesAtLeast() {
        List<MetricValue> everyTenthDay = new ArrayList<>();
        for (int i = 0; i <= 20; i++) {
            everyTenthDay.add(MetricValue.at(day(10 * i), i % 2));
        }
        assertThat(stateAfter(everyTenthDay.subList(0, 20)).reference()).isNull();
        assertThat(requireNonNull(stateAfter(everyTenthDay).reference()).level().n())
                .isEqualTo(20);
    }

    @Test
    void twentyValuesInMoreThanTheMemoryAreTooFew() {
        List<MetricValue> everyThirdWeek = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            everyThirdWeek.add(MetricValue.at(day(21 * i), i < 100 ? 0 : 1));
        }
        assertThat(shifts(ShiftMetric.CHANGE_FAIL_RATE, everyThirdWeek)).isEmpty();
        assertThat(stateAfter(everyThirdWeek).reference()).isNull();
    }

    @Test
    void theReferenceGrowsToTheOlderHalf() {
        assertThat(referenceAfter(360)).isEqualTo(90);
        assertThat(referenceAfter(361)).isEqualTo(180);
        assertThat(referenceAfter(3000)).isEqualTo(180); // the beginning is out of memory
    }

    private static int referenceAfter(int days) {
        return requireNonNull(stateAfter(daily(days, day -> day % 10 == 0 ? 1 : 0))
                        .reference())
                .level()
                .n();
    }

    @Test
    void nothingIsLearnedFromTheValuesThatWereEvidence() {
        List<MetricValue> values = daily(300, day -> day < 100 ? (day % 10 == 0 ? 1 : 0) : (day % 2 == 0 ? 1 : 0));
        Instant detected = shifts(ShiftMetric.CHANGE_FAIL_RATE, values).get(0).detected();

        DetectorState state = stateAfter(values);

        assertThat(requireNonNull(state.stretch()).begin()).isEqualTo(detected.plus(Duration.ofDays(1)));
        assertThat(state.renewed()).isTrue();
    }

    @Test
    void fiveHundredSuccessesAfterNoFailureAreNoImprovement() {
        assertThat(shifts(ShiftMetric.CHANGE_FAIL_RATE, daily(600, day -> 0))).isEmpty();
    }

    @Test
    void failuresThatHaveAlwaysBeenThereAreNoDeterioration() {
        assertThat(shifts(ShiftMetric.CHANGE_FAIL_RATE, daily(600, day -> 1))).isEmpty();
    }

    @Test
    void aHigherThresholdWaitsForMoreEvidence() {
        List<MetricValue> values = daily(300, day -> day < 100 ? (day % 10 == 0 ? 1 : 0) : (day % 2 == 0 ? 1 : 0));

        List<Shift> strict = new ShiftDetector(ShiftMetric.CHANGE_FAIL_RATE, 1000).shifts(MetricValues.of(values));

        assertThat(strict).hasSize(1);
        assertThat(strict.get(0).began()).isEqualTo(day(100));
        assertThat(strict.get(0).detected()).isEqualTo(day(120));
        assertThat(strict.get(0).logEvidence()).isCloseTo(7.067174858592467, within(1e-9));
    }

    @Test
    void refusesWhatCannotBe() {
        assertThatThrownBy(() -> shifts(ShiftMetric.CHANGE_FAIL_RATE, List.of(MetricValue.at(day(0), 2))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> shifts(ShiftMetric.CHANGE_LEAD_TIME, List.of(MetricValue.at(day(0), -1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> shifts(
                        ShiftMetric.CHANGE_LEAD_TIME,
                        List.of(MetricValue.at(day(0), 1), MetricValue.at(day(0).minusSeconds(1), 1))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ShiftDetector(ShiftMetric.CHANGE_LEAD_TIME, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MetricValue(day(1), day(0), 1)).isInstanceOf(IllegalArgumentException.class);
    }

    static Stream<Arguments> seeds() {
        return Stream.of(ShiftMetric.values())
                .flatMap(metric ->
                        Stream.iterate(1L, seed -> seed + 1).limit(12).map(seed -> Arguments.of(metric, seed)));
    }

    @ParameterizedTest(name = "{0}, seed {1}")
    @MethodSource("seeds")
    void agreesWithTheOracle(ShiftMetric metric, long seed) {
        List<MetricValue> values = history(metric, new Random(seed), 500);
        double threshold = 40;
        var detector = new ShiftDetector(metric, threshold);

        List<Shift> shifts = detector.shifts(MetricValues.of(values));

        List<ShiftOracle.Found> expected = ShiftOracle.shifts(metric, threshold, values);
        assertThat(shifts).as("seed %d", seed).isNotEmpty().hasSameSizeAs(expected);
        for (int i = 0; i < shifts.size(); i++) {
            Shift shift = shifts.get(i);
            ShiftOracle.Found found = expected.get(i);
            String where = "seed " + seed + ", shift " + i + " " + found;
            assertThat(shift.direction() == metric.ofMore()).as(where).isEqualTo(found.more());
            assertThat(shift.began())
                    .as(where)
                    .isEqualTo(values.get(found.began()).begin());
            assertThat(shift.detected())
                    .as(where)
                    .isEqualTo(values.get(found.detected()).end());
            assertThat(shift.before().n()).as(where).isEqualTo(found.reference());
            long memory = values.get(found.detected()).day() - ShiftDetector.MEMORY_DAYS;
            assertThat(shift.after().n())
                    .as(where)
                    .isEqualTo(values.subList(found.began(), found.detected() + 1).stream()
                            .filter(value -> value.day() > memory)
                            .count());
            assertThat(shift.logEvidence()).as(where).isCloseTo(found.logEvidence(), within(1e-9));
        }
    }

    /** Levels that change now and then, several values on some days and none on others. */
    static List<MetricValue> history(ShiftMetric metric, Random random, int n) {
        var values = new ArrayList<MetricValue>();
        double level = 0.2;
        Instant at = ShiftFixture.BEGINNING;
        for (int i = 0; i < n; i++) {
            if (random.nextInt(90) == 0) {
                level = 0.02 + 0.9 * random.nextDouble();
            }
            if (metric == ShiftMetric.DEPLOYMENT_FREQUENCY) {
                at = at.plus(Duration.ofDays(7));
                values.add(new MetricValue(at.minus(Duration.ofDays(7)), at, poisson(random, 10 * level)));
            } else {
                at = at.plus(Duration.ofMinutes(random.nextInt(2 * 24 * 60)));
                values.add(MetricValue.at(
                        at,
                        metric.kind() == ShiftMetric.Kind.RATE
                                ? bernoulli(random, level)
                                : duration(random, 20 * level, 0.8)));
            }
        }
        return values;
    }

    private static List<Shift> shifts(ShiftMetric metric, List<MetricValue> values) {
        return new ShiftDetector(metric, ShiftDetector.DEFAULT_THRESHOLD).shifts(MetricValues.of(values));
    }

    private static DetectorState stateAfter(List<MetricValue> values) {
        return new ShiftDetector(ShiftMetric.CHANGE_FAIL_RATE, ShiftDetector.DEFAULT_THRESHOLD)
                .resume(DetectorState.INITIAL, MetricValues.of(values), Long.MIN_VALUE, Long.MAX_VALUE)
                .state();
    }

    private static long hours(int hours) {
        return Duration.ofHours(hours).toMillis();
    }
}
