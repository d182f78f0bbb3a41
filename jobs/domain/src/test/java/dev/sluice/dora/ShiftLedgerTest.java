package dev.sluice.dora;

import static dev.sluice.delivery.DeliveryFixture.ENVIRONMENT;
import static dev.sluice.delivery.DeliveryFixture.SERVICE;
import static dev.sluice.delivery.DeliveryFixture.TENANT;
import static dev.sluice.delivery.DeliveryFixture.commit;
import static dev.sluice.delivery.DeliveryFixture.observed;
import static dev.sluice.delivery.IncidentFixture.said;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.delivery.DeliveryEvent;
import dev.sluice.delivery.DeliveryFixture.Observation;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.IncidentState;
import dev.sluice.shift.Direction;
import dev.sluice.simulation.BatchOracle.Place;
import dev.sluice.simulation.Pipeline;
import dev.sluice.simulation.Pipeline.MemoryLedgerTables;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which shifts of its metrics a series publishes, and when. Day 0 is a Monday. */
class ShiftLedgerTest {
    private static final Instant MONDAY = Instant.parse("2025-01-06T00:00:00Z");
    private static final String FAIL_RATE = "change_fail_rate";
    private static final String FREQUENCY = "deployment_frequency";
    /** The link window is three days; then it takes the next midnight. */
    private static final int SETTLED_AFTER = 4;

    private static Instant day(int day) {
        return MONDAY.plus(Duration.ofDays(day));
    }

    private static Instant noon(int day) {
        return day(day).plus(Duration.ofHours(12));
    }

    private static Instant evening(int day) {
        return day(day).plus(Duration.ofHours(18));
    }

    private static Observation deployed(int day, boolean failed) {
        Observation observation =
                observed("d" + day, DeploymentState.SUCCESS, noon(day)).version("v" + day);
        return failed ? observation.impact(true) : observation;
    }

    /** One series of which one emission follows another. */
    private static final class World {
        private final MemoryLedgerTables tables = new MemoryLedgerTables();
        private final DeliveryLedger ledger = new DeliveryLedger(
                new ServiceEnvironment(TENANT, SERVICE, ENVIRONMENT, ZoneOffset.UTC, ServiceEnvironment.LINK_WINDOW),
                tables);
        private final List<ShiftFact> published = new ArrayList<>();

        void observe(Observation observation) {
            ledger.observe(observation.build());
        }

        List<ShiftFact> emit(Instant now) {
            List<ShiftFact> facts = ledger.emit(now).shifts();
            published.addAll(facts);
            return facts;
        }

        /** One deployment at the noon of each day, published in its evening. */
        World days(int from, int to, IntPredicate failed) {
            for (int day = from; day < to; day++) {
                observe(deployed(day, failed.test(day)));
                emit(evening(day));
            }
            return this;
        }
    }

    /** Every tenth deployment fails, from day 200 on every second one. */
    private static boolean failsMoreFromDay200(int day) {
        return day < 200 ? day % 10 == 0 : day % 2 == 0;
    }

    // ---- what is published

    @Test
    void aSeriesThatDoesNotChangeHasNoShift() {
        World world = new World().days(0, 400, day -> day % 10 == 0);

        assertThat(world.published).isEmpty();
    }

    @Test
    void aHigherFailRateIsReportedOnce_withWhenItBegan() {
        World world = new World().days(0, 280, ShiftLedgerTest::failsMoreFromDay200);

        assertThat(world.published).hasSize(1);
        ShiftFact fact = world.published.get(0);
        assertThat(fact.metric()).isEqualTo(FAIL_RATE);
        assertThat(fact.direction()).isEqualTo(Direction.DETERIORATION);
        assertThat(fact.began()).isBetween(day(195), day(205));
        assertThat(fact.detected()).isBetween(day(205), day(230));
        assertThat(fact.reportedAt())
                .as("the evening after the link window of the last value has passed")
                .isEqualTo(fact.detected().plus(Duration.ofDays(SETTLED_AFTER)).plus(Duration.ofHours(6)))
                .isEqualTo(fact.computedAt());
        assertThat(fact.beforeValue()).isBetween(0.08, 0.12);
        assertThat(fact.afterValue()).isBetween(0.4, 0.7);
        assertThat(fact.logEvidence()).isGreaterThanOrEqualTo(Math.log(200));
        assertThat(fact.withdrawn() || fact.deleted()).isFalse();
    }

