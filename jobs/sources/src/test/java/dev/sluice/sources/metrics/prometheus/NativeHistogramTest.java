package dev.sluice.sources.metrics.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.ProtoBytes;
import dev.sluice.sources.metrics.Temporality;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeHistogramTest {
    private static final long MILLIS = 1_772_618_400_000L;
    private static final Instant AT = Instant.ofEpochMilli(MILLIS);

    @Test
    void resolvesSpansAndDeltas() {
        // indexes -2, -1, and after a gap of three 3, 4, 5: counts 4, 1, 6, 6, 2
        ProtoBytes histogram = whole(24, 1)
                .whole(6, 5)
                .number(5, 0.001)
                .message(11, span(-2, 2))
                .message(11, span(3, 3))
                .packedSigned(12, 4, -3, 5, 0, -4);

        MetricPoint.Exponential point = exponential(histogram);

        assertThat(point)
                .isEqualTo(new MetricPoint.Exponential(
                        AT,
                        Temporality.CUMULATIVE,
                        null,
                        1,
                        0.001,
                        0,
                        5,
                        -3,
                        List.of(4.0, 1.0, 0.0, 0.0, 0.0, 6.0, 6.0, 2.0),
                        24));
    }

    @Test
    void indexZeroOfPrometheus_endsAtOne() {
        // schema 0: index 0 is (0.5, 1], index 1 is (1, 2]; schema 2: index 3 is (2^(2/4), 2^(3/4)]
        MetricPoint.Exponential zero =
                exponential(whole(2, 0).message(11, span(0, 2)).packedSigned(12, 1, 0));
        MetricPoint.Exponential two =
                exponential(whole(1, 2).message(11, span(3, 1)).packedSigned(12, 1));

        assertThat(zero.lowerBound(0)).isEqualTo(0.5);
        assertThat(zero.upperBound(0)).isEqualTo(1);
        assertThat(zero.upperBound(1)).isEqualTo(2);
        assertThat(two.lowerBound(0)).isCloseTo(1.4142135623730951, within(1e-15));
        assertThat(two.upperBound(0)).isCloseTo(1.681792830507429, within(1e-15));
    }

    @Test
    void spansOfNoLength_onlyMoveOn() {
        ProtoBytes histogram = whole(3, 0)
                .message(11, span(4, 0))
                .message(11, span(2, 1))
                .message(11, span(1, 0))
                .message(11, span(0, 1))
                .packedSigned(12, 1, 1);

        MetricPoint.Exponential point = exponential(histogram);

        assertThat(point.offset()).isEqualTo(5);
        assertThat(point.counts()).containsExactly(1.0, 0.0, 2.0);
    }

    @Test
    void countsBelowZero_areAddedUp() {
        ProtoBytes histogram = whole(8, 0)
                .message(8, span(0, 1))
                .message(8, span(7, 1))
                .signed(9, 3)
                .signed(9, 2);

        MetricPoint.Exponential point = exponential(histogram);

        assertThat(point.belowZero()).isEqualTo(8);
        assertThat(point.counts()).isEmpty();
        assertThat(point.offset()).isZero();
    }

    @Test
    void countsOfFloatHistograms_keepTheirFractions() {
        ProtoBytes histogram = base(0).number(2, 3.75)
                .number(7, 0.5)
                .message(11, span(1, 2))
                .packedNumbers(13, 1.25, 2)
                .whole(14, 3);

        MetricPoint.Exponential point = exponential(histogram);

        assertThat(point.temporality()).isEqualTo(Temporality.GAUGE);
        assertThat(point.zeroCount()).isEqualTo(0.5);
        assertThat(point.counts()).containsExactly(1.25, 2.0);
        assertThat(point.total()).isEqualTo(3.75);
    }

    @Test
    void customValues_areBounds() {
        // (-inf, 0.1] 2, (0.1, 0.5] none, (0.5, 1] 3, (1, inf) 1
        ProtoBytes histogram = whole(6, -53)
                .packedNumbers(16, 0.1, 0.5, 1)
                .message(11, span(0, 1))
                .message(11, span(1, 2))
                .packedSigned(12, 2, 1, -2);

        assertThat(point(histogram))
                .isEqualTo(new MetricPoint.Buckets(
                        AT, Temporality.CUMULATIVE, null, List.of(0.1, 0.5, 1.0), List.of(2.0, 2.0, 5.0), 6));
    }

    @Test
    void theStaleMarkerIsInTheSum() {
        ProtoBytes stale = new ProtoBytes().bits(3, 0x7ff0_0000_0000_0002L).whole(15, MILLIS);
        ProtoBytes notANumber = whole(0, 0).number(3, Double.NaN);

        assertThat(point(stale)).isEqualTo(new MetricPoint.Stale(AT));
        assertThat(point(notANumber)).isInstanceOf(MetricPoint.Exponential.class);
    }

    @Test
    void observationsThatAreNoNumbers_areInTheTotalOnly() {
        assertThat(exponential(whole(5, 0).message(11, span(0, 1)).packedSigned(12, 4))
                        .total())
                .isEqualTo(5);
        refuses(
                whole(3, 0).message(11, span(0, 1)).packedSigned(12, 4),
                "has 4.0 in its buckets, and 3.0 in all",
                "/count");
    }

    @Test
    void theStart_isItsOwnOrTheSeries() {
        ProtoBytes own = whole(0, 0).whole(17, MILLIS - 2);
        ProtoBytes series = new ProtoBytes()
                .packedWhole(1, 1, 2)
                .message(3, own)
                .message(3, whole(0, 0))
                .whole(6, MILLIS - 7);
        ProtoBytes request =
                new ProtoBytes().text(4, "").text(4, "__name__").text(4, "m").message(5, series);

        RemoteWritePush push = Pushes.v2(request);

        assertThat(push.histograms()).isEqualTo(2);
        assertThat(push.series().get(0).points())
                .extracting(point -> ((MetricPoint.Exponential) point).start())
                .containsExactly(AT.minusMillis(2), AT.minusMillis(7));
    }

    @Test
    void refusesWhatContradictsItself() {
        refuses(whole(1, 9), "must be from -4 to 8, or -53, is 9", "/schema");
        refuses(whole(9, 0).message(11, span(0, 2)).packedSigned(12, 1), "more buckets", "/positive_spans");
        refuses(whole(9, 0).message(11, span(0, 1)).packedSigned(12, 1, 1), "fewer buckets", "/positive_spans");
        refuses(whole(9, 0).message(11, span(0, 1)).packedSigned(12, -1), "less than 0", "/positive_spans");
        refuses(
                whole(9, 0).message(11, span(0, 1)).message(11, span(-1, 1)).packedSigned(12, 1, 1),
                "overlap",
                "/positive_spans");
        refuses(whole(9, 0).message(8, span(0, 2)).packedSigned(9, 1).packedNumbers(10, 1), "both", "/negative_spans");
        refuses(whole(9, 0).message(11, span(0, 1)).packedNumbers(13, Double.NaN), "from 0 to 2^53, is NaN", "");
        refuses(base(0).number(2, -1), "has 0.0 in its buckets, and -1.0 in all", "/count");
        refuses(base(0).number(2, Double.NaN), "total must be from 0 to 2^53, is NaN", "");
        refuses(base(0).whole(1, (1L << 53) + 1), "at most 2^53", "/count_int");
        refuses(whole(9, -53).packedNumbers(16, 1, 1), "bounds must be finite and rise", "");
        refuses(
                whole(9, -53).packedNumbers(16, 1).message(11, span(2, 1)).packedSigned(12, 1),
                "beyond the custom values",
                "/positive_spans");
        refuses(whole(9, -53).packedNumbers(16, 1).whole(6, 1), "must not have zeros", "");
    }

    @Test
    void gapsAreLimited_beforeThereIsMemoryForThem() {
        ProtoBytes wide = whole(2, 8)
                .message(11, span(0, 1))
                .message(11, span(2_000_000_000, 1))
                .packedSigned(12, 1, 0);
        ProtoBytes long32 = whole(9, 0).message(11, span(0, 0xffff_ffffL)).packedSigned(12, 1);
        ProtoBytes low = whole(9, 0).message(11, span(Integer.MIN_VALUE, 1)).packedSigned(12, 1);

        refuses(wide, "more than 100000 labels, points and buckets", "/positive_spans");
        refuses(long32, "more buckets", "/positive_spans");
        refuses(low, "beyond the range of 32 bits", "/positive_spans");
    }

    private static ProtoBytes base(int schema) {
        return new ProtoBytes().signed(4, schema).whole(15, MILLIS);
    }

    private static ProtoBytes whole(long count, int schema) {
        return base(schema).whole(1, count);
    }

    private static ProtoBytes span(int offset, long length) {
        return new ProtoBytes().signed(1, offset).whole(2, length);
    }

    private static MetricPoint point(ProtoBytes histogram) {
        return Pushes.seriesOf(4, histogram).get(0).points().get(0);
    }

    private static MetricPoint.Exponential exponential(ProtoBytes histogram) {
        return (MetricPoint.Exponential) point(histogram);
    }

    private static void refuses(ProtoBytes histogram, String message, String field) {
        assertThatExceptionOfType(MalformedPushException.class)
                .isThrownBy(() -> point(histogram))
                .withMessageContaining(message)
                .extracting(MalformedPushException::pointer)
                .isEqualTo("/timeseries/0/histograms/0" + field);
    }
}
