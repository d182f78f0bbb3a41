package dev.sluice.sources.metrics.prometheus;

import static dev.sluice.sources.metrics.prometheus.Pushes.block;
import static dev.sluice.sources.metrics.prometheus.Pushes.label;
import static dev.sluice.sources.metrics.prometheus.Pushes.named;
import static dev.sluice.sources.metrics.prometheus.Pushes.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.ProtoBytes;
import dev.sluice.sources.metrics.PushLimits;
import dev.sluice.sources.metrics.Temporality;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RemoteWriteDecoderTest {
    private static final long MILLIS = 1_772_618_400_000L;
    private static final Instant AT = Instant.ofEpochMilli(MILLIS);

    @Test
    void readsSeriesOfVersion1() {
        ProtoBytes series = named().message(1, label("job", "checkout"))
                .message(2, sample(17, MILLIS))
                .message(2, sample(19.5, MILLIS + 15_000))
                .message(3, sample(1, MILLIS));

        RemoteWritePush push = Pushes.v1(new ProtoBytes().message(1, series).message(3, label("metadata", "")));

        assertThat(push.series()).hasSize(1);
        assertThat(push.series().get(0).name()).isEqualTo("m");
        assertThat(push.series().get(0).labels()).isEqualTo(Map.of("__name__", "m", "job", "checkout"));
        assertThat(push.series().get(0).points())
                .containsExactly(value(17, MILLIS, null), value(19.5, MILLIS + 15_000, null));
        assertThat(push.samples()).isEqualTo(2);
        assertThat(push.histograms()).isZero();
        assertThat(push.exemplars()).isEqualTo(1);
    }

    @Test
    void readsSeriesOfVersion2_withTheTableBehindThem() {
        ProtoBytes series = new ProtoBytes().packedWhole(1, 1, 2, 3, 4).message(2, sample(17, MILLIS));
        ProtoBytes unpacked = new ProtoBytes().whole(1, 1).whole(1, 4).message(2, sample(3, MILLIS));
        ProtoBytes request = symbols(
                new ProtoBytes().message(5, series).message(5, unpacked), "", "__name__", "m", "job", "checkout");

        RemoteWritePush push = Pushes.v2(request);

        assertThat(push.series())
                .extracting(MetricSeries::labels)
                .map(Map::toString)
                .containsExactly("{__name__=m, job=checkout}", "{__name__=checkout}");
    }

    @Test
    void readsTheStartOfVersion2_fromTheSampleAndElseFromTheSeries() {
        ProtoBytes series = new ProtoBytes()
                .packedWhole(1, 1, 2)
                .message(2, sample(17, MILLIS).whole(3, MILLIS - 9_000))
                .message(2, sample(18, MILLIS + 1))
                .whole(6, MILLIS - 5_000);

        RemoteWritePush push = Pushes.v2(symbols(new ProtoBytes().message(5, series), "", "__name__", "m"));

        assertThat(push.series().get(0).points())
                .containsExactly(value(17, MILLIS, MILLIS - 9_000), value(18, MILLIS + 1, MILLIS - 5_000));
    }

    @Test
    void tellsTheStaleMarkerFromOtherNumbersThatAreNone() {
        ProtoBytes series = named().message(
                        2, new ProtoBytes().bits(1, 0x7ff0_0000_0000_0002L).whole(2, MILLIS))
                .message(2, sample(Double.NaN, MILLIS))
                .message(2, new ProtoBytes().bits(1, 0x7ff8_0000_0000_0002L).whole(2, MILLIS))
                .message(2, sample(Double.POSITIVE_INFINITY, MILLIS));

        RemoteWritePush push = Pushes.v1(new ProtoBytes().message(1, series));

        assertThat(push.series().get(0).points())
                .containsExactly(
                        new MetricPoint.Stale(AT),
                        value(Double.NaN, MILLIS, null),
                        value(Double.NaN, MILLIS, null),
                        value(Double.POSITIVE_INFINITY, MILLIS, null));
        assertThat(push.samples()).isEqualTo(4);
    }

    @Test
    void absentFields_areZero() {
        assertThat(Pushes.seriesOf(2, new ProtoBytes()).get(0).points()).containsExactly(value(0, 0, null));
    }

    @Test
    void pushesWithoutSeries_areFine() {
        assertThat(Pushes.v1(new ProtoBytes()).series()).isEmpty();
        assertThat(Pushes.v2(new ProtoBytes()).series()).isEmpty();
        RemoteWritePush exemplarOnly = Pushes.v1(new ProtoBytes().message(1, named().message(3, sample(1, MILLIS))));
        assertThat(exemplarOnly.series()).isEmpty();
        assertThat(exemplarOnly.exemplars()).isEqualTo(1);
    }

    @Test
    void fieldsThatAreNotKnown_areSkipped() {
        ProtoBytes series = named().whole(77, 5)
                .message(2, sample(1, MILLIS).text(9, "later"))
                .bits(78, 5);

        RemoteWritePush push = Pushes.v1(new ProtoBytes().text(99, "x").message(1, series));

        assertThat(push.series().get(0).points()).containsExactly(value(1, MILLIS, null));
    }

    @Test
    void labels_mustBeAsSpecified() {
        refuses(() -> labels("a", "1"), "must have the label __name__", "/timeseries/0/labels");
        refuses(
                () -> labels("__name__", "m", "__name__", "m"),
                "has the name of a label before",
                "/timeseries/0/labels/1");
        refuses(() -> labels("__name__", "m", "a", ""), "must have a value", "/timeseries/0/labels/1");
        refuses(() -> labels("", "m"), "must have a name", "/timeseries/0/labels/0");
        ProtoBytes latin1 = new ProtoBytes().text(1, "a").bytes(2, "é".getBytes(StandardCharsets.ISO_8859_1));
        refuses(
                () -> Pushes.v1(new ProtoBytes()
                        .message(1, named().message(2, sample(1, MILLIS)))
                        .message(1, named().message(1, latin1))),
                "is not a prometheus.WriteRequest",
                "/timeseries/1");
    }

    /** The specification wants them sorted; agents that do not do so lose nothing here. */
    @Test
    void labels_mayStandInAnyOrder() {
        assertThat(labels("zone", "a", "__name__", "m", "app", "shop").series())
                .singleElement()
                .satisfies(series -> assertThat(series.labels())
                        .containsExactly(Map.entry("__name__", "m"), Map.entry("app", "shop"), Map.entry("zone", "a")));
        refuses(
                () -> labels("zone", "a", "__name__", "m", "zone", "b"),
                "has the name of a label before",
                "/timeseries/0/labels/2");
    }

    @Test
    void references_mustBeOfSymbols() {
        refuses(() -> references(1, 2, 1, 3), "refers to symbol 3 of 3", "/timeseries/0/labels/1");
        refuses(() -> references(1, -1), "refers to symbol 4294967295 of 3", "/timeseries/0/labels/0");
        refuses(() -> references(1, 2, 1), "a name and no value", "/timeseries/0/labels/1");
        refuses(() -> references(1, 0), "must have a value", "/timeseries/0/labels/0");
        refuses(() -> Pushes.v2(symbols(new ProtoBytes(), "m")), "must be empty", "/symbols/0");
    }

    @Test
    void bombs_areRefusedBeforeTheyAreInflated() {
        byte[] huge = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0, 0};
        byte[] zeros = block(new byte[Pushes.LIMITS.maxBytes() + 1]);
        assertThat(zeros.length).isLessThan(100_000);

        refuses(() -> decode(huge), "is larger than 1048576 bytes", "");
        refuses(() -> decode(zeros), "is larger than 1048576 bytes", "");
    }

    @Test
    void bytesThatAreNoBlock_areRefused() {
        refuses(() -> decode(new byte[0]), "Snappy", "");
        refuses(() -> decode(new byte[] {5, 0, 1}), "Snappy", "");
        refuses(() -> decode("{\"streams\":[]}".getBytes(StandardCharsets.UTF_8)), "Snappy", "");
    }

    @Test
    void messagesThatEndTooEarly_areRefused() {
        refuses(() -> decode(block(new byte[] {0x0a})), "is not a prometheus.WriteRequest", "/timeseries/0");
        refuses(
                () -> decode(block(new byte[] {0x0a, 0x10, 0x0a})),
                "is not a prometheus.WriteRequest",
                "/timeseries/0");
        refuses(() -> decode(block(new byte[] {0x0c})), "is not a prometheus.WriteRequest", "");
        ProtoBytes group = new ProtoBytes().bytes(1, new byte[] {0x0c});
        refuses(() -> Pushes.v1(group), "is not a prometheus.WriteRequest", "/timeseries/0");
    }

    @Test
    void elements_areLimited() {
        var decoder = new RemoteWriteDecoder(new PushLimits(1 << 20, 3));
        ProtoBytes two = named().message(2, sample(1, MILLIS)).message(2, sample(2, MILLIS));
        byte[] body = block(new ProtoBytes().message(1, two).bytes());
        ProtoBytes three = two.message(2, sample(3, MILLIS));
        byte[] larger = block(new ProtoBytes().message(1, three).bytes());

        assertThat(decoder.decode(RemoteWriteVersion.V1, body).samples()).isEqualTo(2);
        refuses(() -> decoder.decode(RemoteWriteVersion.V1, larger), "more than 3 labels", "/timeseries/0");
    }

    private static RemoteWritePush decode(byte[] body) {
        return Pushes.DECODER.decode(RemoteWriteVersion.V1, body);
    }

    private static RemoteWritePush labels(String... labels) {
        var series = new ProtoBytes();
        for (int i = 0; i < labels.length; i += 2) {
            series.message(1, label(labels[i], labels[i + 1]));
        }
        return Pushes.v1(new ProtoBytes().message(1, series.message(2, sample(1, MILLIS))));
    }

    private static RemoteWritePush references(int... references) {
        ProtoBytes series = new ProtoBytes().packedWhole(1, references).message(2, sample(1, MILLIS));
        return Pushes.v2(symbols(new ProtoBytes().message(5, series), "", "__name__", "m"));
    }

    private static ProtoBytes symbols(ProtoBytes request, String... symbols) {
        List.of(symbols).forEach(symbol -> request.text(4, symbol));
        return request;
    }

    private static MetricPoint.Value value(double value, long millis, @Nullable Long start) {
        return new MetricPoint.Value(
                Instant.ofEpochMilli(millis),
                value,
                Temporality.UNKNOWN,
                start == null ? null : Instant.ofEpochMilli(start));
    }

    private static void refuses(ThrowingCallable decoding, String message, String pointer) {
        assertThatExceptionOfType(MalformedPushException.class)
                .isThrownBy(decoding)
                .withMessageContaining(message)
                .extracting(MalformedPushException::pointer)
                .isEqualTo(pointer);
    }
}
