package dev.sluice.sources.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetricPointTest {
    private static final Instant AT = Instant.parse("2026-03-04T10:00:00Z");

    @Test
    void boundsOfScaleZero_arePowersOfTwo() {
        MetricPoint.Exponential point = exponential(0, -1, List.of(1.0, 1.0, 1.0));

        assertThat(point.lowerBound(0)).isEqualTo(0.5);
        assertThat(point.upperBound(0)).isEqualTo(1);
        assertThat(point.lowerBound(1)).isEqualTo(1);
        assertThat(point.upperBound(1)).isEqualTo(2);
        assertThat(point.upperBound(2)).isEqualTo(4);
    }

    @Test
    void boundsOfScaleTwo_areQuartersOfPowersOfTwo() {
        MetricPoint.Exponential point = exponential(2, 3, List.of(1.0, 1.0));

        assertThat(point.lowerBound(0)).isCloseTo(1.681792830507429, within(1e-15)); // 2^(3/4)
        assertThat(point.upperBound(0)).isEqualTo(2);
        assertThat(point.upperBound(1)).isCloseTo(2.378414230005442, within(1e-15)); // 2^(5/4)
    }

    @Test
    void boundsOfNegativeScale_arePowersOfLargerBases() {
        MetricPoint.Exponential point = exponential(-2, -1, List.of(1.0, 1.0));

        assertThat(point.lowerBound(0)).isEqualTo(1 / 16.0);
        assertThat(point.upperBound(0)).isEqualTo(1);
        assertThat(point.upperBound(1)).isEqualTo(16);
    }

    @Test
    void boundsBeyondTheDoubles_areZeroAndInfinite() {
        assertThat(exponential(0, Integer.MIN_VALUE, List.of(1.0)).lowerBound(0))
                .isZero();
        assertThat(exponential(0, Integer.MAX_VALUE, List.of(1.0)).upperBound(0))
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(exponential(0, 1023, List.of(1.0)).upperBound(0)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(exponential(0, 1023, List.of(1.0)).lowerBound(0)).isEqualTo(0x1p1023);
    }

    @Test
    void refusesCountsThatCannotBe() {
        assertThatIllegalArgumentException().isThrownBy(() -> exponential(0, 0, List.of(-1.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> exponential(0, 0, List.of(Double.NaN)));
        assertThatIllegalArgumentException().isThrownBy(() -> exponential(0, 0, List.of(0x1p54)));
        assertThatIllegalArgumentException().isThrownBy(() -> exponential(21, 0, List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> exponential(-11, 0, List.of()));
    }

    @Test
    void refusesBoundsAndCountsThatDoNotRise() {
        assertThat(buckets(List.of(1.0, 2.0), List.of(0.5, 0.5)).upTo()).containsExactly(0.5, 0.5);
        assertThatIllegalArgumentException().isThrownBy(() -> buckets(List.of(1.0, 1.0), List.of(1.0, 1.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> buckets(List.of(1.0, 2.0), List.of(2.0, 1.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> buckets(List.of(1.0), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> buckets(List.of(Double.POSITIVE_INFINITY), List.of(1.0)));
        assertThatIllegalArgumentException().isThrownBy(() -> buckets(List.of(Double.NaN), List.of(1.0)));
    }

    @Test
    void seriesHaveANameAndPoints_andKeepTheirOwnCopy() {
        List<MetricPoint> points = List.of(new MetricPoint.Stale(AT));
        SortedMap<String, String> labels = new TreeMap<>(Map.of(MetricSeries.NAME, "up", "job", "checkout"));
        var series = new MetricSeries(labels, points);
        labels.clear();

        assertThat(series.name()).isEqualTo("up");
        assertThat(series.labels()).containsExactly(Map.entry("__name__", "up"), Map.entry("job", "checkout"));
        assertThatIllegalArgumentException().isThrownBy(() -> new MetricSeries(labels, points));
        assertThatIllegalArgumentException().isThrownBy(() -> new MetricSeries(series.labels(), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MetricSeries(new TreeMap<>(Map.of(MetricSeries.NAME, "up", "job", "")), points));
    }

    private static MetricPoint.Exponential exponential(int scale, int offset, List<Double> counts) {
        return new MetricPoint.Exponential(AT, Temporality.CUMULATIVE, null, scale, 0, 0, 0, offset, counts, 9);
    }

    private static MetricPoint.Buckets buckets(List<Double> bounds, List<Double> upTo) {
        return new MetricPoint.Buckets(AT, Temporality.CUMULATIVE, null, bounds, upTo, 9);
    }
}
