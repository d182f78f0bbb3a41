package dev.sluice.sources.metrics.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.sources.metrics.MalformedPushException;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.ProtoBytes;
import dev.sluice.sources.metrics.PushLimits;
import dev.sluice.sources.metrics.Temporality;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpMetricsDecoderTest {
    private static final OtlpMetricsDecoder DECODER = new OtlpMetricsDecoder(new PushLimits(1 << 20, 10_000));
    private static final Instant AT = Instant.parse("2026-03-04T10:00:00.000000001Z");
    private static final Instant START = Instant.parse("2026-03-04T09:00:00Z");
    private static final String TIMES =
            "\"timeUnixNano\": \"1772618400000000001\", \"startTimeUnixNano\": 1772614800000000000";

    @Test
    void readsAGauge_whichHasNoStart() {
        assertThat(point("\"gauge\": {\"dataPoints\": [{%s, \"asDouble\": 2.5}]}"))
                .isEqualTo(new MetricPoint.Value(AT, 2.5, Temporality.GAUGE, null));
    }

    @ParameterizedTest
    @CsvSource({
        "1, true, DELTA",
        "2, true, CUMULATIVE",
        "2, false, GAUGE",
        "'\"AGGREGATION_TEMPORALITY_DELTA\"', true, DELTA",
        "'\"AGGREGATION_TEMPORALITY_CUMULATIVE\"', true, CUMULATIVE",
    })
    void readsSums(String temporality, boolean monotonic, Temporality expected) {
        String sum = "\"sum\": {\"aggregationTemporality\": " + temporality + ", \"isMonotonic\": " + monotonic
                + ", \"dataPoints\": [{%s, \"asInt\": \"42\"}]}";

        assertThat(point(sum))
                .isEqualTo(new MetricPoint.Value(AT, 42, expected, expected == Temporality.GAUGE ? null : START));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"sum\": {\"isMonotonic\": true, \"dataPoints\": [{%s, \"asInt\": 1}]} | UNKNOWN_TEMPORALITY",
                "\"sum\": {\"aggregationTemporality\": 7, \"isMonotonic\": true, \"dataPoints\": [{%s}]} | UNKNOWN_TEMPORALITY",
                "\"sum\": {\"aggregationTemporality\": \"X\", \"isMonotonic\": true, \"dataPoints\": [{%s}]} | UNKNOWN_TEMPORALITY",
                "\"sum\": {\"aggregationTemporality\": 1, \"dataPoints\": [{%s, \"asInt\": 1}]} | DELTAS_OF_LEVEL",
                "\"gauge\": {\"dataPoints\": [{%s}]} | NO_VALUE",
                "\"gauge\": {\"dataPoints\": [{\"asInt\": 1}]} | NO_TIME",
                "\"summary\": {\"dataPoints\": [{%s, \"count\": 1, \"quantileValues\": [{\"quantile\": 0.5, \"value\": 1}]}]} | SUMMARY",
                "\"histogram\": {\"dataPoints\": [{%s}]} | UNKNOWN_TEMPORALITY",
                "\"histogram\": {\"aggregationTemporality\": 1, \"dataPoints\": [{%s, \"count\": 3, \"bucketCounts\": [1, 1], \"explicitBounds\": [1]}]} | WRONG_BUCKETS",
                "\"histogram\": {\"aggregationTemporality\": 1, \"dataPoints\": [{%s, \"count\": 1, \"bucketCounts\": [1], \"explicitBounds\": [1]}]} | WRONG_BUCKETS",
                "\"histogram\": {\"aggregationTemporality\": 1, \"dataPoints\": [{%s, \"count\": 3, \"bucketCounts\": [1, 1, 1], \"explicitBounds\": [2, 1]}]} | WRONG_BUCKETS",
                "\"histogram\": {\"aggregationTemporality\": 1, \"dataPoints\": [{%s, \"count\": \"18446744073709551615\"}]} | WRONG_BUCKETS",
                "\"exponentialHistogram\": {\"aggregationTemporality\": 1, \"dataPoints\": [{%s, \"count\": 3, \"zeroCount\": 2}]} | WRONG_BUCKETS",
                "\"exponentialHistogram\": {\"aggregationTemporality\": 1, \"dataPoints\": [{%s, \"scale\": 21}]} | WRONG_BUCKETS",
            })
    void leavesOutAndCounts(String data, LeftOut reason) {
        OtlpMetricsPush push = json(metric("m", data));

        assertThat(push.series()).isEmpty();
        assertThat(push.leftOut()).isEqualTo(Map.of(reason, 1));
        assertThat(push.rejected()).isEqualTo(1);
        assertThat(reason.description()).isNotBlank();
    }

    @Test
    void leavesOutMetricsWithoutAName_andTakesThoseWithoutData() {
        String gauge = "\"gauge\": {\"dataPoints\": [{%s, \"asInt\": 1}, {%s, \"asInt\": 2}]}";

        assertThat(json(metric("", gauge)).leftOut()).isEqualTo(Map.of(LeftOut.NO_NAME, 2));
        assertThat(json(metric("m", "\"unit\": \"s\""))).isEqualTo(new OtlpMetricsPush(List.of(), Map.of()));
        assertThat(json("{}")).isEqualTo(new OtlpMetricsPush(List.of(), Map.of()));
    }

    @Test
    void pointsWithoutARecordedValue_areStale() {
        assertThat(point("\"gauge\": {\"dataPoints\": [{%s, \"flags\": 1}]}")).isEqualTo(new MetricPoint.Stale(AT));
        assertThat(point("\"histogram\": {\"aggregationTemporality\": 2, \"dataPoints\": [{%s, \"flags\": 3}]}"))
                .isEqualTo(new MetricPoint.Stale(AT));
    }

    @Test
    void readsAHistogram() {
        String histogram = "\"histogram\": {\"aggregationTemporality\": 2, \"dataPoints\": [{%s, \"count\": \"10\","
                + " \"bucketCounts\": [\"1\", 2, 3, 4], \"explicitBounds\": [-1, 0.5, \"2\"]}]}";

        assertThat(point(histogram))
                .isEqualTo(new MetricPoint.Buckets(
                        AT, Temporality.CUMULATIVE, START, List.of(-1.0, 0.5, 2.0), List.of(1.0, 3.0, 6.0), 10));
    }

    @Test
    void readsAHistogramOfWhichOnlyTheCountIsKnown() {
        assertThat(point("\"histogram\": {\"aggregationTemporality\": 1, \"dataPoints\": [{%s, \"count\": 7}]}"))
                .isEqualTo(new MetricPoint.Buckets(AT, Temporality.DELTA, START, List.of(), List.of(), 7));
    }

    @Test
    void readsAnExponentialHistogram_whoseIndexZeroBeginsAtOne() {
        // scale 1: index 0 is (1, sqrt 2], index 1 is (sqrt 2, 2]
        String histogram =
                "\"exponentialHistogram\": {\"aggregationTemporality\": 1, \"dataPoints\": [{%s, \"scale\": 1,"
                        + " \"count\": 9, \"zeroCount\": 1, \"zeroThreshold\": 0.25, \"positive\": {\"offset\": 0,"
                        + " \"bucketCounts\": [\"2\", 3]}, \"negative\": {\"offset\": 5, \"bucketCounts\": [1, 2]}}]}";

        var point = (MetricPoint.Exponential) point(histogram);

        assertThat(point)
                .isEqualTo(new MetricPoint.Exponential(
                        AT, Temporality.DELTA, START, 1, 0.25, 3, 1, 0, List.of(2.0, 3.0), 9));
        assertThat(point.lowerBound(0)).isEqualTo(1);
        assertThat(point.upperBound(0)).isCloseTo(1.4142135623730951, within(1e-15));
        assertThat(point.upperBound(1)).isEqualTo(2);
    }

    @Test
    void attributesOfThePointWin_andAreTexts() {
        String attributes = "\"attributes\": [%s, %s, %s, %s, %s, %s, %s, %s, %s]"
                .formatted(
                        attribute("a", "\"stringValue\": \"of the point\""),
                        attribute("b.int", "\"intValue\": \"-9007199254740993\""),
                        attribute("c.double", "\"doubleValue\": 0.5"),
                        attribute("d.bool", "\"boolValue\": true"),
                        attribute(
                                "e.list",
                                "\"arrayValue\": {\"values\": [{\"intValue\": 1}, {\"stringValue\": \"x\"}, {}]}"),
                        attribute(
                                "f.map",
                                "\"kvlistValue\": {\"values\": [{\"key\": \"k\", \"value\": {\"boolValue\": false}}]}"),
                        attribute("g.bytes", "\"bytesValue\": \"AQI=\""),
                        attribute("gone", "\"stringValue\": \"\""),
                        attribute("__name__", "\"stringValue\": \"no\""));

        String resource = attribute("a", "\"stringValue\": \"of the resource\"") + ", "
                + attribute("gone", "\"stringValue\": \"of the resource\"") + ", ";
        String body =
                metric("http.server.requests", "\"gauge\": {\"dataPoints\": [{%s, \"asInt\": 1, " + attributes + "}]}");

        MetricSeries series = json(body.replaceFirst("\\[\\{\"key\"", "[" + resource + "{\"key\""))
                .series()
                .get(0);

        assertThat(series.name()).isEqualTo("http.server.requests");
        assertThat(series.labels())
                .isEqualTo(Map.of(
                        "__name__", "http.server.requests",
                        "a", "of the point",
                        "b.int", "-9007199254740993",
                        "c.double", "0.5",
                        "d.bool", "true",
                        "e.list", "[1,\"x\",null]",
                        "f.map", "{\"k\":false}",
                        "g.bytes", "AQI=",
                        "service.name", "checkout"));
    }

    @Test
    void ignoresWhatItDoesNotKnow_andExemplars() {
        String gauge =
                "\"extra\": {\"a\": [1]}, \"gauge\": {\"new\": 1, \"dataPoints\": [{%s, \"asInt\": 1e3, \"x\": null,"
                        + " \"exemplars\": [{\"traceId\": \"4bf92f3577b34da6a3ce929d0e0e473\", \"asDouble\": \"?\"}]}]}";

        assertThat(point(gauge)).isEqualTo(new MetricPoint.Value(AT, 1000, Temporality.GAUGE, null));
    }

    @Test
    void numbersThatAreNone_areValues() {
        assertThat(point("\"gauge\": {\"dataPoints\": [{%s, \"asDouble\": \"NaN\"}]}"))
                .isEqualTo(new MetricPoint.Value(AT, Double.NaN, Temporality.GAUGE, null));
        assertThat(point("\"gauge\": {\"dataPoints\": [{%s, \"asDouble\": \"-Infinity\"}]}"))
                .isEqualTo(new MetricPoint.Value(AT, Double.NEGATIVE_INFINITY, Temporality.GAUGE, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"asInt\": 1.5",
                "\"asInt\": \"1.5\"",
                "\"asInt\": 1e300",
                "\"asInt\": \"1e1000000000\"",
                "\"asInt\": 9223372036854775808",
                "\"asInt\": true",
                "\"asDouble\": \"0x1p3\"",
                "\"asDouble\": \"..\"",
                "\"asDouble\": [1]",
                "\"flags\": -1",
                "\"flags\": 4294967296",
                "\"timeUnixNano\": \"18446744073709551616\"",
                "\"attributes\": {}",
                "\"attributes\": [1]",
                "\"attributes\": [{\"key\": 1}]",
                "\"attributes\": [{\"key\": \"\\ud800\"}]",
            })
    void refusesMembersOfAnotherType(String member) {
        String gauge = "{\"resourceMetrics\": [{\"scopeMetrics\": [{\"metrics\": [{\"gauge\": {\"dataPoints\": [{"
                + member + "}]}}]}]}]}";

        assertThatExceptionOfType(MalformedPushException.class)
                .isThrownBy(() -> json(gauge))
                .extracting(MalformedPushException::pointer)
                .asString()
                .startsWith("/resourceMetrics/0/scopeMetrics/0/metrics/0/gauge/dataPoints/0/"
                        + member.substring(1, member.indexOf('"', 1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "{", "{\"resourceMetrics\": []} {}", "{\"resourceMetrics\": 1}", "{\"a\": 1, \"a\": 2}"
            })
    void refusesWhatIsNoExport(String body) {
        assertThatExceptionOfType(MalformedPushException.class).isThrownBy(() -> json(body));
    }

    @Test
    void readsTheSameOfProtobuf() {
        ProtoBytes attribute =
                new ProtoBytes().text(1, "service.name").message(2, new ProtoBytes().text(1, "checkout"));
        ProtoBytes point = new ProtoBytes()
                .bits(2, 1_772_614_800_000_000_000L)
                .bits(3, 1_772_618_400_000_000_001L)
                .bits(6, 42)
                .whole(99, 1);
        ProtoBytes sum = new ProtoBytes().message(1, point).whole(2, 2).whole(3, 1);
        ProtoBytes scope =
                new ProtoBytes().message(2, new ProtoBytes().text(1, "m").message(7, sum));
        ProtoBytes resource = new ProtoBytes()
                .message(1, new ProtoBytes().message(1, attribute))
                .message(2, scope);

        OtlpMetricsPush push =
                DECODER.protobuf(new ProtoBytes().message(1, resource).bytes());

        assertThat(push)
                .isEqualTo(json(metric(
                        "m",
                        "\"sum\": {\"aggregationTemporality\": 2, \"isMonotonic\": true,"
                                + " \"dataPoints\": [{%s, \"asInt\": 42}]}")));
        assertThat(push.series()).hasSize(1);
    }

    @Test
    void refusesProtobufThatIsNone() {
        assertThat(DECODER.protobuf(new byte[0]).series()).isEmpty();
        assertThatExceptionOfType(MalformedPushException.class)
                .isThrownBy(() -> DECODER.protobuf(new byte[] {0x0a, 5, 1}))
                .withMessageStartingWith("is not an ExportMetricsServiceRequest");
    }

    @Test
    void attributesThatAreNestedTooDeeply_areRefused() {
        ProtoBytes value = new ProtoBytes().text(1, "x");
        for (int i = 0; i < 60; i++) {
            value = new ProtoBytes().message(5, new ProtoBytes().message(1, value));
        }
        ProtoBytes attribute = new ProtoBytes().text(1, "a").message(2, value);
        byte[] body = new ProtoBytes()
                .message(1, new ProtoBytes().message(1, new ProtoBytes().message(1, attribute)))
                .bytes();

        assertThatExceptionOfType(MalformedPushException.class).isThrownBy(() -> DECODER.protobuf(body));
    }

    @Test
    void sizesAreLimited() {
        var small = new OtlpMetricsDecoder(new PushLimits(2_000, 6));
        String one = "\"gauge\": {\"dataPoints\": [{%s, \"asInt\": 1}]}";
        String three =
                "\"gauge\": {\"dataPoints\": [{%1$s, \"asInt\": 1}, {%1$s, \"asInt\": 2}, {%1$s, \"asInt\": 3}]}";

        assertThat(small.json(metric("m", one).getBytes(UTF_8)).series()).hasSize(1);
        assertThatExceptionOfType(MalformedPushException.class)
                .isThrownBy(() -> small.json(metric("m", three).getBytes(UTF_8)))
                .withMessage("has more than 6 labels, points and buckets")
                .extracting(MalformedPushException::pointer)
                .isEqualTo("/resourceMetrics/0/scopeMetrics/0/metrics/0");
        assertThatExceptionOfType(MalformedPushException.class)
                .isThrownBy(() -> small.json(new byte[2_001]))
                .withMessage("is larger than 2000 bytes");
        assertThatExceptionOfType(MalformedPushException.class)
                .isThrownBy(() -> small.protobuf(new byte[2_001]))
                .withMessage("is larger than 2000 bytes");
    }

    /** Returns an export with one metric of the service checkout. */
    private static String metric(String name, String data) {
        return "{\"resourceMetrics\": [{\"resource\": {\"attributes\": ["
                + attribute("service.name", "\"stringValue\": \"checkout\"")
                + "]}, \"scopeMetrics\": [{\"scope\": {\"name\": \"s\"}, \"metrics\": [{\"name\": \"" + name + "\", "
                + data.replace("%1$s", TIMES).replace("%s", TIMES) + "}]}]}]}";
    }

    private static String attribute(String key, String value) {
        return "{\"key\": \"" + key + "\", \"value\": {" + value + "}}";
    }

    private static MetricPoint point(String data) {
        OtlpMetricsPush push = json(metric("m", data));
        assertThat(push.leftOut()).isEmpty();
        assertThat(push.series()).hasSize(1);
        return push.series().get(0).points().get(0);
    }

    private static OtlpMetricsPush json(String body) {
        return DECODER.json(body.getBytes(UTF_8));
    }
}
