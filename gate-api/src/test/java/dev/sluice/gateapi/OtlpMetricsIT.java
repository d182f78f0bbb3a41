package dev.sluice.gateapi;

import static dev.sluice.gateapi.GateApiFixture.awaitReady;
import static dev.sluice.gateapi.GateApiFixture.records;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.embedded.KafkaBroker;
import dev.sluice.embedded.KafkaBrokerConfig;
import dev.sluice.gateapi.GateApiFixture.Answer;
import dev.sluice.wire.Json;
import dev.sluice.wire.RecordHeaders;
import dev.sluice.wire.SampleBatch;
import dev.sluice.wire.Topic;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics by OTLP/HTTP, against a real log. */
class OtlpMetricsIT {
    private static final String JSON = "application/json";
    private static final String PROTOBUF = "application/x-protobuf";

    @TempDir
    static Path directory;

    private static KafkaBroker broker;
    private static GateApi api;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start(KafkaBrokerConfig.in(directory.resolve("kafka")));
        api = GateApi.start(GateApiConfig.of(broker.bootstrapServers()).withPort(0));
        awaitReady(api);
    }

    @AfterAll
    static void stop() {
        if (api != null) {
            api.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void deltasAndDistributionsOfBothArmsGoOn() throws Exception {
        Instant start = begin("spoken");
        long nanos = nanos(start.plusMillis(500));
        HttpResponse<byte[]> response =
                send(PROTOBUF, "identity", export("1", nanos).toByteArray());

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains(PROTOBUF);
        assertThat(ExportMetricsServiceResponse.parseFrom(response.body()).hasPartialSuccess())
                .isFalse();
        List<SampleBatch.Point> points = points("spoken");
        assertThat(points).hasSize(3);
        assertThat(points).allSatisfy(point -> {
            assertThat(point.arm()).isEqualTo("baseline");
            assertThat(point.pod()).isEqualTo("pod-1");
            assertThat(point.cumulative()).isFalse();
            assertThat(point.start()).isNull();
            assertThat(point.at()).isEqualTo(start.plusMillis(500));
        });
        assertThat(points).extracting(SampleBatch.Point::part).containsExactlyInAnyOrder(null, "events", "exposure");
    }

    @Test
    void jsonMayBeCompressed_andWhatIsLeftOutIsTold() throws Exception {
        Instant start = begin("told");
        String body = """
                {"resourceMetrics": [{"resource": {"attributes": [
                    {"key": "run", "value": {"stringValue": "told"}}, {"key": "version", "value": {"stringValue": "2"}}]},
                  "scopeMetrics": [{"metrics": [
                    {"name": "requests", "sum": {"aggregationTemporality": 2, "isMonotonic": true, "dataPoints": [
                      {"asInt": "17", "timeUnixNano": "%1$d", "startTimeUnixNano": "%2$d", "attributes": [
                        {"key": "code", "value": {"intValue": "200"}}]}]}},
                    {"name": "quantiles", "summary": {"dataPoints": [{"count": "1", "timeUnixNano": "%1$d"}]}}]}]}]}""".formatted(nanos(start.plusMillis(500)), nanos(start.minusSeconds(7)));
        HttpResponse<byte[]> response = send(JSON, "gzip", gzip(body));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new String(response.body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"partialSuccess\":{\"rejectedDataPoints\":\"1\",\"errorMessage\":\"1 data point a summary,"
                                + " whose quantiles cannot be merged\"}}");
        assertThat(points("told")).singleElement().satisfies(point -> {
            assertThat(point.arm()).isEqualTo("canary");
            assertThat(point.part()).isEqualTo("exposure");
            assertThat(point.count()).isEqualTo(17);
            assertThat(point.cumulative()).isTrue();
            assertThat(point.start()).isEqualTo(start.minusSeconds(7));
        });
    }

    @Test
    void whatIsLeftOutIsToldInProtobufToo() throws Exception {
        var summary = Metric.newBuilder()
                .setName("quantiles")
                .setSummary(Summary.newBuilder()
                        .addDataPoints(
                                SummaryDataPoint.newBuilder().setTimeUnixNano(1).setCount(1)));
        byte[] body = ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(summary)))
                .build()
                .toByteArray();
        HttpResponse<byte[]> response = send(PROTOBUF, "identity", body);

        assertThat(ExportMetricsServiceResponse.parseFrom(response.body())
                        .getPartialSuccess()
                        .getRejectedDataPoints())
                .isEqualTo(1);
    }

    @Test
    void whatIsNoExportIsRefused() throws Exception {
        assertThat(send(JSON, "identity", "{".getBytes(StandardCharsets.UTF_8)).statusCode())
                .isEqualTo(400);
        assertThat(send(PROTOBUF, "identity", "no protobuf".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send(JSON, "gzip", "no gzip".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("text/plain", "identity", new byte[0]).statusCode()).isEqualTo(415);
        assertThat(send(JSON, "br", new byte[0]).statusCode()).isEqualTo(415);
        assertThat(send(JSON, "gzip", gzip(" ".repeat(25 << 20))).statusCode()).isEqualTo(413);
    }

    private static Instant begin(String id) {
        Answer answer = GateApiFixture.send(GateApiFixture.request(api, "/v1/canaries")
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.ofString("""
                        {"id": "%1$s", "service": "checkout", "environment": "production",
                         "config": {
                           "selectors": {"baseline": "{run='%1$s',version='1'}", "canary": "{run='%1$s',version='2'}"},
                           "metrics": [
                             {"name": "errors", "kind": "ratio",
                              "series": {"events": "requests{code=~'5..'}", "exposure": "requests"}},
                             {"name": "duration", "kind": "histogram",
                              "series": {"histogram": "{'http.server.request.duration'}"}}]}}""".formatted(id))));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return Instant.parse(answer.at("/started_at"));
    }

    private static ExportMetricsServiceRequest export(String version, long nanos) {
        var requests = Metric.newBuilder()
                .setName("requests")
                .setSum(Sum.newBuilder()
                        .setIsMonotonic(true)
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                        .addDataPoints(NumberDataPoint.newBuilder()
                                .setTimeUnixNano(nanos)
                                .setAsInt(3)
                                .addAttributes(attribute("code", "500"))));
        var duration = Metric.newBuilder()
                .setName("http.server.request.duration")
                .setHistogram(Histogram.newBuilder()
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                        .addDataPoints(HistogramDataPoint.newBuilder()
                                .setTimeUnixNano(nanos)
                                .setCount(5)
                                .addExplicitBounds(0.1)
                                .addBucketCounts(4)
                                .addBucketCounts(1)));
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(Resource.newBuilder()
                                .addAttributes(attribute("run", "spoken"))
                                .addAttributes(attribute("k8s.pod.name", "pod-1"))
                                .addAttributes(attribute("version", version)))
                        .addScopeMetrics(
                                ScopeMetrics.newBuilder().addMetrics(requests).addMetrics(duration)))
                .build();
    }

    private static KeyValue attribute(String name, String value) {
        return KeyValue.newBuilder()
                .setKey(name)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    private static long nanos(Instant at) {
        return at.toEpochMilli() * 1_000_000;
    }

    private static byte[] gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static HttpResponse<byte[]> send(String type, String encoding, byte[] body)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(
                        GateApiFixture.request(api, "/v1/metrics")
                                .header("Content-Type", type)
                                .header("Content-Encoding", encoding)
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        DocumentedAnswers.check(response);
        return response;
    }

    private static List<SampleBatch.Point> points(String run) {
        return records(broker.bootstrapServers(), Topic.SAMPLES).stream()
                .filter(found -> found.headers().lastHeader(RecordHeaders.HEARTBEAT) == null)
                .filter(found -> found.key().contains("/" + run + "/"))
                .flatMap(found -> Json.read(found.value(), SampleBatch.class).points().stream())
                .toList();
    }
}