    @Test
    void aCorrectionThatTakesTheFailuresBackWithdrawsIt_visibly() {
        World world = new World().days(0, 280, ShiftLedgerTest::failsMoreFromDay200);
        ShiftFact reported = world.published.get(0);
        for (int day = 200; day < 280; day++) {
            world.observe(deployed(day, false).impact(day % 10 == 0).revision(1));
        }

        List<ShiftFact> facts = world.emit(evening(280));

        assertThat(facts).hasSize(1);
        ShiftFact fact = facts.get(0);
        assertThat(fact.metric()).isEqualTo(FAIL_RATE);
        assertThat(fact.began()).as("the same one").isEqualTo(reported.began());
        assertThat(fact.reportedAt()).isEqualTo(reported.reportedAt());
        assertThat(fact.withdrawn()).isTrue();
        assertThat(fact.withdrawnAt()).isEqualTo(evening(280));
        assertThat(fact.movedTo()).isNull();
        assertThat(fact.deleted()).isFalse();
        assertThat(world.emit(evening(281))).isEmpty();
    }

    @Test
    void aShiftThatACorrectionBringsBackStandsAgain() {
        World world = new World().days(0, 280, ShiftLedgerTest::failsMoreFromDay200);
        for (int revision = 1; revision <= 2; revision++) {
            for (int day = 200; day < 280; day++) {
                boolean failed = revision == 1 ? day % 10 == 0 : failsMoreFromDay200(day);
                world.observe(deployed(day, false).impact(failed).revision(revision));
            }
            world.emit(evening(280 + revision));
        }

        assertThat(world.published).extracting(ShiftFact::withdrawn).containsExactly(false, true, false);
        assertThat(world.published.get(2).began())
                .isEqualTo(world.published.get(0).began());
        assertThat(world.published.get(2).reportedAt())
                .isEqualTo(world.published.get(0).reportedAt());
    }

    /** What a series publishes whose deployment each noon is so. */
    private static ShiftFact onlyShift(String metric, IntFunction<Observation> deployment) {
        var world = new World();
        for (int day = 0; day < 260; day++) {
            world.observe(deployment.apply(day));
            world.emit(evening(day));
        }
        List<ShiftFact> found = world.published.stream()
                .filter(fact -> fact.metric().equals(metric))
                .toList();
        assertThat(found).as("%s in %s", metric, world.published).hasSize(1);
        assertThat(found.get(0).began()).isBetween(day(195), day(205));
        return found.get(0);
    }

    @Test
    void attemptsThatFailMoreOftenAreReported() {
        ShiftFact fact = onlyShift(
                "deployment_success_rate",
                day -> observed(
                                "d" + day,
                                failsMoreFromDay200(day) ? DeploymentState.FAILURE : DeploymentState.SUCCESS,
                                noon(day))
                        .version("v" + day));

        assertThat(fact.direction()).isEqualTo(Direction.DETERIORATION);
        assertThat(fact.beforeValue()).isBetween(0.88, 0.92);
        assertThat(fact.afterValue()).isBetween(0.3, 0.6);
    }

    @Test
    void moreReworkIsReported() {
        ShiftFact fact =
                onlyShift("deployment_rework_rate", day -> deployed(day, false).planned(!failsMoreFromDay200(day)));

        assertThat(fact.direction()).isEqualTo(Direction.DETERIORATION);
        assertThat(fact.beforeValue()).isBetween(0.08, 0.12);
        assertThat(fact.afterValue()).isBetween(0.4, 0.7);
    }

