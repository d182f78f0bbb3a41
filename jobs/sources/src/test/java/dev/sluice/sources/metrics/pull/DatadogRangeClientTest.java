package dev.sluice.sources.metrics.pull;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.Deliveries;
import dev.sluice.sources.metrics.pull.LocalSource.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatadogRangeClientTest {
    private static final OutgoingRequests REQUESTS = new OutgoingRequests(new RequestLimits(1 << 20));
    private static final RangeLimits LIMITS = new RangeLimits(2, 100);
    private static final Instant FROM = Instant.parse("2026-03-01T12:00:00Z");
    private static final long MILLIS = FROM.toEpochMilli();
    private static final MetricQuery QUERY =
            new MetricQuery("avg:shop.latency{version:1,env:prod}", FROM, FROM.plusSeconds(3600));

    @Test
    void asksForTheRange() {
        try (LocalSource source = LocalSource.answering(200, answer(""))) {
            assertThat(Waiting.get(client(source).query(QUERY, LIMITS))).isEmpty();

            assertThat(source.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.method()).isEqualTo("GET");
                assertThat(asked.uri().getPath()).isEqualTo("/api/v1/query");
                assertThat(Asked.fields(asked.uri().getRawQuery()))
                        .isEqualTo(Map.of(
                                "from", "1772366400",
                                "to", "1772370000",
                                "query", "avg:shop.latency{version:1,env:prod}"));
                assertThat(asked.header("DD-API-KEY")).isEqualTo("API-KEY");
                assertThat(asked.header("DD-APPLICATION-KEY")).isEqualTo("APP-KEY");
            });
        }
    }

    /** As Kayenta fills them. */
    @Test
    void intervalsWithoutAValueAreNaN_fromTheStartOfASeriesToItsEnd() {
        assertThat(received("""
                        {"interval": 20, "start": %1$d, "end": %2$d, "tag_set": ["pod_name:a"],
                         "pointlist": [[%1$d.0, 1], [%3$d.0, null], [%4$d.0, 2.5]]}""".formatted(MILLIS + 20_000, MILLIS + 119_000, MILLIS + 40_000, MILLIS + 80_000)))
                .containsExactly(new RangeSeries(
                        new TreeMap<>(Map.of("pod_name", "a")), List.of(1.0, Double.NaN, Double.NaN, 2.5, Double.NaN)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"interval\": 20 | \"interval\": 0 | /series/0/interval must be seconds, at least one",
                "\"interval\": 20 | \"interval\": 1e300 | /series/0/interval must be a whole number",
                "\"start\": 1772366400000 | \"begin\": 1772366400000 | /series/0/start must be a whole number",
                "\"end\": 1772366440000 | \"end\": 1772366300000 | /series/0/end must not be before start",
                "[1772366400000.0, 1.0] | [1772366410000.0, 1.0] | /series/0/pointlist/0 must be of an interval from start to end",
                "[1772366400000.0, 1.0] | [1772366460000.0, 1.0] | /series/0/pointlist/0 must be of an interval from start to end",
                "[1772366400000.0, 1.0] | [1772366380000.0, 1.0] | /series/0/pointlist/0 must be of an interval from start to end",
                "\"tag_set\": [] | \"tags\": [] | /series/0/tag_set is required",
            })
    void otherSeries_areRefused(String part, String other, String problem) {
        String series =
                "{\"interval\": 20, \"start\": 1772366400000, \"end\": 1772366440000, \"tag_set\": [], \"pointlist\": [[1772366400000.0, 1.0]]}";
        assertThat(received(series)).hasSize(1);
        assertThat(series).contains(part);

        try (LocalSource source = LocalSource.answering(200, answer(series.replace(part, other)))) {
            assertThat(Waiting.failure(client(source).query(QUERY, LIMITS)).problem())
                    .contains(problem);
        }
    }

    @Test
    void tooManyValues_areNotTaken() {
        String series = "{\"interval\": 1, \"start\": 0, \"end\": 1e15, \"tag_set\": [], \"pointlist\": []}";
        assertThat(tooMany(series)).hasMessageStartingWith("has more than 100 values");
        String small = "{\"interval\": 1, \"start\": 0, \"end\": 0, \"tag_set\": [], \"pointlist\": []}";
        assertThat(tooMany(String.join(",", small, small, small))).hasMessageStartingWith("has more than 2 series");
    }

    private static Throwable tooMany(String series) {
        try (LocalSource source = LocalSource.answering(200, answer(series))) {
            Throwable failure = Waiting.get(client(source).query(QUERY, LIMITS).handle((all, thrown) -> {
                if (thrown == null) {
                    throw new AssertionError("there is an answer: " + all);
                }
                return thrown;
            }));
            assertThat(failure).isInstanceOf(TooManyValuesException.class);
            return failure;
        }
    }

    @Test
    void namesAreThoseOfMetricsWithValues() {
        try (LocalSource source =
                LocalSource.answering(200, "{\"from\": \"1772366400\", \"metrics\": [\"shop.latency\", \"up\"]}")) {
            assertThat(Waiting.get(client(source).names(FROM))).containsExactly("shop.latency", "up");
            assertThat(source.asked().get(0).uri()).hasToString("/api/v1/metrics?from=1772366400");
        }
        try (LocalSource source = LocalSource.answering(403, "{\"errors\": [\"Forbidden\"]}")) {
            assertThat(Waiting.failure(client(source).names(FROM)).problem())
                    .isEqualTo("answers with status 403: Forbidden");
        }
    }

    /** What Datadog itself has answered. */
    @Test
    void readsTheRecordedAnswer() throws IOException {
        Path file = Deliveries.samples().resolve("datadog/metrics_v1_query.json");
        Assumptions.assumeTrue(Files.exists(file), "the shared sample metrics_v1_query of Datadog is absent");
        try (LocalSource source = LocalSource.answering(200, Files.readAllBytes(file))) {
            assertThat(Waiting.get(client(source).query(QUERY, LIMITS)))
                    .singleElement()
                    .satisfies(series -> {
                        assertThat(series.labels()).isEmpty();
                        assertThat(series.values()).hasSize(12).contains(94.31900300343831, 94.32324359893799);
                    });
        }
    }

    private static List<RangeSeries> received(String series) {
        try (LocalSource source = LocalSource.answering(200, answer(series))) {
            return Waiting.get(client(source).query(QUERY, LIMITS));
        }
    }

    private static DatadogRangeClient client(LocalSource source) {
        return new DatadogRangeClient(
                new Endpoint(source.base(), Credentials.datadog(() -> "API-KEY", () -> "APP-KEY")), REQUESTS);
    }

    private static String answer(String series) {
        return "{\"status\": \"ok\", \"res_type\": \"time_series\", \"series\": [" + series + "]}";
    }
}
