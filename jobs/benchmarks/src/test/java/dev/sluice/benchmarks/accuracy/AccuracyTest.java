package dev.sluice.benchmarks.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Simulates what docs/reference/canary-accuracy.md shows. */
class AccuracyTest {
    private static final long SEED = 20261128;

    /** A few runs of each case: nothing that keeps its promise is seen to break it, and the z-test is. */
    @Test
    void aFewRunsOfEachCase() {
        List<Row> rows = rows(10);
        assertPromises(rows);
        assertThat(rows.stream().filter(row -> row.setting().startsWith("z-test") && row.share() != null))
                .anyMatch(row -> share(row).lower() > 0.05);
        assertThat(AccuracyDocument.tables(rows)).contains("### False alarms", "### Gauges", "| 20261128 |");
    }

    /** The numbers are Poisson's: mean, variance and tail, on both sides of the change of method. */
    @Test
    void trafficIsPoisson() {
        for (double mean : new double[] {0.5, 9, 11, 95, 9405}) {
            var traffic = new Traffic(new Well19937c(SEED));
            int n = 200_000;
            double sum = 0;
            double squares = 0;
            int beyond = 0;
            int limit = (int) Math.round(mean + 2 * Math.sqrt(mean));
            for (int i = 0; i < n; i++) {
                double value = traffic.poisson(mean);
                sum += value;
                squares += (value - mean) * (value - mean);
                beyond += value > limit ? 1 : 0;
            }
            double expected = 1 - new PoissonDistribution(mean).cumulativeProbability(limit);
            assertThat(sum / n).as("mean of %s", mean).isCloseTo(mean, within(5 * Math.sqrt(mean / n)));
            assertThat(squares / n).as("variance of %s", mean).isCloseTo(mean, within(0.03 * mean));
            assertThat((double) beyond / n)
                    .as("tail of %s", mean)
                    .isCloseTo(expected, within(5 * Math.sqrt(expected / n)));
        }
    }

    /** All that statistics promise, often enough to notice; writes the document that a property names. */
    @Test
    @Tag("soak")
    void manyRunsOfEachCase() throws IOException {
        List<Row> rows = rows(2000);
        String tables = AccuracyDocument.tables(rows);
        System.out.println(tables);
        String document = System.getProperty("sluice.accuracy.document", "");
        if (!document.isEmpty()) {
            AccuracyDocument.write(Path.of(document), tables);
        }
        assertPromises(rows);
        // where a prototype of the same formulas was simulated before, the intervals of both have values in common
        assertOverlaps(rows, "errors 1.0 %, within 1 h", "z-test at each look, alpha 5 %", 0.321, 0.363);
        assertOverlaps(rows, "errors 0.1 %, within 6 h", "z-test at each look, alpha 5 %", 0.425, 0.469);
        assertOverlaps(
                rows, "errors 1.0 %, within 6 h", "ratio, plain, tolerance 0, no guard, alpha 5 %", 0.014, 0.027);
        assertOverlaps(
                rows, "errors 0.1 %, within 6 h", "ratio, plain, tolerance 0, no guard, alpha 5 %", 0.020, 0.034);
        assertOverlaps(
                rows,
                "latency, within 3 h",
                "exceedances of 6 thresholds, plain, tolerance 0, no guard, alpha 5 %",
                0.010,
                0.037);
        assertOverlaps(
                rows,
                "latency, within 3 h",
                "exceedances of 6 thresholds, plain, tolerance 0, no guard, alpha 1 %",
                0.002,
                0.020);
        assertOverlaps(
                rows, "errors 1.0 %, within 3 h", "ratio, onset and guard, tolerance 0, alpha 5 %", 0.006, 0.021);
        assertOverlaps(
                rows,
                "latency, within 3 h",
                "exceedances of 6 thresholds, onset and guard, tolerance 0, alpha 5 %",
                0,
                0.018);
        String kayenta = "Kayenta's judge each minute, High";
        assertOverlaps(rows, "errors 1.0 %, within 1 h", kayenta, 0.007, 0.043);
        assertOverlaps(rows, "gauges, AR(1) 0.7, within 1 h", kayenta, 0.239, 0.345);
        assertOverlaps(rows, "gauges, AR(1) 0.9, within 1 h", kayenta, 0.44, 0.555);
    }

    private static List<Row> rows(int repetitions) {
        var rows = new ArrayList<Row>(new Accuracy(SEED, repetitions).run());
        rows.addAll(new GaugeAccuracy(SEED, repetitions).run());
        rows.addAll(new OtherJudges(SEED, repetitions).run());
        return rows;
    }

    private static void assertPromises(List<Row> rows) {
        List<Row> promising = rows.stream().filter(row -> row.bound() != null).toList();
        assertThat(promising).hasSizeGreaterThan(10);
        for (Row row : promising) {
            double bound = row.bound() == null ? 1 : row.bound();
            assertThat(share(row).lower()).as("%s", row).isLessThanOrEqualTo(bound);
        }
    }

    private static void assertOverlaps(List<Row> rows, String what, String setting, double lower, double upper) {
        assertThat(rows.stream()
                        .filter(row -> row.what().equals(what) && row.setting().equals(setting)))
                .as("%s; %s", what, setting)
                .singleElement()
                .satisfies(row -> assertThat(share(row).overlaps(lower, upper))
                        .as("%s against [%s, %s]", row, lower, upper)
                        .isTrue());
    }

    private static Share share(Row row) {
        Share share = row.share();
        if (share == null) {
            throw new AssertionError(String.format(Locale.ROOT, "%s is no share", row));
        }
        return share;
    }
}
