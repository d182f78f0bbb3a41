package dev.sluice.wire;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.RatioBucket;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CanaryBucketTest {
    private static final Instant BEGIN = Instant.parse("2026-11-29T12:00:00Z");

    @Test
    void whatIsReadIsWhatWasWritten() {
        Map<String, Measured> measured = Map.of(
                "errors",
                        new Measured(
                                new RatioBucket(1, 10, 2, 20),
                                pods(new RatioBucket(1, 6, 0, 0), new RatioBucket(0, 4, 0, 0))),
                "cpu",
                        new Measured(
                                new GaugeBucket(0.25, null),
                                pods(new GaugeBucket(0.5, null), new GaugeBucket(0.0, null))),
                "alone", new Measured(new GaugeBucket(null, 3.0), Pods.UNKNOWN),
                "by route",
                        new Measured(
                                new RatioBucket(1, 10, 2, 20),
                                Pods.UNKNOWN,
                                new TreeMap<>(Map.of(
                                        "route=/a",
                                        new RatioBucket(1, 6, 0, 0),
                                        "route=/b",
                                        new RatioBucket(0, 4, 2, 20)))));

        CanaryBucket read = Json.read(Json.bytes(CanaryBucket.of("acme", "r1", BEGIN, measured)), CanaryBucket.class);

        assertThat(read.toDomain()).isEqualTo(measured);
        assertThat(read.metrics().path("errors").path("pods").toString())
                .isEqualTo("{\"canary\":2,\"baseline\":{\"a\":{\"events\":1.0,\"exposure\":6.0},"
                        + "\"b\":{\"events\":0.0,\"exposure\":4.0}}}");
        assertThat(read.metrics().path("alone").has("pods")).isFalse();
        assertThat(read.metrics().path("alone").has("segments")).isFalse();
        CanaryBucket withoutParts = read.withoutParts();
        assertThat(requireNonNull(withoutParts.toDomain().get("by route")))
                .isEqualTo(new Measured(new RatioBucket(1, 10, 2, 20), Pods.UNKNOWN));
        assertThat(requireNonNull(withoutParts.toDomain().get("errors")).pods()).isEqualTo(Pods.UNKNOWN);
    }

    @Test
    void histogramsOfPodsAreKept() {
        Histogram of = Histogram.ofBuckets(new double[] {0.1, 1}, new long[] {3, 5}, 6);
        Histogram none = Histogram.sum(List.of());
        var measured = new Measured(
                new HistogramBucket(of, of), pods(new HistogramBucket(of, none), new HistogramBucket(of, none)));

        CanaryBucket written = CanaryBucket.of("acme", "r1", BEGIN, Map.of("duration", measured));
        CanaryBucket read = Json.read(Json.bytes(written), CanaryBucket.class);

        assertThat(CanaryBucket.of("acme", "r1", BEGIN, read.toDomain())).isEqualTo(written);
        Measured kept = requireNonNull(read.toDomain().get("duration"));
        var pod = (HistogramBucket) requireNonNull(kept.pods().baseline().get("a"));
        assertThat(pod.baseline().countAbove(0.1)).isEqualTo(3);
        assertThat(pod.baseline().total()).isEqualTo(6);
    }

    private static Pods pods(MetricBucket a, MetricBucket b) {
        return new Pods(new TreeMap<>(Map.of("a", a, "b", b)), 2);
    }
}
