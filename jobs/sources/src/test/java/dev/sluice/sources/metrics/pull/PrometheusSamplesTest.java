package dev.sluice.sources.metrics.pull;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.sources.Deliveries;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Prometheus 2.42 has answered, and the example that its documentation has. */
class PrometheusSamplesTest {
    private static final OutgoingRequests REQUESTS = new OutgoingRequests(new RequestLimits(1 << 20));
    private static final Instant CAPTURED = Instant.ofEpochSecond(1_795_914_900);

    @Test
    void readsSamples() {
        List<MetricSeries> all = answer(own("samples"));

        assertThat(all).extracting(MetricSeries::name).containsExactly("go_goroutines", "up");
        assertThat(all.get(0).labels())
                .containsEntry("instance", "127.0.0.1:19390")
                .containsEntry("job", "prometheus");
        assertThat(times(all.get(0))).containsExactly(1_795_914_946_634L, 1_795_914_948_634L, 1_795_914_950_634L);
        assertThat(values(all.get(0))).containsExactly(31.0, 30.0, 30.0);
        assertThat(values(all.get(1))).containsExactly(1.0, 1.0, 1.0);
    }

    @Test
    void nothing_isNoSeries() {
        assertThat(answer(
                        "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}".getBytes(UTF_8)))
                .isEmpty();
    }

    @Test
    void anError_isTold() {
        try (LocalSource source = LocalSource.answering(400, own("samples_error"))) {
            assertThat(Waiting.failure(new PrometheusClient(source.endpoint(), REQUESTS).query(query(CAPTURED))))
                    .hasMessage(source.base() + " answers with status 400: bad_data: invalid parameter \"query\": 1:5: "
                            + "parse error: unexpected character: '}'");
        }
    }

    @Test
    void aVector_isRefused() {
        try (LocalSource source = LocalSource.answering(200, own("vector"))) {
            assertThat(Waiting.failure(new PrometheusClient(source.endpoint(), REQUESTS).query(query(CAPTURED))))
                    .hasMessageEndingWith("answers with what is no answer: /data/resultType must be matrix");
        }
    }

    @Test
    void readsThePublishedExample() throws IOException {
        Path file = Deliveries.samples().resolve("prometheus/query_range_docs.json");
        assumeTrue(Files.exists(file), "the shared sample query_range_docs of Prometheus is absent");
        try (LocalSource source = LocalSource.answering(200, Files.readAllBytes(file))) {
            List<MetricSeries> series = Waiting.get(new PrometheusClient(source.endpoint(), REQUESTS)
                    .query(query(Instant.parse("2015-07-01T20:10:00Z"))));

            assertThat(series).extracting(MetricSeries::name).containsExactly("up", "up");
            assertThat(series)
                    .extracting(PrometheusSamplesTest::values)
                    .containsExactly(List.of(1.0, 1.0, 1.0), List.of(0.0, 0.0, 1.0));
            assertThat(times(series.get(1)))
                    .containsExactly(1_435_781_430_781L, 1_435_781_445_781L, 1_435_781_460_781L);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changedAnswers_areUnderstoodOrRefused(long seed) {
        List<byte[]> samples = List.of(own("samples"), own("vector"), own("samples_error"), own("native_histograms"));

        AnyAnswer.check(seed, samples, endpoint -> new PrometheusClient(endpoint, REQUESTS), query(CAPTURED));
    }

    private static List<MetricSeries> answer(byte[] body) {
        try (LocalSource source = LocalSource.answering(200, body)) {
            return Waiting.get(new PrometheusClient(source.endpoint(), REQUESTS).query(query(CAPTURED)));
        }
    }

    private static MetricQuery query(Instant from) {
        return new MetricQuery("q", from, from.plusSeconds(3600));
    }

    private static byte[] own(String name) {
        return Deliveries.payload("prometheus/query_" + name + ".json");
    }

    private static List<Long> times(MetricSeries series) {
        return series.points().stream().map(point -> point.at().toEpochMilli()).toList();
    }

    private static List<Double> values(MetricSeries series) {
        return series.points().stream()
                .map(point -> ((MetricPoint.Value) point).value())
                .toList();
    }
}
