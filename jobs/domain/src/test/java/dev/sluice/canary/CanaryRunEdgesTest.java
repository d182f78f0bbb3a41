package dev.sluice.canary;

import static dev.sluice.canary.CanaryState.FAILED;
import static dev.sluice.canary.CanaryState.INCONCLUSIVE;
import static dev.sluice.canary.CanaryState.RUNNING;
import static dev.sluice.canary.CanaryState.SUCCESSFUL;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.Exposure;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.statistics.Interval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing fails open: what cannot be compared, says nothing or is missing is never a pass. */
class CanaryRunEdgesTest {
    private static final long SEED = 20261128;
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final Duration BUCKET = CanaryConfig.DEFAULT_BUCKET;
    private static final MetricConfig.Ratio ERRORS = MetricConfig.Ratio.of("errors");
    private static final MetricConfig.Latency DURATION = MetricConfig.Latency.of("duration");

    @Test
    void aCanaryWhoseBoundsChangeIsNoLongerCompared() {
        double[] bounds = {0.1, 0.5, 1};
        Histogram good = Histogram.ofBuckets(bounds, new long[] {500, 900, 990}, 1000);
        Histogram other = Histogram.ofBuckets(new double[] {0.2, 30}, new long[] {100, 200}, 1000);
        var run = new CanaryRun(CanaryConfig.of(List.of(DURATION)), START);
        feed(run, 0, 120, t -> Map.of("duration", new HistogramBucket(good, good)));
        assertThat(run.verdict(end(120)).state()).isEqualTo(SUCCESSFUL);
        feed(run, 120, 200, t -> Map.of("duration", new HistogramBucket(good, other)));
        CanaryVerdict verdict = run.verdict(end(200));
        assertThat(verdict.state()).isEqualTo(INCONCLUSIVE);
        assertThat(verdict.reasons().get(0)).contains("duration: no data of both arms for");
        assertThat(verdict.metrics().get(0).state()).isEqualTo(INCONCLUSIVE);
        assertThat(verdict.metrics().get(0).reason())
                .contains("80 buckets left out: the histogram of an arm lacks a bound");
    }

