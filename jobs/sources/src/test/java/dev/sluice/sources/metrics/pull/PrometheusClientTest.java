package dev.sluice.sources.metrics.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.sources.metrics.pull.LocalSource.Asked;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusClientTest {
    private static final OutgoingRequests REQUESTS = new OutgoingRequests(new RequestLimits(1 << 23));
    private static final Instant FROM = Instant.ofEpochMilli(1_795_384_077_250L);
    private static final MetricQuery QUERY = new MetricQuery("up{job=\"a\"}", FROM, FROM.plusSeconds(60));

    @Test
    void asksForTheSamplesOfARange() {
        try (LocalSource source = LocalSource.answering(200, matrix(""))) {
            var client = new PrometheusClient(
                    new Endpoint(source.base().resolve("/prometheus/"), Credentials.none()), REQUESTS);

            assertThat(Waiting.get(client.query(QUERY))).isEmpty();

            assertThat(source.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.method()).isEqualTo("POST");
                assertThat(asked.uri()).hasToString("/prometheus/api/v1/query");
                assertThat(asked.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
                assertThat(asked.header("Authorization")).isEmpty();
                assertThat(Asked.fields(asked.body()))
                        .isEqualTo(Map.of(
                                "query", "up{job=\"a\"}[60001ms]",
                                "time", "1795384137.250",
                                "partial_response", "false",
                                "timeout", "5.000"));
            });
        }
    }

    @Test
    void readsTimesToTheMillisecond_andValuesOfAllKinds() {
        assertThat(answer(matrix("""
                        {"metric": {"__name__": "m", "empty": "", "pod": "a"}, "values": [
                          [1795384077.25, "1.5"], [1795384077.251, "-2e-3"], [1795384078, "NaN"],
                          [1795384079.0, "+Inf"], [1795384080.999, "-Inf"], [1795384081, "123456789012345680000"]]}"""))).singleElement().satisfies(series -> {
            assertThat(series.labels()).isEqualTo(Map.of("__name__", "m", "pod", "a"));
            assertThat(series.points())
                    .containsExactly(
                            value(1_795_384_077_250L, 1.5),
                            value(1_795_384_077_251L, -0.002),
                            value(1_795_384_078_000L, Double.NaN),
                            value(1_795_384_079_000L, Double.POSITIVE_INFINITY),
                            value(1_795_384_080_999L, Double.NEGATIVE_INFINITY),
                            value(1_795_384_081_000L, 1.2345678901234568e20));
        });
    }

    @Test
    void readsEveryMillisecondAsItIs() {
        long base = FROM.toEpochMilli();
        String values = IntStream.range(0, 1000)
                .mapToObj(i -> "[" + BigDecimal.valueOf(base + i, 3) + ", \"" + i + "\"]")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();

        assertThat(answer(matrix("{\"metric\": {\"__name__\": \"m\"}, \"values\": [" + values + "]}"))
                        .get(0)
                        .points())
                .isEqualTo(IntStream.range(0, 1000)
                        .mapToObj(i -> value(base + i, i))
                        .toList());
    }

    @Test
    void readsNativeHistograms_besideValuesAndInstead() {
        String histogram =
                "[1795384092.25, {\"count\": \"3\", \"sum\": \"4.5\", \"buckets\": [[0, \"1\", \"2\", \"3\"]]}]";
        Instant at = Instant.ofEpochMilli(1_795_384_092_250L);
        MetricPoint read = new MetricPoint.Exponential(at, Temporality.UNKNOWN, null, 0, 0, 0, 0, 0, List.of(3.0), 3);

        assertThat(answer(matrix("""
                        {"metric": {"__name__": "m", "pod": "a"}, "histograms": [%1$s]},
                        {"metric": {"__name__": "m", "pod": "b"}, "values": [[1795384077.25, "7"]], "histograms": [%1$s]}""".formatted(histogram))))
                .extracting(MetricSeries::points)
                .containsExactly(List.of(read), List.of(value(FROM.toEpochMilli(), 7), read));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[[1795384092.25]]",
                "[[1795384092.25, \"3\"]]",
                "[[1795384092.25, {\"count\": \"-3\", \"sum\": \"1\"}]]",
                "[[\"1795384092.25\", {\"count\": \"3\", \"sum\": \"1\"}]]",
            })
    void otherHistograms_areRefused(String histograms) {
        assertRefused(matrix("{\"metric\": {\"__name__\": \"m\"}, \"histograms\": " + histograms + "}"));
    }

    @Test
    void takesAnswersWithInfos_andNoneWithWarnings() {
        String body = matrix("{\"metric\": {\"__name__\": \"m\"}, \"values\": [[1795384092.25, \"1\"]]}");
        assertThat(answer(body.replace("\"status\"", "\"warnings\": [], \"infos\": [\"i\", 3], \"status\"")))
                .hasSize(1);
        try (LocalSource source = LocalSource.answering(
                200, body.replace("\"status\"", "\"warnings\": [\"a store\\nis away\"], \"status\""))) {
            assertThat(Waiting.failure(client(source).query(QUERY)))
                    .hasMessageEndingWith("answers with a warning, so that not all may be there: a store is away");
        }
    }

    @Test
    void leavesOutWhatWasNotAskedFor() {
        assertThat(answer(matrix("""
                        {"metric": {"__name__": "m"}, "values": [[1795384077.249, "1"], [1795384077.25, "2"], [1795384137.25, "3"],
                          [1795384137.251, "4"]]}""")).get(0).points())
                .containsExactly(value(FROM.toEpochMilli(), 2), value(FROM.toEpochMilli() + 60_000, 3));
    }

    @ParameterizedTest
    @CsvSource({
        "400, bad_data, invalid parameter",
        "422, execution, many-to-many matching not allowed",
        "503, timeout, query timed out in expression evaluation",
        "500, internal, tsdb",
        "200, bad_data, a proxy has changed the status",
    })
    void errors_areTold(int status, String type, String text) {
        String body = "{\"status\": \"error\", \"errorType\": \"%s\", \"error\": \"%s\"}".formatted(type, text);
        try (LocalSource source = LocalSource.answering(status, body)) {
            SourceUnavailableException failure = Waiting.failure(client(source).query(QUERY));

            assertThat(failure)
                    .hasMessage(source.base() + " answers with "
                            + (status == 200 ? "an error: " : "status " + status + ": ") + type + ": " + text);
            assertThat(failure.problem()).startsWith("answers with ");
            assertThat(failure.isOfSource()).isEqualTo(status >= 500);
            assertThat(failure.retryAfter()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "{\"status\": \"success\"}",
                "{\"status\": \"success\", \"data\": {\"resultType\": \"vector\", \"result\": []}}",
                "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\"}}",
                "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": {}}}",
                "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [{\"values\": []}]}}",
            })
    void otherAnswers_areRefused(String body) {
        assertRefused(body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1795384092.25]",
                "[1795384092.25, \"1\", \"2\"]",
                "[\"1795384092.25\", \"1\"]",
                "[1e300, \"1\"]",
                "[1795384092.25, 1]",
                "[1795384092.25, \"\"]",
                "[1795384092.25, \"0x1p3\"]",
                "[1795384092.25, \"1d\"]",
                "[1795384092.25, null]",
                "{}",
            })
    void otherPoints_areRefused(String point) {
        assertRefused(matrix("{\"metric\": {\"__name__\": \"m\"}, \"values\": [" + point + "]}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"__name__\": 1}", "{\"__name__\": null}", "{\"__name__\": \"\\ud800\"}", "[]", "null", "{}"})
    void otherLabels_areRefused(String labels) {
        assertRefused(matrix("{\"metric\": " + labels + ", \"values\": []}"));
    }

    @Test
    void queriesOfNothing_areNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MetricQuery("m", FROM, FROM.minusMillis(1)))
                .withMessageStartingWith("to must not be before from");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MetricQuery(" ", FROM, FROM))
                .withMessageStartingWith("text");
    }

    private static void assertRefused(String body) {
        try (LocalSource source = LocalSource.answering(200, body)) {
            SourceUnavailableException failure = Waiting.failure(client(source).query(QUERY));

            assertThat(failure).hasMessageContaining(" answers with ");
        }
    }

    private static List<MetricSeries> answer(String body) {
        try (LocalSource source = LocalSource.answering(200, body)) {
            return Waiting.get(client(source).query(QUERY));
        }
    }

    private static PrometheusClient client(LocalSource source) {
        return new PrometheusClient(source.endpoint(), REQUESTS);
    }

    private static String matrix(String series) {
        return "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [" + series + "]}}";
    }

    private static MetricPoint value(long millis, double value) {
        return new MetricPoint.Value(Instant.ofEpochMilli(millis), value, Temporality.UNKNOWN, null);
    }
}