    @Test
    void shorterDeploymentsAreReported_andWhatFailedLatelyIsNone() {
        ShiftFact fact = onlyShift("mean_time_to_deploy", day -> {
            int minutes = (day < 200 ? 30 : 5) + day % 3;
            boolean failed = day % 4 == 0; // and takes a day
            return observed("d" + day, failed ? DeploymentState.FAILURE : DeploymentState.SUCCESS, noon(day))
                    .version("v" + day)
                    .startedAt(noon(day).minus(failed ? Duration.ofHours(20) : Duration.ofMinutes(minutes)));
        });

        assertThat(fact.direction()).isEqualTo(Direction.IMPROVEMENT);
        assertThat(fact.beforeValue()).isBetween(30 * 60_000.0, 32 * 60_000.0);
        assertThat(fact.afterValue()).isBetween(5 * 60_000.0, 7 * 60_000.0);
    }

    // ---- when

    @Test
    void theFailRateWaitsForTheLinkWindow() {
        World world = new World().days(0, 200, day -> day % 10 == 0);
        for (int i = 0; i < 30; i++) {
            world.observe(
                    observed("burst" + i, DeploymentState.SUCCESS, noon(200).plusSeconds(i))
                            .version("b" + i)
                            .impact(true));
        }
        for (int day = 200; day < 200 + SETTLED_AFTER; day++) {
            assertThat(failRate(world.emit(evening(day)))).as("day %d", day).isEmpty();
        }

        assertThat(failRate(world.emit(day(200 + SETTLED_AFTER)))).hasSize(1);
    }

    private static List<ShiftFact> failRate(List<ShiftFact> facts) {
        return facts.stream().filter(fact -> fact.metric().equals(FAIL_RATE)).toList();
    }

    @Test
    void weeksThatEndWithoutADeploymentCount() {
        World world = new World().days(0, 26 * 7, day -> false);
        for (int day = 26 * 7; day < 40 * 7 && world.published.isEmpty(); day++) {
            world.emit(day(day)); // nothing comes, only time passes
        }

        assertThat(world.published).hasSize(1);
        ShiftFact fact = world.published.get(0);
        assertThat(fact.metric()).isEqualTo(FREQUENCY);
        assertThat(fact.direction()).isEqualTo(Direction.DETERIORATION);
        assertThat(fact.began()).isEqualTo(day(26 * 7));
        assertThat(fact.reportedAt()).as("the end of the week").isEqualTo(fact.detected());
        assertThat(fact.beforeValue()).isEqualTo(7);
        assertThat(fact.afterValue()).isZero();
    }

    // ---- what is remembered

    @Test
    void nothingIsLeftOfASeriesThatIsGone() {
        World world = new World().days(0, 280, ShiftLedgerTest::failsMoreFromDay200);
        ShiftFact reported = world.published.get(0);
        assertThat(world.tables.shifts().states().keys()).isNotEmpty();
        for (int day = 0; day < 280; day++) {
            world.observe(
                    observed("d" + day, DeploymentState.DELETED, noon(day)).revision(1));
            if (day % 50 == 0) {
                world.emit(evening(280));
            }
        }

        List<ShiftFact> facts = world.emit(evening(281));

        assertThat(facts)
                .allMatch(ShiftFact::deleted)
                .anyMatch(fact -> fact.began().equals(reported.began()));
        assertThat(world.tables.shifts().states().keys()).isEmpty();
        assertThat(world.tables.shifts().weekIndex().keys()).isEmpty();
        assertThat(world.tables.shifts().shifts().keys()).isEmpty();
        assertThat(world.tables.shifts().reported().keys()).isEmpty();
        assertThat(world.tables.firstChange().keys()).isEmpty();
    }

    // ---- order

    private record Standing(
            String metric,
            Direction direction,
            Instant began,
            Instant detected,
            int beforeN,
            double before,
            int afterN,
            double after,
            double logEvidence) {}

