package dev.sluice.sources.metrics.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.sources.metrics.pull.LocalSource.Asked;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusRangeClientTest {
    private static final OutgoingRequests REQUESTS = new OutgoingRequests(new RequestLimits(1 << 23));
    private static final RangeLimits LIMITS = new RangeLimits(100, 500_000);
    private static final Instant FROM = Instant.parse("2026-03-01T12:00:00Z");
    private static final long SECOND = FROM.getEpochSecond();
    private static final RangeQuery QUERY =
            new RangeQuery("avg(up{job=\"a\"})", FROM, FROM.plusSeconds(239), Duration.ofMinutes(1));

    @Test
    void asksForEachStepOfARange() {
        try (LocalSource source = LocalSource.answering(200, matrix(""))) {
            assertThat(Waiting.get(client(source).query(QUERY, LIMITS))).isEmpty();

            assertThat(source.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.method()).isEqualTo("POST");
                assertThat(asked.uri()).hasToString("/api/v1/query_range");
                assertThat(asked.header("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
                assertThat(Asked.fields(asked.body()))
                        .isEqualTo(Map.of(
                                "query", "avg(up{job=\"a\"})",
                                "start", SECOND + ".000",
                                "end", (SECOND + 180) + ".000",
                                "step", "60.000",
                                "timeout", "5.000"));
            });
        }
    }

    @Test
    void stepsWithoutAPointAreNaN_likeThoseThatAreNoNumber() {
        List<RangeSeries> answer = answer(matrix("""
                {"metric": {}, "values": [[%d, "1.5"], [%d, "NaN"], [%d, "+Inf"]]},
                {"metric": {"pod": "b"}, "values": [[%d.0, "-Inf"]]}""".formatted(SECOND, SECOND + 60, SECOND + 180, SECOND + 120)));

        assertThat(answer)
                .containsExactly(
                        new RangeSeries(
                                new TreeMap<>(), List.of(1.5, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY)),
                        new RangeSeries(
                                new TreeMap<>(Map.of("pod", "b")),
                                List.of(Double.NaN, Double.NaN, Double.NEGATIVE_INFINITY, Double.NaN)));
    }

    @Test
    void stepsThatTheSourceHasMovedAreTheNearest() {
        assertThat(answer(matrix("{\"metric\": {}, \"values\": [[%d, \"9\"], [%d, \"1\"], [%d, \"2\"], [%d, \"9\"]]}"
                                .formatted(SECOND - 40, SECOND + 20, SECOND + 80, SECOND + 260)))
                        .get(0)
                        .values())
                .containsExactly(1.0, 2.0, Double.NaN, Double.NaN);
    }

    @Test
    void moreStepsThanPrometheusAnswersAreAskedForInParts() {
        var longer = new RangeQuery(
                "m", FROM, FROM.plusSeconds(2 * PrometheusRangeClient.MOST_STEPS), Duration.ofSeconds(1));
        try (var source = new LocalSource((asked, exchange) -> {
            Map<String, String> form = Asked.fields(asked.body());
            String start = new BigDecimal(form.get("start")).toPlainString();
            LocalSource.send(
                    exchange,
                    200,
                    matrix("{\"metric\": {\"part\": \"all\"}, \"values\": [[" + start + ", \"7\"]]}")
                            .getBytes(StandardCharsets.UTF_8));
        })) {
            List<RangeSeries> series = Waiting.get(client(source).query(longer, LIMITS));

            assertThat(source.asked())
                    .extracting(asked -> Asked.fields(asked.body()).get("start"))
                    .containsExactly(SECOND + ".000", (SECOND + 11_000) + ".000", (SECOND + 22_000) + ".000");
            assertThat(source.asked())
                    .extracting(asked -> Asked.fields(asked.body()).get("end"))
                    .containsExactly(
                            (SECOND + 10_999) + ".000", (SECOND + 21_999) + ".000", (SECOND + 22_000) + ".000");
            assertThat(series).singleElement().satisfies(one -> {
                assertThat(one.values()).hasSize(22_001);
                assertThat(List.of(
                                one.values().get(0),
                                one.values().get(11_000),
                                one.values().get(22_000)))
                        .containsOnly(7.0);
                assertThat(one.values()).filteredOn(value -> !value.isNaN()).hasSize(3);
            });
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 | 8 | has more than 3 series; let it add them up",
                "4 | 15 | has more than 15 values; let it have fewer series, or longer steps"
            })
    void moreThanIsTaken_isRefused(int series, int values, String message) {
        String four = IntStream.range(0, 4)
                .mapToObj(i -> "{\"metric\": {\"pod\": \"%d\"}, \"values\": [[%d, \"1\"]]}".formatted(i, SECOND))
                .collect(Collectors.joining(","));
        try (LocalSource source = LocalSource.answering(200, matrix(four))) {
            assertThat(Waiting.get(client(source).query(QUERY, new RangeLimits(4, 16))))
                    .hasSize(4);

            assertThat(client(source).query(QUERY, new RangeLimits(series, values)))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(TooManyValuesException.class)
                    .withMessage(message);
        }
    }

    @Test
    void thePartsOfARangeAreLimitedTogether() {
        var longer =
                new RangeQuery("m", FROM, FROM.plusSeconds(PrometheusRangeClient.MOST_STEPS), Duration.ofSeconds(1));
        try (var source = new LocalSource((asked, exchange) -> {
            String start = Asked.fields(asked.body()).get("start");
            LocalSource.send(
                    exchange,
                    200,
                    matrix("{\"metric\": {\"part\": \"" + start + "\"}, \"values\": [[" + start + ", \"7\"]]}")
                            .getBytes(StandardCharsets.UTF_8));
        })) {
            assertThat(client(source).query(longer, new RangeLimits(1, 500_000)))
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableOfType(ExecutionException.class)
                    .havingCause()
                    .isInstanceOf(TooManyValuesException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, bad_data, invalid parameter",
        "422, execution, many-to-many",
        "503, timeout, too slow",
        "200, x, y"
    })
    void errors_areTold(int status, String type, String text) {
        String body = "{\"status\": \"error\", \"errorType\": \"%s\", \"error\": \"%s\"}".formatted(type, text);
        try (LocalSource source = LocalSource.answering(status, body)) {
            assertThat(Waiting.failure(client(source).query(QUERY, LIMITS)).problem())
                    .isEqualTo("answers with " + (status == 200 ? "an error: " : "status " + status + ": ") + type
                            + ": " + text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"status\": \"success\", \"data\": {\"resultType\": \"vector\", \"result\": []}}",
                "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [{\"values\": []}]}}",
                "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [{\"metric\": {}, \"values\": [[1]]}]}}",
                "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [{\"metric\": {}, \"values\": [[1, \"x\"]]}]}}",
            })
    void otherAnswers_areRefused(String body) {
        try (LocalSource source = LocalSource.answering(200, body)) {
            assertThat(Waiting.failure(client(source).query(QUERY, LIMITS))).hasMessageContaining(" answers with ");
        }
    }

    @Test
    void tellsTheNamesOfMetrics() {
        try (LocalSource source = LocalSource.answering(200, "{\"status\": \"success\", \"data\": [\"up\", \"x\"]}")) {
            assertThat(Waiting.get(client(source).names())).containsExactly("up", "x");

            assertThat(source.asked().get(0).uri()).hasToString("/api/v1/label/__name__/values");
        }
    }

    @Test
    void queriesOfNothing_areNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RangeQuery("m", FROM, FROM.minusMillis(1), Duration.ofSeconds(1)))
                .withMessageStartingWith("to must not be before from");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RangeQuery("m", FROM, FROM, Duration.ZERO))
                .withMessageStartingWith("step");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RangeQuery(" ", FROM, FROM, Duration.ofSeconds(1)))
                .withMessageStartingWith("text");
    }

    private static List<RangeSeries> answer(String body) {
        try (LocalSource source = LocalSource.answering(200, body)) {
            return Waiting.get(client(source).query(QUERY, LIMITS));
        }
    }

    private static PrometheusRangeClient client(LocalSource source) {
        return new PrometheusRangeClient(source.endpoint(), REQUESTS);
    }

    private static String matrix(String series) {
        return "{\"status\": \"success\", \"data\": {\"resultType\": \"matrix\", \"result\": [" + series + "]}}";
    }
}
