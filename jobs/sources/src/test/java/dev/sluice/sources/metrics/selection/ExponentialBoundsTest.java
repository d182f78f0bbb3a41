package dev.sluice.sources.metrics.selection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.canary.intake.Measure;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.Temporality;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExponentialBoundsTest {
    private static final Instant AT = Instant.parse("2026-11-29T12:00:00Z");
    private static final long SEED = 20261129;

    /** Whatever the scale, the counts up to a bound are those of the values that are at most so large. */
    @ParameterizedTest
    @ValueSource(ints = {-2, -1, 0, 1, 2, 3, 4, 8, 12})
    void countsUpToABoundAreExact(int scale) {
        var random = new Random(SEED);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            // away from the bounds, where a logarithm may be rounded to either side
            values.add(Math.pow(2, -6 + 8 * random.nextDouble()) * 1.000001);
        }

        Measure.Distribution read = ExponentialBounds.distribution(histogram(scale, values, 3), true);

        assertThat(read.total()).isEqualTo(503);
        assertThat(read.cumulative()).isTrue();
        assertThat(read.bounds()).contains(1.0).hasSizeBetween(8, 8 * 34 + 1).isSorted();
        for (int i = 0; i < read.bounds().size(); i++) {
            double bound = read.bounds().get(i);
            assertThat(read.upTo().get(i))
                    .as("seed %d, up to %s", SEED, bound)
                    .isEqualTo(
                            3 + values.stream().filter(value -> value <= bound).count());
        }
    }

    /** Bounds of coarse histograms are bounds of fine ones, to the last bit, so that they can be compared. */
    @Test
    void coarseBoundsAreFineOnes() {
        List<Double> fine = ExponentialBounds.distribution(histogram(5, List.of(1.5), 0), true)
                .bounds();
        for (int scale = -2; scale < 3; scale++) {
            assertThat(fine)
                    .containsAll(ExponentialBounds.distribution(histogram(scale, List.of(1.5), 0), true)
                            .bounds());
        }
    }

    @Test
    void whatCannotBeCountedIsRefused() {
        assertThatThrownBy(() -> ExponentialBounds.distribution(histogram(-3, List.of(1.5), 0), true))
                .hasMessage("a histogram of scale -3 is too coarse");
        var fraction = new MetricPoint.Exponential(AT, Temporality.CUMULATIVE, null, 3, 0, 0, 0, 0, List.of(1.5), 1.5);
        assertThatThrownBy(() -> ExponentialBounds.distribution(fraction, true))
                .hasMessage("requests must be whole numbers");
    }

    /** What a sender counts as zero may be anywhere up to its threshold, which it may widen. */
    @Test
    void belowTheZeroThresholdThereIsNoBound() {
        var point =
                new MetricPoint.Exponential(AT, Temporality.CUMULATIVE, null, 0, 0.25, 0, 1000, -1, List.of(4.0), 1004);
        Measure.Distribution read = ExponentialBounds.distribution(point, true);
        assertThat(read.bounds().get(0)).isEqualTo(0.25);
        assertThat(read.upTo().subList(0, 3)).containsExactly(1000L, 1000L, 1004L);
    }

    private static MetricPoint.Exponential histogram(int scale, List<Double> values, int zeros) {
        int least = Integer.MAX_VALUE;
        int greatest = Integer.MIN_VALUE;
        for (double value : values) {
            least = Math.min(least, index(scale, value));
            greatest = Math.max(greatest, index(scale, value));
        }
        List<Double> counts = new ArrayList<>();
        for (int index = least; index <= greatest; index++) {
            counts.add(0.0);
        }
        for (double value : values) {
            counts.set(index(scale, value) - least, counts.get(index(scale, value) - least) + 1);
        }
        return new MetricPoint.Exponential(
                AT, Temporality.CUMULATIVE, null, scale, 0, 0, zeros, least, counts, values.size() + (double) zeros);
    }

    /** The index of the bucket above base^i and up to base^(i+1). */
    private static int index(int scale, double value) {
        return (int) Math.ceil(Math.scalb(Math.log(value) / Math.log(2), scale)) - 1;
    }
}
