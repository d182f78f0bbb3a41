package dev.sluice.shift;

import static dev.sluice.shift.ShiftFixture.bernoulli;
import static dev.sluice.shift.ShiftFixture.daily;
import static dev.sluice.shift.ShiftFixture.duration;
import static dev.sluice.shift.ShiftFixture.poisson;
import static dev.sluice.shift.ShiftFixture.weekly;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Measures what docs/concepts/change-detection.md says of detection: each row of its tables is computed here. */
@Tag("soak")
class ShiftSimulationTest {
    private static final Path DOCUMENT = Path.of("../../docs/concepts/change-detection.md");
    private static final long SEED = 20_261_128;
    private static final int SERIES = 1000;
    private static final int NEVER = Integer.MAX_VALUE;

    @Test
    void delays() throws IOException {
        assertDocumented(
                delay("change fail rate", "15 % → 30 %", rate(0.15, 0.30)),
                delay("change fail rate", "15 % → 45 %", rate(0.15, 0.45)),
                delay("change fail rate", "15 % → 5 %", rate(0.15, 0.05)),
                delay("change fail rate", "5 % → 15 %", rate(0.05, 0.15)),
                delay("change lead time, median", "2 d → 3 d", leadTime(48, 72)),
                delay("change lead time, median", "2 d → 4 d", leadTime(48, 96)),
                delay("change lead time, median", "2 d → 1 d", leadTime(48, 24)),
                delay("deployment frequency", "3 → 6 a week", frequency(3, 6)),
                delay("deployment frequency", "6 → 3 a week", frequency(6, 3)),
                delay("deployment frequency", "10 → 15 a week", frequency(10, 15)));
    }

    @Test
    void falseReports() throws IOException {
        assertDocumented(
                falseReports(
                        "change fail rate, 15 %",
                        ShiftMetric.CHANGE_FAIL_RATE, random -> daily(1000, day -> bernoulli(random, 0.15))),
                falseReports(
                        "change fail rate, 2 %",
                        ShiftMetric.CHANGE_FAIL_RATE, random -> daily(1000, day -> bernoulli(random, 0.02))),
                falseReports(
                        "change lead time",
                        ShiftMetric.CHANGE_LEAD_TIME,
                        random -> daily(1000, day -> duration(random, 48, 1))),
                falseReports(
                        "deployment frequency, 3 a week",
                        ShiftMetric.DEPLOYMENT_FREQUENCY,
                        random -> weekly(500, week -> poisson(random, 3))),
                falseReports(
                        "deployment frequency, mean 3, variance 6",
                        ShiftMetric.DEPLOYMENT_FREQUENCY,
                        random -> weekly(500, week -> poisson(random, 3 * gamma(random, 1)))),
                falseReports(
                        "lead time of each of 5 changes, not of the deployment",
                        ShiftMetric.CHANGE_LEAD_TIME,
                        random -> changes(random, 1000, 5)));
    }

    private record Scenario(
            ShiftMetric metric, Direction direction, int change, Function<Random, List<MetricValue>> values) {}

    private static Scenario rate(double before, double after) {
        return new Scenario(
                ShiftMetric.CHANGE_FAIL_RATE,
                after > before ? Direction.DETERIORATION : Direction.IMPROVEMENT,
                180,
                random -> daily(380, day -> bernoulli(random, day < 180 ? before : after)));
    }

    private static Scenario leadTime(double beforeHours, double afterHours) {
        return new Scenario(
                ShiftMetric.CHANGE_LEAD_TIME,
                afterHours > beforeHours ? Direction.DETERIORATION : Direction.IMPROVEMENT,
                180,
                random -> daily(380, day -> duration(random, day < 180 ? beforeHours : afterHours, 1)));
    }

    private static Scenario frequency(double before, double after) {
        return new Scenario(
                ShiftMetric.DEPLOYMENT_FREQUENCY,
                after > before ? Direction.IMPROVEMENT : Direction.DETERIORATION,
                26,
                random -> weekly(78, week -> poisson(random, week < 26 ? before : after)));
    }

    /** A row: metric, change, share found, median and 90th percentile of the delay, median error of the onset. */
    private static String delay(String metric, String change, Scenario scenario) {
        var random = new Random(SEED);
        var detector = new ShiftDetector(scenario.metric(), ShiftDetector.DEFAULT_THRESHOLD);
        var delays = new int[SERIES];
        var errors = new ArrayList<Integer>();
        int found = 0;
        for (int series = 0; series < SERIES; series++) {
            List<MetricValue> values = scenario.values().apply(random);
            MetricValue first = values.get(scenario.change());
            delays[series] = NEVER;
            for (Shift shift : detector.shifts(MetricValues.of(values))) {
                if (shift.direction() == scenario.direction()
                        && !shift.detected().isBefore(first.end())) {
                    Duration step =
                            Duration.between(values.get(0).end(), values.get(1).end());
                    delays[series] = 1 + steps(Duration.between(first.end(), shift.detected()), step);
                    errors.add(Math.abs(steps(Duration.between(first.begin(), shift.began()), step)));
                    found++;
                    break;
                }
            }
        }
        Arrays.sort(delays);
        errors.sort(null);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d %% | %s | %s | %d |",
                metric,
                change,
                Math.round(100.0 * found / SERIES),
                delays[SERIES / 2] == NEVER ? "–" : delays[SERIES / 2],
                delays[SERIES * 9 / 10] == NEVER ? "–" : delays[SERIES * 9 / 10],
                errors.get(errors.size() / 2));
    }

    private static int steps(Duration distance, Duration step) {
        return Math.toIntExact(distance.dividedBy(step));
    }

    /** A row: what, and how many values there were a report, with thresholds of 200 and 1000. */
    private static String falseReports(String what, ShiftMetric metric, Function<Random, List<MetricValue>> values) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s |",
                what,
                valuesPerReport(metric, 200, values),
                valuesPerReport(metric, 1000, values));
    }

    private static String valuesPerReport(
            ShiftMetric metric, double threshold, Function<Random, List<MetricValue>> maker) {
        var random = new Random(SEED);
        var detector = new ShiftDetector(metric, threshold);
        long values = 0;
        long reports = 0;
        for (int series = 0; series < SERIES; series++) {
            List<MetricValue> made = maker.apply(random);
            values += made.size();
            reports += detector.shifts(MetricValues.of(made)).size();
        }
        return reports == 0 ? "none" : String.format(Locale.ROOT, "%,d", values / reports);
    }

    /** Deployments of some changes each, which share most of what makes them young or old. */
    private static List<MetricValue> changes(Random random, int deployments, int changesEach) {
        var values = new ArrayList<MetricValue>();
        for (int day = 0; day < deployments; day++) {
            double hours = 48 * StrictMath.exp(0.8 * random.nextGaussian());
            for (int change = 0; change < changesEach; change++) {
                values.add(MetricValue.at(ShiftFixture.day(day), duration(random, hours, 0.6)));
            }
        }
        return values;
    }

    /** The gamma distribution with shape 3 and the given mean: a Poisson count of mean 3 times it has variance 6. */
    private static double gamma(Random random, double mean) {
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            sum -= StrictMath.log(1 - random.nextDouble());
        }
        return mean * sum / 3;
    }

    private static void assertDocumented(String... rows) throws IOException {
        assertThat(Files.readAllLines(DOCUMENT)).as("seed %d", SEED).contains(rows);
    }
}
