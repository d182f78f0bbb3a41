package dev.sluice.canaryjob.learn;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class LearnedRowTest {
    /** What a bucket of 10 s has room in. */
    private static final int ROOM = LearnedBuckets.MOST_BYTES / 9360;

    private static final MetricBucket RATIO = new RatioBucket(1, 20, 0.5, 30);
    private static final MetricBucket GAUGE = new GaugeBucket(1.5, -2.0);

    @Test
    void whatIsReadIsWhatWasWritten() throws Exception {
        HistogramBucket wide = exponential(7);
        var writer = new LearnedRow.Writer(-3, ROOM);
        assertThat(writer.isEmpty()).isTrue();
        assertThat(writer.add("latency", wide)).isTrue();
        assertThat(writer.add("errors", RATIO)).isTrue();
        assertThat(writer.add("memory", GAUGE)).isTrue();
        assertThat(writer.isEmpty()).isFalse();

        LearnedRow read = LearnedRow.read(writer.bytes());
        assertThat(read.number()).isEqualTo(-3);
        assertThat(read.metrics()).contains(entry("errors", RATIO), entry("memory", GAUGE));
        HistogramBucket histogram = latency(read.metrics());
        assertThat(histogram.baseline().bounds()).isEqualTo(wide.baseline().bounds());
        assertThat(histogram.baseline().upTo()).isEqualTo(wide.baseline().upTo());
        assertThat(histogram.canary().bounds()).isEqualTo(wide.canary().bounds());
        assertThat(histogram.canary().upTo()).isEqualTo(wide.canary().upTo());
        assertThat(histogram.canary().total()).isEqualTo(wide.canary().total());
    }

    /** Two halves of an exponential histogram with requests between hundreds of bounds. */
    @Test
    void aWideHistogramHasRoom() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            assertThat(new LearnedRow.Writer(1, ROOM).add("latency", exponential(seed)))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void whatHasNoRoomIsLeftOut_andTheNextIsNot() throws Exception {
        var writer = new LearnedRow.Writer(1, 60);
        assertThat(writer.add("errors", RATIO)).isTrue();
        assertThat(writer.add("latency", exponential(1))).isFalse();
        assertThat(writer.add("load", RATIO)).isFalse();
        assertThat(writer.add("", GAUGE)).isFalse();
        assertThat(LearnedRow.read(writer.bytes()).metrics()).containsExactly(entry("errors", RATIO));
    }

    private static HistogramBucket latency(SortedMap<String, MetricBucket> metrics) {
        return (HistogramBucket) requireNonNull(metrics.get("latency"));
    }

    /** As exponential histograms are received: between the eighth powers of two from 2^-20 to 2^14. */
    private static HistogramBucket exponential(int seed) {
        var random = new Random(seed);
        return new HistogramBucket(half(random), half(random));
    }

    private static Histogram half(Random random) {
        var bounds = new double[34 * 8 + 1];
        var upTo = new long[bounds.length];
        long sum = 0;
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = StrictMath.pow(2, i / 8.0 - 20);
            sum += i < 60 || i > 200 ? 0 : random.nextInt(300);
            upTo[i] = sum;
        }
        return Histogram.ofBuckets(bounds, upTo, sum + 3);
    }
}
