package dev.sluice.canary.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.CanaryConfig;
import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.Direction;
import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.Standing;
import dev.sluice.canary.evidence.Allowance;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Halves;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PastBucketsTest {
    private static final long SEED = 20261129;
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final BucketClock CLOCK = BucketClock.of(Duration.ofSeconds(10));
    private static final MetricConfig CPU = gauge("cpu");
    private static final CanaryConfig CONFIG = CanaryConfig.of(List.of(CPU, gauge("memory")));

    /** The span is that of the metric with the longest one, and a hole is in it. */
    @Test
    void theSpanIsFromTheFirstToTheLast() {
        var past = new PastBuckets(CLOCK);
        for (long number = 0; number < 400; number += 4) {
            past.add("cpu", number, new GaugeBucket(1.0, 1.1));
        }
        past.add("memory", 100, new GaugeBucket(1.0, 1.1));

        assertThat(past.teach(new CanaryRun(CONFIG, START))).isEqualTo(Duration.ofSeconds(3970));
        assertThat(new PastBuckets(CLOCK).teach(new CanaryRun(CONFIG, START))).isZero();
    }

    @Test
    void theRunIsCalibratedByEachMetric() {
        var random = new Random(SEED);
        var past = new PastBuckets(CLOCK);
        var expected = new CanaryRun(CONFIG, START);
        List<GaugeBucket> buckets = new ArrayList<>();
        for (int number = 0; number < 300; number++) {
            buckets.add(new GaugeBucket(1 + random.nextDouble(), 1 + random.nextDouble()));
            past.add("cpu", number, buckets.get(number));
        }
        expected.calibrate("cpu", buckets);
        var taught = new CanaryRun(CONFIG, START);
        past.teach(taught);

        assertThat(taught.saved()).isEqualTo(expected.saved());
        assertThat(taught.saved()).isNotEqualTo(new CanaryRun(CONFIG, START).saved());
    }

    @Test
    void bucketsComeInOrder() {
        var past = new PastBuckets(CLOCK);
        past.add("cpu", 7, new GaugeBucket(1.0, 1.0));
        past.add("memory", 7, new GaugeBucket(1.0, 1.0));
        assertThatThrownBy(() -> past.add("cpu", 7, new GaugeBucket(1.0, 1.0)))
                .hasMessageContaining("bucket 7 is not after 7");
    }

    /** What is known of halves and counters can be kept between buckets: what goes on by it makes the same buckets. */
    @Test
    void halvesThatWereKeptGoOn() throws IOException {
        var halves = new Halves();
        var whole = new TwoHalves(CPU, halves);
        assertThat(whole.of(levels(1, 2, 3), counters())).contains(new GaugeBucket(2.0, 2.0));
        var kept = new Halves();
        kept.load(new DataInputStream(new ByteArrayInputStream(halves.saved())));

        // the first pod is gone: the others stay in their halves
        List<SamplePoint> later = levels(1, 2, 3).subList(1, 3);
        assertThat(new TwoHalves(CPU, kept).of(later, counters())).contains(new GaugeBucket(3.0, 2.0));
        assertThat(whole.of(later, counters())).contains(new GaugeBucket(3.0, 2.0));
        assertThat(whole.of(levels(5), counters())).isEmpty();
    }

    private static Counters counters() {
        return new Counters(Map.of());
    }

    private static MetricConfig gauge(String name) {
        return new MetricConfig.Gauge(
                name,
                Direction.INCREASE,
                new Allowance(0.1, 0),
                new Allowance(0.3, 0),
                Standing.DEFAULT,
                MetricConfig.Scale.LOG);
    }

    private static List<SamplePoint> levels(double... levels) {
        List<SamplePoint> points = new ArrayList<>();
        for (int pod = 0; pod < levels.length; pod++) {
            var series = new Series("{pod=" + pod + "}", "pod-" + pod, "", "");
            points.add(new SamplePoint("cpu", Arm.BASELINE, series, START, new Measure.Level(levels[pod])));
        }
        return points;
    }
}
