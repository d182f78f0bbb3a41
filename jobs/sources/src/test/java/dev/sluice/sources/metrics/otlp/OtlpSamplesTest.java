package dev.sluice.sources.metrics.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.sources.Deliveries;
import dev.sluice.sources.Documents;
import dev.sluice.sources.metrics.AnyPush;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.PushLimits;
import dev.sluice.sources.metrics.Temporality;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that the exporter of JavaScript (sdk-metrics 2.12.1) sent, and the example that the protocol publishes. */
class OtlpSamplesTest {
    private static final OtlpMetricsDecoder DECODER = new OtlpMetricsDecoder(new PushLimits(1 << 20, 10_000));
    private static final String CUMULATIVE = "metrics_cumulative_sum_histogram_gauge.json";
    private static final Map<String, String> RESOURCE = Map.of(
            "service.name", "checkout",
            "service.version", "1.4.3",
            "deployment.environment.name", "production",
            "deployment.id", "dep-42",
            "k8s.pod.name", "checkout-7d4-a");

    @Test
    void readsASumAHistogramAndAGauge() throws IOException {
        Instant start = Instant.ofEpochMilli(1_795_384_197_499L);
        Instant at = Instant.ofEpochMilli(1_795_384_197_500L);

        OtlpMetricsPush push = DECODER.json(resource(CUMULATIVE));

        assertThat(push.leftOut()).isEmpty();
        assertThat(push.series())
                .hasSize(4)
                .allSatisfy(series -> assertThat(series.labels()).containsAllEntriesOf(RESOURCE));
        MetricSeries failed = push.series().get(0);
        assertThat(failed.labels())
                .containsEntry("__name__", "http.server.requests")
                .containsEntry("http.response.status_code", "500")
                .containsEntry("http.route", "/pay")
                .hasSize(8);
        assertThat(failed.points()).containsExactly(new MetricPoint.Value(at, 5, Temporality.CUMULATIVE, start));
        assertThat(push.series().get(1).points())
                .containsExactly(new MetricPoint.Value(at, 45, Temporality.CUMULATIVE, start));
        assertThat(push.series().get(2).points())
                .containsExactly(new MetricPoint.Buckets(
                        at,
                        Temporality.CUMULATIVE,
                        start,
                        List.of(0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 2.5),
                        List.of(4.0, 4.0, 4.0, 8.0, 24.0, 44.0, 50.0),
                        50));
        assertThat(push.series().get(3).points())
                .containsExactly(new MetricPoint.Value(at, 123_456_789, Temporality.GAUGE, null));
    }

    @Test
    void readsAGauge() throws IOException {
        OtlpMetricsPush push = DECODER.json(resource("metrics_delta_gauge_only.json"));

        assertThat(push.series()).extracting(MetricSeries::name).containsExactly("process.memory.usage");
        assertThat(push.series().get(0).points())
                .containsExactly(new MetricPoint.Value(
                        Instant.ofEpochMilli(1_795_384_198_757L), 123_456_789, Temporality.GAUGE, null));
    }

    @Test
    void readsThePublishedExample() throws IOException {
        Path file = Deliveries.samples().resolve("otlp/metrics_example.json");
        assumeTrue(Files.exists(file), "the shared sample metrics_example of OTLP is absent");
        Instant at = Instant.ofEpochMilli(1_544_712_660_300L);

        OtlpMetricsPush push = DECODER.json(Files.readAllBytes(file));

        assertThat(push.leftOut()).isEmpty();
        assertThat(push.series())
                .extracting(MetricSeries::name)
                .containsExactly("my.counter", "my.gauge", "my.histogram", "my.exponential.histogram");
        assertThat(push.series())
                .flatExtracting(MetricSeries::points)
                .containsExactly(
                        new MetricPoint.Value(at, 5, Temporality.DELTA, at),
                        new MetricPoint.Value(at, 10, Temporality.GAUGE, null),
                        new MetricPoint.Buckets(at, Temporality.DELTA, at, List.of(1.0), List.of(1.0), 2),
                        new MetricPoint.Exponential(at, Temporality.DELTA, at, 0, 0, 0, 1, 1, List.of(0.0, 2.0), 3));
    }

    @Test
    void protobufSaysTheSame() throws IOException {
        byte[] json = resource(CUMULATIVE);

        assertThat(DECODER.protobuf(protobuf(json))).isEqualTo(DECODER.json(json));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changedBodies_areUnderstoodOrRefused(long seed) throws IOException {
        byte[] json = resource(CUMULATIVE);
        AnyPush.check(seed, json, DECODER::json);
        AnyPush.check(seed, protobuf(json), DECODER::protobuf);
    }

    private static byte[] protobuf(byte[] json) {
        ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
        JsonMessages.read(Documents.read(json), request);
        return request.build().toByteArray();
    }

    private static byte[] resource(String name) throws IOException {
        return Files.readAllBytes(
                Path.of(System.getProperty("sluice.root"), "jobs/sources/src/test/resources/otlp", name));
    }
}