    @Test
    void aGaugeThatFallsToNothingDoesNotPass() {
        var gauge = new MetricConfig.Gauge(
                "workers",
                Direction.DECREASE,
                new Allowance(0.1, 0),
                new Allowance(0.3, 0),
                Standing.DEFAULT,
                MetricConfig.Scale.LOG);
        var traffic = new SimulatedTraffic(SEED, 10);
        var run = new CanaryRun(CanaryConfig.of(List.of(gauge)), START);
        List<GaugeBucket> history = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            history.add(traffic.gauge(1));
        }
        run.calibrate("workers", history);
        feed(run, 0, 120, t -> Map.of("workers", traffic.gauge(1)));
        assertThat(run.verdict(end(120)).state()).isEqualTo(SUCCESSFUL);
        feed(run, 120, 125, t -> Map.of("workers", new GaugeBucket(100.0, 0.0)));
        CanaryVerdict verdict = run.verdict(end(125));
        assertThat(verdict.state()).isEqualTo(RUNNING);
        assertThat(verdict.reasons().get(0)).contains("in 5 buckets one arm alone was at 0 or below");
    }

    /** What the margin forbids must be possible, or everything would be proof against it. */
    @ParameterizedTest
    @CsvSource({"0.6, 1, 2", "0.93, 0.1, 0.5", "0.7, 0.1, 0.5"})
    void aMarginBeyondAllNeverPasses(double rate, double tolerance, double margin) {
        var errors = new MetricConfig.Ratio(
                "errors",
                Direction.INCREASE,
                new Allowance(tolerance, 0),
                new Allowance(margin, 0),
                Standing.DEFAULT,
                Exposure.REQUESTS);
        var run = new CanaryRun(CanaryConfig.of(List.of(errors)), START);
        feed(run, 0, 60, t -> Map.of("errors", new RatioBucket(rate * 9500, 9500, 500, 500)));
        CanaryVerdict verdict = run.conclude(end(60));
        assertThat(verdict.state()).isNotEqualTo(SUCCESSFUL);
        assertThat(verdict.metrics().get(0).reading().hindrance()).contains("the margin says nothing");
    }

    @Test
    void aMarginOfEverythingIsRefused() {
        assertThatThrownBy(() -> new MetricConfig.Ratio(
                        "errors",
                        Direction.INCREASE,
                        new Allowance(0, 0.5),
                        new Allowance(0, 1),
                        Standing.DEFAULT,
                        Exposure.REQUESTS))
                .hasMessageContaining("the absolute margin of a share must be below 1, it is 1.0");
    }

    @Test
    void aMarginOfAShareBelowNothingNeverPasses() {
        var duration = new MetricConfig.Latency(
                "duration",
                MetricConfig.Latency.DEFAULT_TOLERANCE,
                MetricConfig.Latency.DEFAULT_MARGIN,
                Standing.DEFAULT,
                List.of(0.5),
                List.of(0.5),
                new Allowance(0.1, 0.05),
                new Allowance(0.5, 0.3));
        double[] bounds = {0.1, 1};
        Histogram baseline = Histogram.ofBuckets(bounds, new long[] {300, 990}, 1000);
        Histogram canary = Histogram.ofBuckets(bounds, new long[] {0, 990}, 1000);
        var run = new CanaryRun(CanaryConfig.of(List.of(duration)), START);
        feed(run, 0, 60, t -> Map.of("duration", new HistogramBucket(baseline, canary)));
        CanaryVerdict verdict = run.conclude(end(60));
        assertThat(verdict.state()).isNotEqualTo(SUCCESSFUL);
        assertThat(verdict.metrics().get(0).reading().hindrance()).contains("the margin of the share says nothing");
        assertThat(verdict.metrics().get(0).reason())
                .contains(
                        "tested is the share of requests up to le 0.1, tolerated 0.9 times the baseline's - 5 %, margin"
                                + " 0.5 times the baseline's - 30 %");
    }

    /** Events in the warm-up and none afterwards: the baseline's rate now says what can be proven. */
    @Test
    void aDecreaseOfNothingIsNotDisproven() {
        var orders = new MetricConfig.Ratio(
                "orders",
                Direction.DECREASE,
                new Allowance(0.1, 0),
                new Allowance(0.5, 0.001),
                Standing.DEFAULT,
                Exposure.REQUESTS);
        var run = new CanaryRun(CanaryConfig.of(List.of(orders)), START);
        feed(run, 0, 12, t -> Map.of("orders", new RatioBucket(95, 9500, 5, 500)));
        feed(run, 12, 120, t -> Map.of("orders", new RatioBucket(0, 9500, 0, 500)));
        CanaryVerdict verdict = run.conclude(end(120));
        assertThat(verdict.metrics().get(0).reading().evidence().pass()).isGreaterThan(Math.log(20));
        assertThat(verdict.state()).isEqualTo(INCONCLUSIVE);
    }

    @Test
    void moreEventsThanRequestsAreNoData() {
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(run, 0, 60, t -> Map.of("errors", new RatioBucket(100, 9500, 600, 500)));
        CanaryVerdict verdict = run.conclude(end(60));
        assertThat(verdict.state()).isEqualTo(INCONCLUSIVE);
        assertThat(verdict.metrics().get(0).reason()).contains("60 buckets left out: more events than requests");
    }

    /** After ten minutes without a word two good buckets are no reason to pass; enough of them are. */
    @Test
    void afterAGapExposureCountsAnew() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(run, 0, 180, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(180)).state()).isEqualTo(SUCCESSFUL);
        feed(run, 240, 242, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        CanaryVerdict soon = run.verdict(end(242));
        assertThat(soon.state()).isEqualTo(RUNNING);
        assertThat(soon.reasons().get(0)).contains("2 buckets were counted, at least 6 are needed");
        feed(run, 242, 260, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(260)).state()).isEqualTo(SUCCESSFUL);
    }

    @Test
    void bucketsOfOneArmChangeNothing() {
        var one = new SimulatedTraffic(SEED, 10);
        var other = new SimulatedTraffic(SEED, 10);
        var whole = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        var gappy = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        for (int t = 0; t < 200; t++) {
            boolean ofBoth = t < 20 || t % 3 == 0;
            if (ofBoth) {
                whole.add(end(t), Map.of("errors", one.errors(0.01, 0.012)));
                gappy.add(end(t), Map.of("errors", other.errors(0.01, 0.012)));
            } else {
                gappy.add(end(t), Map.of("errors", new RatioBucket(50, 9500, 0, 0)));
            }
        }
        assertThat(gappy.verdict(end(200))).isEqualTo(whole.verdict(end(200)));
    }

    /** A history says what to expect, and what happens in the run is still seen. */
    @Test
    void theGuardOfACalibratedRunMoves() {
        List<HistogramBucket> latencies = new ArrayList<>();
        List<RatioBucket> errors = new ArrayList<>();
        var traffic = new SimulatedTraffic(SEED, 10);
        for (int i = 0; i < 8640; i++) {
            errors.add(traffic.errors(0.01, 0.01));
            latencies.add(traffic.durations(60, 20, 1));
        }
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS, DURATION)), START);
        run.calibrate("errors", errors);
        run.calibrate("duration", latencies);
        feed(run, 0, 200, t -> {
            boolean burst = t % 10 == 0;
            return Map.of(
                    "errors", traffic.errors(0.01, burst ? 0.08 : 0.003),
                    "duration", traffic.durations(60, 20, burst ? 8 : 0.8));
        });
        CanaryVerdict verdict = run.verdict(end(200));
        for (MetricVerdict metric : verdict.metrics()) {
            assertThat(metric.reason()).contains("counts vary").doesNotContain("assumes independent requests");
        }
    }

    /** A metric without data in a new stage, beside one that has some: there is a verdict, and no time to it. */
    @Test
    void aStageInWhichAMetricHasNoDataYetHasAVerdict() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS, DURATION)), START);
        feed(run, 0, 60, t -> Map.of("errors", traffic.errors(0.01, 0.01), "duration", traffic.durations(500, 100, 1)));
        Duration before = requireNonNull(
                run.verdict(end(60)).toFail() == null
                        ? Duration.ofDays(1)
                        : run.verdict(end(60)).toFail());
        run.startStage(end(60));
        feed(run, 60, 80, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        CanaryVerdict verdict = run.verdict(end(80));
        assertThat(verdict.state()).isEqualTo(RUNNING);
        assertThat(verdict.toPass()).isNull();
        assertThat(verdict.toFail() == null || verdict.toFail().compareTo(before.dividedBy(10)) > 0)
                .isTrue();
    }

    @Test
    void theHorizonEndsARun() {
        var config = CanaryConfig.of(List.of(ERRORS));
        var traffic = new SimulatedTraffic(SEED, 10);
        var run = new CanaryRun(config, START);
        feed(run, 0, 20, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(20)).state()).isEqualTo(RUNNING);
        int last = (int) (Duration.ofDays(1).toSeconds() / 10);
        run.add(end(last - 1), Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(last)).state()).isEqualTo(INCONCLUSIVE);
    }

    @Test
    void betweenToleranceAndMarginItIsUndecidable() {
        var errors = new MetricConfig.Ratio(
                "errors",
                Direction.INCREASE,
                new Allowance(0.1, 0),
                new Allowance(0.5, 0),
                Standing.DEFAULT,
                Exposure.REQUESTS);
        // neither arm varies: the evidence stays where it is, and the interval closes between the two
        var run = new CanaryRun(CanaryConfig.of(List.of(errors)), START);
        var reading = new MetricReading(
                new LogEvidence(errors, true, 1, 1),
                null,
                null,
                1.28,
                new Interval(1.15, 1.42),
                new ArmCounts(1, 1.0),
                new ArmCounts(1, 1.0),
                10,
                1000,
                START,
                null,
                "",
                List.of());
        assertThat(reading.isUndecidable()).isTrue();
        assertThat(run.conclude(START).reasons().toString()).doesNotContain("undecidable");
    }

    /** A bucket that comes late counts, and the order of arrival is that of the evidence. */
    @Test
    void lateBucketsCountForBothVerdicts() {
        var traffic = new SimulatedTraffic(SEED, 10);
        List<RatioBucket> buckets = new ArrayList<>();
        for (int t = 0; t < 60; t++) {
            buckets.add(traffic.errors(0.01, 0.01));
        }
        var whole = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(whole, 0, 60, t -> Map.of("errors", buckets.get(t)));
        var late = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        for (int t = 0; t < 60; t++) {
            if (t != 30) {
                late.add(end(t), Map.of("errors", buckets.get(t)));
            }
        }
        late.addLate(end(30), Map.of("errors", buckets.get(30)));
        MetricReading ofWhole = whole.verdict(end(60)).metrics().get(0).reading();
        MetricReading ofLate = late.verdict(end(60)).metrics().get(0).reading();
        assertThat(ofLate.canary()).isEqualTo(ofWhole.canary());
        assertThat(ofLate.evidence().pass())
                .isCloseTo(
                        ofWhole.evidence().pass(),
                        within(0.2 * Math.abs(ofWhole.evidence().pass())));
        // of the settling time, of the warm-up and of an earlier stage
        double before = ofLate.evidence().pass();
        late.addLate(end(2), Map.of("errors", new RatioBucket(95, 9500, 500, 500)));
        assertThat(late.verdict(end(60)).metrics().get(0).reading().evidence().pass())
                .isEqualTo(before);
        late.startStage(end(60));
        feed(late, 60, 75, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        double ofStage =
                late.verdict(end(75)).metrics().get(0).reading().evidence().pass();
        double ofFail =
                late.verdict(end(75)).metrics().get(0).reading().evidence().fail();
        late.addLate(end(31), Map.of("errors", new RatioBucket(95, 9500, 30, 500)));
        assertThat(late.verdict(end(75)).metrics().get(0).reading().evidence().pass())
                .isEqualTo(ofStage);
        assertThat(late.verdict(end(75)).metrics().get(0).reading().evidence().fail())
                .isNotEqualTo(ofFail);
        assertThatThrownBy(() -> late.addLate(end(80), Map.of())).hasMessageContaining("is not before");
    }

    @Test
    void aLateBucketMayBeTheProofOfAFailure() {
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(run, 0, 40, t -> Map.of("errors", new RatioBucket(95, 9500, 5, 500)));
        run.addLate(end(20).plusSeconds(0), Map.of("errors", new RatioBucket(95, 9500, 100, 500)));
        assertThat(run.verdict(end(40)).state()).isEqualTo(FAILED);
    }

    private static void feed(
            CanaryRun run, int from, int to, IntFunction<Map<String, ? extends MetricBucket>> traffic) {
        for (int t = from; t < to; t++) {
            run.add(end(t), traffic.apply(t));
        }
    }

    private static Instant end(int buckets) {
        return START.plus(BUCKET.multipliedBy(buckets));
    }
}
