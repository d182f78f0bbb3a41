package dev.sluice.sources.metrics.pull;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.sources.metrics.pull.LocalSource.Asked;
import dev.sluice.wire.CanarySelection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatadogSeriesTest {
    private static final OutgoingRequests REQUESTS = new OutgoingRequests(new RequestLimits(1 << 16));
    private static final CanarySelection ERRORS =
            RunRequests.ratio("{'shop.hits',status_class='5xx'}", "{'shop.hits'}");
    private static final String NONE = answer("");

    @Test
    void asksForCountsOfBothArms_inOneRequest() {
        try (LocalSource source = LocalSource.answering(200, NONE)) {
            var endpoint = new Endpoint(source.base(), Credentials.datadog(() -> "the-api-key", () -> "the-app-key"));

            assertThat(Waiting.get(new DatadogSeries(endpoint, REQUESTS).series(RunRequests.request(ERRORS, 3, 45))))
                    .isEmpty();

            assertThat(source.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.method()).isEqualTo("GET");
                assertThat(asked.body()).isEmpty();
                assertThat(asked.uri().getPath()).isEqualTo("/api/v1/query");
                assertThat(Asked.fields(asked.uri().getRawQuery()))
                        .isEqualTo(
                                Map.of(
                                        "from", "1795953610",
                                        "to", "1795953640",
                                        "query",
                                                String.join(
                                                        ",",
                                                        "sum:shop.hits{status_class:5xx,version:1} by {pod_name,status_class,version}.as_count().rollup(sum,10)",
                                                        "sum:shop.hits{status_class:5xx,version:2} by {pod_name,status_class,version}.as_count().rollup(sum,10)",
                                                        "sum:shop.hits{version:1} by {pod_name,status_class,version}.as_count().rollup(sum,10)",
                                                        "sum:shop.hits{version:2} by {pod_name,status_class,version}.as_count().rollup(sum,10)")));
                assertThat(asked.header("DD-API-KEY")).isEqualTo("the-api-key");
                assertThat(asked.header("DD-APPLICATION-KEY")).isEqualTo("the-app-key");
                assertThat(asked.header("Accept")).isEqualTo("application/json");
                assertThat(asked.header("Authorization")).isEmpty();
            });
        }
    }

    @Test
    void asksForMeansOfLevels_andByWhatConditionsAreOf() {
        assertThat(texts(RunRequests.selection("", """
                        {"name": "memory", "kind": "gauge",
                         "series": {"value": "{'container.memory',zone=~'eu-.',env!='test',team='a'}"}}""")))
                .containsExactly(
                        "avg:container.memory{team:a,version:1} by {env,team,version,zone}.rollup(avg,10)",
                        "avg:container.memory{team:a,version:2} by {env,team,version,zone}.rollup(avg,10)");
    }

    private static List<String> texts(CanarySelection selection) {
        return DatadogQuery.of(selection).stream().map(query -> query.text(10)).toList();
    }

    @Test
    void manyQueries_areSeveralRequests() {
        String metrics = IntStream.range(0, 6)
                .mapToObj(i ->
                        "{\"name\": \"g%1$d\", \"kind\": \"gauge\", \"series\": {\"value\": \"m%1$d\"}}".formatted(i))
                .collect(Collectors.joining(","));
        try (LocalSource source = LocalSource.answering(200, NONE)) {
            assertThat(Waiting.get(series(source, RunRequests.selection("", metrics), 3, 20)))
                    .isEmpty();

            assertThat(source.asked()).hasSize(2);
            assertThat(source.asked().stream()
                            .flatMap(asked -> IntStream.range(0, 12)
                                    .filter(i -> Asked.fields(asked.uri().getRawQuery())
                                            .getOrDefault("query", "")
                                            .contains("avg:m" + i / 2 + "{version:" + (1 + i % 2) + "}"))
                                    .boxed()))
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 12).boxed().toList());
        }
    }

    @Test
    void asksForNothing_whereNoBucketHasEnded() {
        try (LocalSource source = LocalSource.answering(500, "")) {
            assertThat(Waiting.get(series(source, ERRORS, 22, 29.9))).isEmpty();
            assertThat(source.asked()).isEmpty();
        }
    }

    @Test
    void countsAreOfTheTimeBefore_andNothingIsNoZero() {
        assertThat(received("""
                        {"query_index": 3, "interval": 10, "metric": "shop.hits", "scope": "version:2", "tag_set": ["version:2", "pod_name:a:b", "status_class:N/A"],
                         "pointlist": [[1795953600000.0, 1], [1795953610000.0, 7], [1795953620000.0, null], [1795953630000, 2.5], [1795953640000.0, 9]],
                         "unit": null, "new": {"in": "Datadog"}},
                        {"query_index": 0, "interval": 10000, "tag_set": [], "pointlist": [[1795953610000.0, null]]}""")).singleElement().satisfies(series -> {
            assertThat(series.labels()).isEqualTo(Map.of("__name__", "shop.hits", "version", "2", "pod_name", "a:b"));
            assertThat(series.points()).containsExactly(count(10, 7), count(30, 2.5));
        });
    }

    @Test
    void levelsAreOfTheTimeAfter() {
        CanarySelection memory = RunRequests.selection(
                "", "{\"name\": \"memory\", \"kind\": \"gauge\", \"series\": {\"value\": \"m\"}}");
        try (LocalSource source = LocalSource.answering(200, answer("""
                {"query_index": 0, "interval": 10, "tag_set": ["version:1"], "pointlist": [[1795953610000.0, -0.5]]}"""))) {
            assertThat(Waiting.get(series(source, memory, 3, 45)))
                    .singleElement()
                    .satisfies(series -> assertThat(series.points())
                            .containsExactly(
                                    new MetricPoint.Value(RunRequests.after(10), -0.5, Temporality.GAUGE, null)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"errors\": [\"Error parsing query\", \"at 7\"]} | answers with status 400: Error parsing query, at 7 | false",
                "403 | {\"errors\": [\"Forbidden\"]} | answers with status 403: Forbidden | true",
                "200 | {\"status\": \"error\", \"error\": \"unable to parse x{*\"} | answers with an error: unable to parse x{* | false",
                "200 | {\"status\": \"ok\", \"error\": \"some are away\", \"series\": []} | answers with an error: some are away | false",
                "503 | upstream | answers with status 503 | true",
            })
    void errors_areTold(int status, String body, String problem, boolean isOfSource) {
        try (LocalSource source = LocalSource.answering(status, body)) {
            SourceUnavailableException failure = Waiting.failure(series(source, ERRORS, 3, 45));

            assertThat(failure).hasMessage(source.base() + " " + problem);
            assertThat(failure.isOfSource()).isEqualTo(isOfSource);
        }
    }

    @Test
    void isLeftAloneForAsLongAsItWants() {
        try (var source = new LocalSource((asked, exchange) -> {
            exchange.getResponseHeaders().set("X-RateLimit-Limit", "1600");
            exchange.getResponseHeaders().set("X-RateLimit-Period", "3600");
            exchange.getResponseHeaders().set("X-RateLimit-Remaining", "0");
            exchange.getResponseHeaders().set("X-RateLimit-Reset", "47");
            LocalSource.send(exchange, 429, "{\"errors\": [\"Rate limit of 1600 requests\"]}".getBytes(UTF_8));
        })) {
            SourceUnavailableException failure = Waiting.failure(series(source, ERRORS, 3, 45));

            assertThat(failure.isOfSource()).isTrue();
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(47));
        }
    }

    @Test
    void secretsAreNotTold() {
        String body = "{\"errors\": [\"the keys the-api-key and the-app-key are none\"]}";
        try (LocalSource source = LocalSource.answering(403, body)) {
            var endpoint = new Endpoint(source.base(), Credentials.datadog(() -> "the-api-key", () -> "the-app-key"));

            assertThat(Waiting.failure(
                            new DatadogSeries(endpoint, REQUESTS).series(RunRequests.request(ERRORS, 3, 45))))
                    .hasMessageEndingWith("status 403: the keys *** and *** are none");
            assertThat(endpoint.toString()).doesNotContain("the-api-key", "the-app-key");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"status\": \"ok\"}",
                "{\"status\": \"ok\", \"series\": {}}",
                "{\"status\": \"ok\", \"series\": [7]}",
                "not JSON",
            })
    void otherAnswers_areRefused(String body) {
        assertRefused(body);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"query_index\": 0 | \"query_index\": 4 | /series/0/query_index must be one of 4 queries",
                "\"query_index\": 0 | \"query_index\": -1 | /series/0/query_index must be one of 4 queries",
                "\"query_index\": 0 | \"other\": 0 | /series/0/query_index must be one of 4 queries",
                "\"interval\": 10 | \"interval\": 20 | /series/0/interval must be 10 s",
                "\"interval\": 10 | \"step\": 10 | /series/0/interval must be 10 s",
                "[\"version:1\"] | [\"version\"] | /series/0/tag_set/0 must be a key and a value",
                "[\"version:1\"] | [7] | /series/0/tag_set/0 must be a text",
                "[\"version:1\"] | null | /series/0/tag_set is required",
                "[1795953610000.0, 1.0] | [1795953615000.0, 1.0] | /series/0/pointlist/0 must be of the beginning of an interval",
                "[1795953610000.0, 1.0] | [1795953610000.0] | /series/0/pointlist/0 must be a time and a value",
                "[1795953610000.0, 1.0] | [1795953610000.0, \"1\"] | /series/0/pointlist/0/1 must be a number",
                "[1795953610000.0, 1.0] | [\"noon\", 1.0] | /series/0/pointlist/0/0 must be milliseconds",
                "[1795953610000.0, 1.0] | [1e300, 1.0] | /series/0/pointlist/0/0 must be milliseconds",
                "[[1795953610000.0, 1.0]] | null | /series/0/pointlist is required",
            })
    void otherSeries_areRefused(String part, String other, String problem) {
        String series =
                "{\"query_index\": 0, \"interval\": 10, \"tag_set\": [\"version:1\"], \"pointlist\": [[1795953610000.0, 1.0]]}";
        assertThat(received(series)).hasSize(1);
        assertThat(series).contains(part);

        assertThat(assertRefused(answer(series.replace(part, other))).problem()).contains(problem);
    }

    @Test
    void notANumberIsNoJson() {
        assertRefused(answer(
                "{\"query_index\": 0, \"interval\": 10, \"tag_set\": [], \"pointlist\": [[1795953610000.0, NaN]]}"));
    }

    @Test
    void hugeAnswers_areNotTaken() {
        assertThat(assertRefused(answer("\"" + "x".repeat(1 << 16) + "\"")).problem())
                .isEqualTo("answers with more than 65536 bytes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name='a',x='1'} | x | errors: its selector must have the name of a metric of Datadog",
                "{'a b'} | x | errors: its selector must have the name of a metric of Datadog",
                "e | x{code='5 or 6'} | errors: no tag of Datadog is code:5 or 6",
                "e | x{code='5*'} | errors: no tag of Datadog is code:5*",
                "e | x{code='5} by {pod'} | errors: no tag of Datadog is code:5} by {pod",
                "e | x{version_of='1.0-RC1'} | errors: no tag of Datadog is version_of:1.0-RC1",
                "e | x{'a,b'='1'} | x: no tag of Datadog is named a,b",
                "e | x{'a:b'!='1'} | x: no tag of Datadog is named a:b",
            })
    void whatCannotBeSaid_isToldAndNotAsked(String events, String exposure, String problem) {
        try (LocalSource source = LocalSource.answering(500, "")) {
            SourceUnavailableException failure =
                    Waiting.failure(series(source, RunRequests.ratio(events, exposure), 3, 45));

            assertThat(failure.problem()).startsWith("cannot be asked for ").contains(problem);
            assertThat(failure.isOfSource()).isFalse();
            assertThat(source.asked()).isEmpty();
        }
    }

    @Test
    void histograms_cannotBeAskedFor() {
        CanarySelection duration = RunRequests.selection(
                "", "{\"name\": \"duration\", \"kind\": \"histogram\", \"series\": {\"histogram\": \"d\"}}");
        try (LocalSource source = LocalSource.answering(500, "")) {
            assertThat(Waiting.failure(series(source, duration, 3, 45)).problem())
                    .isEqualTo(
                            "cannot be asked for the metric duration: Datadog keeps no counts up to bounds; count the slow"
                                    + " requests as events of a ratio");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changedAnswers_areUnderstoodOrRefused(long seed) {
        String series = "{\"query_index\": 1, \"interval\": 10, \"tag_set\": [\"version:1\", \"pod_name:a\"],"
                + " \"pointlist\": [[1795953610000.0, 1.0], [1795953620000.0, null]]}";
        List<byte[]> samples = List.of(answer(series).getBytes(UTF_8), "{\"errors\": [\"Forbidden\"]}".getBytes(UTF_8));
        SeriesRequest request = RunRequests.request(ERRORS, 3, 45);

        AnyAnswer.check(
                seed,
                samples,
                endpoint -> query -> new DatadogSeries(endpoint, REQUESTS).series(request),
                new MetricQuery("any", request.from(), request.to()));
    }

    private static SourceUnavailableException assertRefused(String body) {
        try (LocalSource source = LocalSource.answering(200, body)) {
            SourceUnavailableException failure = Waiting.failure(series(source, ERRORS, 3, 45));
            assertThat(failure.isOfSource()).isFalse();
            return failure;
        }
    }

    private static List<MetricSeries> received(String series) {
        try (LocalSource source = LocalSource.answering(200, answer(series))) {
            return Waiting.get(series(source, ERRORS, 3, 45));
        }
    }

    private static CompletableFuture<List<MetricSeries>> series(
            LocalSource source, CanarySelection selection, double from, double to) {
        return new DatadogSeries(source.endpoint(), REQUESTS).series(RunRequests.request(selection, from, to));
    }

    private static String answer(String series) {
        return """
                {"status": "ok", "resp_version": 1, "res_type": "time_series", "query": "q", "message": "", "group_by": [],
                 "from_date": 1795953610000, "to_date": 1795953640000, "times": [], "values": [], "series": [%s]}""".formatted(series);
    }

    private static MetricPoint count(double begin, double value) {
        return new MetricPoint.Value(RunRequests.after(begin + 10), value, Temporality.DELTA, RunRequests.after(begin));
    }
}
