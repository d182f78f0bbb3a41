package dev.sluice.canary;

import static dev.sluice.canary.CanaryState.FAILED;
import static dev.sluice.canary.CanaryState.INCONCLUSIVE;
import static dev.sluice.canary.CanaryState.PENDING;
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
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CanaryRunTest {
    private static final long SEED = 20261128;
    private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");
    private static final Duration BUCKET = CanaryConfig.DEFAULT_BUCKET;
    /** Six buckets of settling and six of warm-up come before the first that counts. */
    private static final int BEFORE_COUNTING = 12;

    private static final MetricConfig.Ratio ERRORS = errors("errors", new Standing(Standing.NORMAL, true));
    private static final MetricConfig.Latency DURATION = latency(MetricConfig.Latency.DEFAULT_FAIL_QUANTILES);
    private static final MetricConfig.Gauge CPU = new MetricConfig.Gauge(
            "cpu",
            Direction.INCREASE,
            MetricConfig.Gauge.DEFAULT_TOLERANCE,
            MetricConfig.Gauge.DEFAULT_MARGIN,
            new Standing(Standing.NORMAL, true),
            MetricConfig.Scale.LOG);

    @Test
    void aGoodCanaryPasses() {
        for (int i = 0; i < 20; i++) {
            var traffic = new SimulatedTraffic(SEED + i, 10);
            CanaryVerdict verdict =
                    run(CanaryConfig.of(List.of(ERRORS)), 180, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
            assertThat(verdict.state())
                    .as("seed %d: %s", SEED + i, verdict.reasons())
                    .isEqualTo(SUCCESSFUL);
            assertThat(verdict.metrics().get(0).reading().evidence().pass()).isGreaterThanOrEqualTo(Math.log(20));
            assertThat(verdict.reasons().get(0)).contains(" in the baseline", "proof that it is within the margin");
        }
    }

    @Test
    void aBadCanaryFailsSoon() {
        for (int i = 0; i < 20; i++) {
            var traffic = new SimulatedTraffic(SEED + i, 10);
            CanaryVerdict verdict =
                    run(CanaryConfig.of(List.of(ERRORS)), 60, t -> Map.of("errors", traffic.errors(0.01, 0.03)));
            assertThat(verdict.state()).as("seed %d", SEED + i).isEqualTo(FAILED);
            Duration counted = Duration.between(START, verdict.at()).minus(BUCKET.multipliedBy(BEFORE_COUNTING));
            assertThat(counted).as("seed %d", SEED + i).isLessThanOrEqualTo(Duration.ofMinutes(2));
            assertThat(verdict.metrics().get(0).state()).isEqualTo(FAILED);
            assertThat(verdict.logE()).isGreaterThanOrEqualTo(Math.log(100));
        }
    }

    /** The bound is 1 %; it is met with room, since the tolerance is 10 %. */
    @Test
    void falseAlarmsAreRare() {
        int failed = 0;
        for (int i = 0; i < 300; i++) {
            var traffic = new SimulatedTraffic(SEED + i, 10);
            CanaryVerdict verdict =
                    run(CanaryConfig.of(List.of(ERRORS)), 180, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
            failed += verdict.state() == FAILED ? 1 : 0;
        }
        assertThat(failed).as("of 300 runs, seeds from %d", SEED).isLessThanOrEqualTo(3);
    }

    @Test
    void aCanaryThatIsBadLateFailsAndAFailureLatches() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(run, 0, 360, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(360)).state()).isEqualTo(SUCCESSFUL);
        feed(run, 360, 380, t -> Map.of("errors", traffic.errors(0.01, 0.04)));
        CanaryVerdict failed = run.verdict(end(380));
        assertThat(failed.state()).isEqualTo(FAILED);
        assertThat(failed.at()).isBetween(end(361), end(366));
        feed(run, 380, 900, t -> Map.of("errors", traffic.errors(0.01, 0.001)));
        assertThat(run.verdict(end(900))).isEqualTo(failed);
        assertThat(run.conclude(end(900))).isEqualTo(failed);
    }

    @Test
    void whatWasProvenInAStageDoesNotCountInTheNext() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(run, 0, 200, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(200)).state()).isEqualTo(SUCCESSFUL);
        run.startStage(end(200));
        feed(run, 200, 206, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(206)).state()).as("settling").isEqualTo(PENDING);
        feed(run, 206, 209, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        CanaryVerdict soon = run.verdict(end(209));
        assertThat(soon.state()).isEqualTo(RUNNING);
        assertThat(soon.reasons().get(0)).contains("3 buckets were counted, at least 6 are needed");
        feed(run, 209, 300, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(300)).state()).isEqualTo(SUCCESSFUL);
    }

    @Test
    void aChangeOfTrafficIsNotCounted() {
        // after the change slow requests of before it end: the canary seems to have far more errors
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        var traffic = new SimulatedTraffic(SEED, 10);
        feed(run, 0, 60, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        run.changeTraffic(end(60).minusSeconds(3));
        feed(run, 60, 65, t -> Map.of("errors", traffic.errors(0.01, 0.9)));
        feed(run, 66, 100, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(100)).state()).isNotEqualTo(FAILED);
        var without = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        var same = new SimulatedTraffic(SEED, 10);
        feed(without, 0, 60, t -> Map.of("errors", same.errors(0.01, 0.01)));
        feed(without, 60, 65, t -> Map.of("errors", same.errors(0.01, 0.9)));
        assertThat(without.verdict(end(65)).state()).isEqualTo(FAILED);
    }

    @Test
    void noErrorsAnywherePassByTheAbsoluteMargin() {
        CanaryVerdict verdict =
                run(CanaryConfig.of(List.of(ERRORS)), 60, t -> Map.of("errors", new RatioBucket(0, 9500, 0, 500)));
        assertThat(verdict.state()).isEqualTo(SUCCESSFUL);
        MetricConfig.Ratio relative = new MetricConfig.Ratio(
                "errors",
                Direction.INCREASE,
                new Allowance(0.1, 0),
                new Allowance(0.5, 0),
                new Standing(1, true),
                Exposure.REQUESTS);
        CanaryVerdict never =
                run(CanaryConfig.of(List.of(relative)), 2000, t -> Map.of("errors", new RatioBucket(0, 9500, 0, 500)));
        assertThat(never.state()).isEqualTo(INCONCLUSIVE);
        assertThat(never.metrics().get(0).reading().evidence().pass()).isZero();
    }

    @Test
    void errorsOnlyInTheCanaryFail() {
        CanaryVerdict verdict =
                run(CanaryConfig.of(List.of(ERRORS)), 40, t -> Map.of("errors", new RatioBucket(0, 9500, 3, 500)));
        assertThat(verdict.state()).isEqualTo(FAILED);
        assertThat(verdict.reasons().get(0)).contains("0.6 % against 0 % in the baseline");
    }

    @Test
    void withoutDataNothingIsDecided() {
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        assertThat(run.verdict(START).state()).isEqualTo(PENDING);
        assertThat(run.verdict(START.plusSeconds(300)).state()).isEqualTo(PENDING);
        CanaryVerdict late = run.verdict(START.plusSeconds(301));
        assertThat(late.state()).isEqualTo(INCONCLUSIVE);
        assertThat(late.reasons().get(0)).contains("errors: no data of both arms for");
    }

    /** While nothing counts it is said what the run waits for, of each kind of metric alike. */
    @Test
    void whatARunWaitsForIsSaid() {
        var traffic = new SimulatedTraffic(SEED, 10);
        IntFunction<Map<String, ? extends MetricBucket>> both = t -> Map.of(
                "errors",
                traffic.errors(0.01, 0.01),
                "duration",
                traffic.durations(300, 60, 1),
                "cpu",
                traffic.gauge(1));
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS, DURATION, CPU)), START);
        assertWaits(run, 0, "settling until 2026-11-28T12:01:00Z, no data of either arm yet");
        feed(run, 0, 2, t -> Map.of("errors", new RatioBucket(0, 0, 4, 500)));
        assertThat(run.verdict(end(2)).metrics().get(0).reason())
                .startsWith("settling until 2026-11-28T12:01:00Z, no data of the baseline yet; ");
        feed(run, 2, 5, both);
        assertWaits(run, 5, "settling until 2026-11-28T12:01:00Z");
        feed(run, 5, 6, both);
        assertWaits(run, 6, "warming up with 0 of 6 buckets");
        feed(run, 6, 9, both);
        assertWaits(run, 9, "warming up with 3 of 6 buckets");
        feed(run, 9, 12, both);
        assertThat(run.verdict(end(12)).metrics())
                .allSatisfy(metric -> assertThat(metric.reason()).startsWith("nothing was counted yet; "));
        feed(run, 12, 13, both);
        assertThat(run.verdict(end(13)).metrics())
                .allSatisfy(metric -> assertThat(metric.reason()).contains(" in the baseline"));
        run.startStage(end(13));
        feed(run, 13, 14, both);
        assertThat(run.verdict(end(14)).reasons())
                .contains("errors: settling until 2026-11-28T12:03:10Z; 0 buckets were counted, at least 6 are needed");
    }

    private static void assertWaits(CanaryRun run, int buckets, String waiting) {
        CanaryVerdict verdict = run.verdict(end(buckets));
        assertThat(verdict.state()).isEqualTo(PENDING);
        assertThat(verdict.reasons())
                .contains("errors: " + waiting + "; 0 buckets were counted, at least 6 are needed");
        assertThat(verdict.metrics())
                .allSatisfy(metric -> assertThat(metric.reason()).startsWith(waiting + "; "));
    }

    @Test
    void whichArmHasNoDataIsSaid() {
        RatioBucket baseline = new RatioBucket(10, 9500, 0, 0);
        RatioBucket canary = new RatioBucket(0, 0, 4, 500);
        RatioBucket impossible = new RatioBucket(10, 9500, 600, 500);
        assertThat(reasonAfter(t -> Map.of("errors", baseline))).startsWith("no data of the canary yet; ");
        assertThat(reasonAfter(t -> Map.of("errors", canary))).startsWith("no data of the baseline yet; ");
        for (RatioBucket odd : List.of(canary, impossible)) {
            assertThat(reasonAfter(t -> Map.of("errors", t % 2 == 0 ? baseline : odd)))
                    .startsWith("no bucket yet with data of both arms that can be compared; ");
        }
    }

    private static String reasonAfter(IntFunction<Map<String, ? extends MetricBucket>> traffic) {
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(run, 0, 10, traffic);
        return run.verdict(end(10)).metrics().get(0).reason();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneArmAloneDecidesNothing(boolean baseline) {
        CanaryVerdict verdict = run(
                CanaryConfig.of(List.of(ERRORS)),
                100,
                t -> Map.of("errors", baseline ? new RatioBucket(10, 9500, 0, 0) : new RatioBucket(0, 0, 400, 500)));
        assertThat(verdict.state()).isEqualTo(INCONCLUSIVE);
        assertThat(verdict.metrics().get(0).reading().estimate()).isNull();
    }

    @Test
    void aCanaryThatFallsSilentDoesNotPass() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(run, 0, 180, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(180)).state()).isEqualTo(SUCCESSFUL);
        assertThat(run.verdict(end(180).plusSeconds(301)).state()).isEqualTo(INCONCLUSIVE);
    }

    /** However good, and however many requests they have. */
    @Test
    void onePointASideDecidesNothing() {
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(run, 12, 13, t -> Map.of("errors", new RatioBucket(10, 1e9, 0, 1e9)));
        assertThat(run.verdict(end(13)).state()).isEqualTo(PENDING);
        assertThat(run.conclude(end(13)).state()).isEqualTo(INCONCLUSIVE);
    }

    /** An hour is missing, then a day: what was proven before is no pass, and what comes first after it neither. */
    @Test
    void aClockThatJumpsAheadProvesNothing() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        feed(run, 0, 180, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        assertThat(run.verdict(end(180)).state()).isEqualTo(SUCCESSFUL);
        for (int bucket : new int[] {540, 8000}) {
            assertThat(run.verdict(START.plusSeconds(10L * bucket)).state())
                    .as("before bucket %d", bucket)
                    .isEqualTo(INCONCLUSIVE);
            feed(run, bucket, bucket + 5, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
            assertThat(run.verdict(end(bucket + 5)).state())
                    .as("after bucket %d", bucket)
                    .isEqualTo(RUNNING);
        }
    }

    @Test
    void fewRequestsDoNotPass() {
        var config = CanaryConfig.of(List.of(ERRORS));
        CanaryVerdict verdict = run(config, 100, t -> Map.of("errors", new RatioBucket(0, 9500, 0, 5)));
        assertThat(verdict.state()).isEqualTo(INCONCLUSIVE);
        assertThat(verdict.reasons().get(0)).contains("440 requests in an arm, at least 500 are needed");
    }

    @Test
    void advisoryMetricsDecideNothing() {
        MetricConfig.Ratio advisory = errors("advisory", Standing.ADVISORY);
        var traffic = new SimulatedTraffic(SEED, 10);
        CanaryVerdict alone =
                run(CanaryConfig.of(List.of(advisory)), 60, t -> Map.of("advisory", traffic.errors(0.01, 0.5)));
        assertThat(alone.state()).isEqualTo(INCONCLUSIVE);
        assertThat(alone.reasons().get(0)).startsWith("no required metric");
        CanaryVerdict beside = run(
                CanaryConfig.of(List.of(ERRORS, advisory)),
                180,
                t -> Map.of("errors", traffic.errors(0.01, 0.01), "advisory", traffic.errors(0.01, 0.5)));
        assertThat(beside.state()).isEqualTo(SUCCESSFUL);
        assertThat(beside.metrics().get(1).state()).isEqualTo(INCONCLUSIVE);
        assertThat(beside.metrics().get(1).reason()).contains("advisory by configuration");
    }

    @Test
    void gaugesDecideOnceTheyAreCalibrated() {
        var traffic = new SimulatedTraffic(SEED, 10);
        CanaryVerdict advisory = run(CanaryConfig.of(List.of(CPU)), 300, t -> Map.of("cpu", traffic.gauge(3)));
        assertThat(advisory.state()).isEqualTo(INCONCLUSIVE);
        assertThat(advisory.metrics().get(0).reason()).contains("advisory: a gauge without history");
        assertThat(requireNonNull(advisory.metrics().get(0).reading().estimate()))
                .isCloseTo(3, within(0.1));
        assertThat(calibrated(traffic, 1.25).state()).isEqualTo(FAILED);
        assertThat(calibrated(traffic, 1).state()).isEqualTo(SUCCESSFUL);
    }

    private static CanaryVerdict calibrated(SimulatedTraffic traffic, double times) {
        var run = new CanaryRun(CanaryConfig.of(List.of(CPU)), START);
        List<GaugeBucket> history = new ArrayList<>();
        for (int i = 0; i < 1024; i++) {
            history.add(traffic.gauge(1));
        }
        run.calibrate("cpu", history);
        feed(run, 0, 200, t -> Map.of("cpu", traffic.gauge(times)));
        assertThatThrownBy(() -> run.calibrate("cpu", history)).hasMessageContaining("frozen");
        return run.conclude(end(200));
    }

    @Test
    void gaugesWithoutALogarithmAreLeftOut() {
        var traffic = new SimulatedTraffic(SEED, 10);
        CanaryVerdict verdict = run(
                CanaryConfig.of(List.of(CPU)),
                60,
                t -> Map.of("cpu", t % 2 == 0 ? new GaugeBucket(0.0, 5.0) : traffic.gauge(1)));
        assertThat(verdict.metrics().get(0).reason()).contains("30 buckets left out");
        assertThat(verdict.metrics().get(0).reading().canary().n()).isEqualTo(21);
    }

    @Test
    void slowerRequestsFailAndEqualOnesPass() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var config = CanaryConfig.of(List.of(DURATION));
        CanaryVerdict slow = run(config, 80, t -> Map.of("duration", traffic.durations(3000, 400, 1.3)));
        assertThat(slow.state()).isEqualTo(FAILED);
        MetricReading reading = slow.metrics().get(0).reading();
        assertThat(requireNonNull(reading.estimate())).isBetween(1.15, 1.5);
        assertThat(slow.reasons().get(0))
                .contains("duration: p", "times as much", ", tolerated 1.05, margin 1.2; ")
                .doesNotContain("share");
        CanaryVerdict equal = run(config, 120, t -> Map.of("duration", traffic.durations(3000, 400, 1)));
        assertThat(equal.state()).as("%s", equal.reasons()).isEqualTo(SUCCESSFUL);
        MetricReading ofEqual = equal.metrics().get(0).reading();
        assertThat(ofEqual.interval().lower()).isLessThan(1);
        assertThat(ofEqual.interval().upper()).isGreaterThan(1);
    }

    /** A pass needs each of its quantiles: a canary whose tail alone is slow has a good median and does not pass. */
    @Test
    void aSlowTailDoesNotPassForItsGoodMedian() {
        var config = CanaryConfig.of(List.of(latency(List.of(0.5))));
        CanaryVerdict verdict = run(config, 120, t -> Map.of("duration", tail(new SimulatedTraffic(SEED + t, 10))));
        assertThat(verdict.state()).isEqualTo(INCONCLUSIVE);
        assertThat(verdict.reasons().get(0)).contains("p99");
    }

    private static HistogramBucket tail(SimulatedTraffic traffic) {
        HistogramBucket equal = traffic.durations(3000, 380, 1);
        HistogramBucket slow = traffic.durations(1, 20, 6);
        return new HistogramBucket(equal.baseline(), equal.canary().plus(slow.canary()));
    }

    @Test
    void betweenCoarseBoundsSharesAreCompared() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var config = CanaryConfig.of(List.of(DURATION));
        CanaryVerdict slow = run(config, 80, t -> Map.of("duration", traffic.coarseDurations(3000, 400, 1.5)));
        assertThat(slow.state()).isEqualTo(FAILED);
        assertThat(slow.metrics().get(0).reason()).contains("no bound of the histogram is near 1.05 times");
        assertThat(slow.reasons().get(0))
                .containsPattern("; tested is the share of requests slower than le [0-9.]+, tolerated 1.1 times the"
                        + " baseline's, margin 1.5 times the baseline's; proof that it is beyond")
                .doesNotContain("tolerated 1.05");
        CanaryVerdict equal = run(config, 360, t -> Map.of("duration", traffic.coarseDurations(3000, 400, 1)));
        assertThat(equal.state()).as("%s", equal.reasons()).isEqualTo(SUCCESSFUL);
    }

    @Test
    void armsWithoutABoundInCommonNeverPass() {
        Histogram one = Histogram.ofBuckets(new double[] {0.1, 1}, new long[] {500, 900}, 1000);
        Histogram other = Histogram.ofBuckets(new double[] {0.2, 2}, new long[] {500, 900}, 1000);
        CanaryVerdict verdict =
                run(CanaryConfig.of(List.of(DURATION)), 60, t -> Map.of("duration", new HistogramBucket(one, other)));
        assertThat(verdict.state()).isEqualTo(INCONCLUSIVE);
        assertThat(verdict.reasons().get(0)).contains("no bound in common");
    }

    /** "At least this much less" cannot be true of almost nothing: such a margin would pass in the first bucket. */
    @ParameterizedTest
    @EnumSource(names = {"DECREASE", "EITHER"})
    void aMarginBelowNothingNeverPasses(Direction direction) {
        var orders = new MetricConfig.Ratio(
                "orders",
                direction,
                new Allowance(0.05, 0),
                new Allowance(0.2, 0.001),
                new Standing(1, true),
                Exposure.REQUESTS);
        CanaryVerdict verdict =
                run(CanaryConfig.of(List.of(orders)), 60, t -> Map.of("orders", new RatioBucket(1, 9500, 0, 500)));
        assertThat(verdict.state()).isNotEqualTo(SUCCESSFUL);
        assertThat(verdict.metrics().get(0).reason()).contains("the margin says nothing");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.6, 1.6})
    void eitherDirectionFailsBothWays(double times) {
        var traffic = new SimulatedTraffic(SEED, 10);
        var hits = new MetricConfig.Ratio(
                "hits",
                Direction.EITHER,
                new Allowance(0.05, 0),
                new Allowance(0.3, 0),
                new Standing(1, true),
                Exposure.REQUESTS);
        var config = CanaryConfig.of(List.of(hits));
        assertThat(run(config, 60, t -> Map.of("hits", traffic.errors(0.3, 0.3 * times)))
                        .state())
                .isEqualTo(FAILED);
        assertThat(run(config, 60, t -> Map.of("hits", traffic.errors(0.3, 0.3)))
                        .state())
                .isEqualTo(SUCCESSFUL);
    }

    @Test
    void theBadMetricOfSeveralIsNamed() {
        MetricConfig.Ratio other = errors("other", new Standing(Standing.NORMAL, true));
        var traffic = new SimulatedTraffic(SEED, 10);
        CanaryVerdict verdict = run(
                CanaryConfig.of(List.of(other, ERRORS)),
                60,
                t -> Map.of("other", traffic.errors(0.01, 0.01), "errors", traffic.errors(0.01, 0.05)));
        assertThat(verdict.state()).isEqualTo(FAILED);
        assertThat(verdict.reasons()).hasSize(2);
        assertThat(verdict.reasons().get(0)).startsWith("errors: ");
        assertThat(verdict.metrics().get(0).state()).isNotEqualTo(FAILED);
        assertThat(verdict.metrics().get(1).state()).isEqualTo(FAILED);
    }

    /** Much traffic, with a margin that all that is known is within: a pass has a latest time. */
    @Test
    void theTimeToAPassHasARange() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var wide = new MetricConfig.Ratio(
                "errors",
                Direction.INCREASE,
                new Allowance(0.1, 0),
                new Allowance(9, 0),
                Standing.DEFAULT,
                Exposure.REQUESTS);
        var run = new CanaryRun(CanaryConfig.of(List.of(wide)), START);
        feed(run, 0, 15, t -> Map.of("errors", traffic.errors(0.01, 0.01)));
        CanaryVerdict verdict = run.verdict(end(15));
        CanaryVerdict.TimeRange range = requireNonNull(verdict.toPassRange());
        Duration toPass = requireNonNull(verdict.toPass());
        assertThat(range.least()).isLessThanOrEqualTo(toPass);
        assertThat(requireNonNull(range.most())).isGreaterThanOrEqualTo(toPass);
    }

    @Test
    void theTimeToAPassShrinks() {
        var traffic = new SimulatedTraffic(SEED, 10);
        var slow = CanaryConfig.of(List.of(errors("errors", new Standing(1, true))));
        var run = new CanaryRun(slow, START);
        feed(run, 0, 20, t -> Map.of("errors", traffic.errors(0.002, 0.002)));
        CanaryVerdict early = run.verdict(end(20));
        assertThat(early.state()).isEqualTo(RUNNING);
        assertThat(requireNonNull(early.toPass())).isBetween(Duration.ofSeconds(30), Duration.ofHours(1));
        // at the upper end of what is known so early the canary would be beyond its margin
        CanaryVerdict.TimeRange range = requireNonNull(early.toPassRange());
        assertThat(range.least()).isLessThan(early.toPass());
        assertThat(range.most()).isNull();
        assertThat(run.conclude(end(20)).reasons().toString()).contains("a pass would take about");
    }

    @Test
    void bucketsMustComeInTheirOrder() {
        var run = new CanaryRun(CanaryConfig.of(List.of(ERRORS)), START);
        run.add(START, Map.of());
        assertThatThrownBy(() -> run.add(START, Map.of())).hasMessageContaining("is not after");
        assertThatThrownBy(() -> run.add(end(1), Map.of("unknown", new RatioBucket(0, 1, 0, 1))))
                .hasMessageContaining("no metric of the config is named unknown");
        assertThatThrownBy(() -> run.add(end(2), Map.of("errors", new GaugeBucket(1.0, 1.0))))
                .hasMessageContaining("is not a RatioBucket");
    }

    private static MetricConfig.Ratio errors(String name, Standing standing) {
        return new MetricConfig.Ratio(
                name,
                Direction.INCREASE,
                MetricConfig.Ratio.DEFAULT_TOLERANCE,
                MetricConfig.Ratio.DEFAULT_MARGIN,
                standing,
                Exposure.REQUESTS);
    }

    private static MetricConfig.Latency latency(List<Double> failQuantiles) {
        return new MetricConfig.Latency(
                "duration",
                MetricConfig.Latency.DEFAULT_TOLERANCE,
                MetricConfig.Latency.DEFAULT_MARGIN,
                new Standing(Standing.NORMAL, true),
                failQuantiles,
                MetricConfig.Latency.DEFAULT_PASS_QUANTILES,
                MetricConfig.Latency.DEFAULT_SHARE_TOLERANCE,
                MetricConfig.Latency.DEFAULT_SHARE_MARGIN);
    }

    private static CanaryVerdict run(
            CanaryConfig config, int buckets, IntFunction<Map<String, ? extends MetricBucket>> traffic) {
        var run = new CanaryRun(config, START);
        feed(run, 0, buckets, traffic);
        return run.conclude(end(buckets));
    }

    private static void feed(
            CanaryRun run, int from, int to, IntFunction<Map<String, ? extends MetricBucket>> traffic) {
        for (int t = from; t < to; t++) {
            run.add(end(t), traffic.apply(t));
        }
    }

    /** The end of so many buckets, and the begin of the next. */
    private static Instant end(int buckets) {
        return START.plus(BUCKET.multipliedBy(buckets));
    }
}