    /** The shifts that stand after events were played with emissions between them. */
    private static Set<Standing> play(List<DeliveryEvent> events, ZoneId zone, int emissions) {
        var pipeline = new Pipeline(zone);
        Map<String, ShiftFact> facts = new LinkedHashMap<>();
        for (int i = 0; i < events.size(); i++) {
            pipeline.accept(events.get(i));
            if (emissions > 0 && i % (events.size() / emissions + 1) == 0) {
                take(pipeline, evening(270 + i * 40 / events.size()), facts);
            }
        }
        take(pipeline, evening(310), facts);
        var standing = new HashSet<Standing>();
        for (ShiftFact fact : facts.values()) {
            if (!fact.withdrawn() && !fact.deleted()) {
                standing.add(new Standing(
                        fact.metric(),
                        fact.direction(),
                        fact.began(),
                        fact.detected(),
                        fact.beforeN(),
                        fact.beforeValue(),
                        fact.afterN(),
                        fact.afterValue(),
                        fact.logEvidence()));
            }
        }
        return standing;
    }

    private static void take(Pipeline pipeline, Instant now, Map<String, ShiftFact> facts) {
        LedgerRows rows = pipeline.emit(now).get(new Place(SERVICE, ENVIRONMENT));
        if (rows != null) {
            rows.shifts().forEach(fact -> facts.put(fact.metric() + fact.direction() + fact.began(), fact));
        }
    }

    /** A history in which everything changes after half of its time; some of it is corrected or taken back. */
    private static List<DeliveryEvent> history(Random random) {
        var events = new ArrayList<DeliveryEvent>();
        int number = 0;
        for (int day = 0; day < 300; day++) {
            boolean late = day >= 150;
            for (int i = 0; i < (late ? 3 : 1); i++, number++) {
                Instant at = noon(day).plusSeconds(random.nextInt(20_000));
                Instant authored = at.minusSeconds((long) (random.nextDouble() * (late ? 40_000 : 400_000)));
                events.add(commit(
                        "c" + number, authored, number == 0 ? new String[0] : new String[] {"c" + (number - 1)}));
                boolean works = random.nextInt(10) > (late ? 3 : 0);
                events.add(observed("d" + number, works ? DeploymentState.SUCCESS : DeploymentState.FAILURE, at)
                        .version("v" + number)
                        .sha("c" + number)
                        .startedAt(at.minusSeconds(late ? 900 + random.nextInt(900) : 300 + random.nextInt(900)))
                        .build());
                if (random.nextInt(10) < (late ? 4 : 1)) {
                    Instant began = at.plusSeconds(1 + random.nextInt(3 * 86_400));
                    String id = "i" + number;
                    events.add(said(id, IncidentState.DETECTED, began).build());
                    events.add(said(id, IncidentState.RESOLVED, began.plusSeconds(late ? 600 : 6_000))
                            .rank(3)
                            .build());
                }
                if (random.nextInt(15) == 0) {
                    events.add(observed("d" + number, DeploymentState.DELETED, at)
                            .revision(1)
                            .build());
                }
            }
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theOrderOfArrivalPlaysNoPart(long seed) {
        var random = new Random(seed);
        List<DeliveryEvent> events = history(random);
        ZoneId zone =
                ZoneId.of(List.of("UTC", "Europe/Berlin", "America/New_York").get((int) (seed % 3)));

        Set<Standing> expected = play(events, zone, 0);
        assertThat(expected).as("seed %d", seed).extracting(Standing::metric).contains(FREQUENCY, "change_lead_time");
        assertThat(play(events, zone, 60)).as("seed %d, in order", seed).isEqualTo(expected);
        Collections.shuffle(events, random);
        assertThat(play(events, zone, 0)).as("seed %d, shuffled", seed).isEqualTo(expected);
        assertThat(play(events, zone, 12))
                .as("seed %d, shuffled, by parts", seed)
                .isEqualTo(expected);
    }
}
