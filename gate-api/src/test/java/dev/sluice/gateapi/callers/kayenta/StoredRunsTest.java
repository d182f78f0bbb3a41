package dev.sluice.gateapi.callers.kayenta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.RatioBucket;
import dev.sluice.gateapi.callers.kayenta.ExecutionRequest.Scope;
import dev.sluice.gateapi.callers.kayenta.MetricSource.ArmScope;
import dev.sluice.gateapi.callers.kayenta.MetricSource.UnfitValuesException;
import dev.sluice.wire.CanaryBucket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoredRunsTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Scope SCOPE =
            new Scope(Map.of("scope", "r1"), START, START.plusSeconds(120), Duration.ofMinutes(1));

    @Test
    void aValueIsOfTheBucketsThatBeginInItsStep() {
        List<CanaryBucket> buckets = List.of(
                bucket(-10, "errors", new RatioBucket(50, 50, 50, 50)),
                bucket(0, "errors", new RatioBucket(1, 100, 3, 10)),
                bucket(59, "errors", new RatioBucket(2, 50, 0, 10)),
                bucket(60, "errors", new RatioBucket(0, 0, 1, 4)),
                bucket(180, "errors", new RatioBucket(50, 50, 50, 50)));

        assertThat(values(buckets, "errors", false)).containsExactly(3 / 150.0, Double.NaN, Double.NaN);
        assertThat(values(buckets, "errors", true)).containsExactly(3 / 20.0, 0.25, Double.NaN);
        assertThat(values(buckets, "other", true)).containsOnly(Double.NaN);
    }

    @Test
    void ofAGaugeItIsTheMean() {
        List<CanaryBucket> buckets = List.of(
                bucket(0, "cpu", new GaugeBucket(1.0, null)),
                bucket(10, "cpu", new GaugeBucket(2.0, 5.0)),
                bucket(60, "cpu", new GaugeBucket(null, -1.0)));

        assertThat(values(buckets, "cpu", false)).containsExactly(1.5, Double.NaN, Double.NaN);
        assertThat(values(buckets, "cpu", true)).containsExactly(5.0, -1.0, Double.NaN);
    }

    @Test
    void aHistogramIsNoValue() {
        var bucket = bucket(0, "latency", new HistogramBucket(Histogram.empty(), Histogram.empty()));

        assertThatThrownBy(() -> values(List.of(bucket), "latency", true))
                .isInstanceOf(UnfitValuesException.class)
                .hasMessage("metric latency was measured as a histogram, of which no values are made");
    }

    private static List<Double> values(List<CanaryBucket> buckets, String metric, boolean isCanary) {
        return StoredRuns.series(buckets, metric, new ArmScope(SCOPE, isCanary)).values();
    }

    private static CanaryBucket bucket(long second, String metric, MetricBucket bucket) {
        return CanaryBucket.of(
                "acme", "r1", START.plusSeconds(second), Map.of(metric, new Measured(bucket, Pods.UNKNOWN)));
    }
}
