package dev.sluice.sources.metrics.pull;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.sources.metrics.Temporality;
import dev.sluice.wire.CanarySelection;
import dev.sluice.wire.Json;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ElasticsearchSeriesTest {
    private static final OutgoingRequests REQUESTS = new OutgoingRequests(new RequestLimits(1 << 21));
    private static final CanarySelection ERRORS =
            RunRequests.ratio("documents{'http.status'=~'5..'}", "documents{probe!='yes'}");
    private static final CanarySelection ALL_KINDS =
            RunRequests.selection("\"pull\": {\"source\": \"es\"}, \"pod_label\": \"pod_name\", ", """
                    {"name": "errors", "kind": "ratio", "series": {"events": "documents{'http.status'=~'5..'}", "exposure": "documents"}},
                    {"name": "duration", "kind": "histogram", "series": {"histogram": "{'duration.us'}", "bounds": [1000, 2.5e3]}},
                    {"name": "post", "kind": "histogram", "series": {"histogram": "{'duration.us',method='POST'}", "bounds": [500]}},
                    {"name": "queue", "kind": "gauge", "series": {"value": "{'queue.length',method='GET'}"}}""");

    @Test
    void asksForAllInOneSearch() {
        try (LocalSource source = LocalSource.answering(200, answer(0, ""))) {
            var endpoint = new Endpoint(source.base(), Credentials.apiKey(() -> "aWQ6a2V5"));
            var series = new ElasticsearchSeries(endpoint, REQUESTS, "logs-shop-*,other:logs", "@timestamp");

            assertThat(Waiting.get(series.series(RunRequests.request(ALL_KINDS, 3, 45))))
                    .isEmpty();

            assertThat(source.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.method()).isEqualTo("POST");
                assertThat(asked.uri())
                        .hasToString("/logs-shop-*,other:logs/_search?allow_partial_search_results=false"
                                + "&ignore_unavailable=false&allow_no_indices=false");
                assertThat(asked.header("Authorization")).isEqualTo("ApiKey aWQ6a2V5");
                assertThat(asked.header("Content-Type")).isEqualTo("application/json");
                assertThat(json(asked.body())).isEqualTo(json("""
                        {"size": 0, "track_total_hits": true, "timeout": "5000ms",
                         "query": {"bool": {"filter": [
                           {"range": {"@timestamp": {"gte": 1795953610000, "lt": 1795953640000, "format": "epoch_millis"}}},
                           {"bool": {"should": [
                             {"bool": {"filter": [{"term": {"version": "1"}}]}},
                             {"bool": {"filter": [{"term": {"version": "2"}}]}}], "minimum_should_match": 1}}]}},
                         "aggs": {"series": {
                           "composite": {"size": 10000, "sources": [
                             {"at": {"date_histogram": {"field": "@timestamp", "fixed_interval": "10s"}}},
                             {"label0": {"terms": {"field": "http.status", "missing_bucket": true}}},
                             {"label1": {"terms": {"field": "method", "missing_bucket": true}}},
                             {"label2": {"terms": {"field": "pod_name", "missing_bucket": true}}},
                             {"label3": {"terms": {"field": "version", "missing_bucket": true}}}]},
                           "aggs": {
                             "mean0": {"avg": {"field": "queue.length"}},
                             "histogram0": {"filters": {"filters": {
                               "all": {"exists": {"field": "duration.us"}},
                               "bound0": {"range": {"duration.us": {"lte": 500.0}}},
                               "bound1": {"range": {"duration.us": {"lte": 1000.0}}},
                               "bound2": {"range": {"duration.us": {"lte": 2500.0}}}}}}}}}}"""));
            });
        }
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(UTF_8), JsonNode.class);
    }

    @Test
    void asksAsAUser() {
        try (LocalSource source = LocalSource.answering(200, answer(0, ""))) {
            var endpoint = new Endpoint(source.base(), Credentials.basic("sluice", () -> "pass"));

            Waiting.get(new ElasticsearchSeries(endpoint, REQUESTS, "logs", "ts")
                    .series(RunRequests.request(ERRORS, 3, 45)));

            assertThat(source.asked()).singleElement().satisfies(asked -> {
                assertThat(asked.header("Authorization")).isEqualTo("Basic c2x1aWNlOnBhc3M=");
                assertThat(asked.body())
                        .contains("{\"range\":{\"ts\":")
                        .contains("\"date_histogram\":{\"field\":\"ts\",");
            });
        }
    }

    /** After a gap there are many buckets: they are asked for some at a time, each once. */
    @Test
    void manyBucketsAreAskedForInParts() {
        try (LocalSource source = LocalSource.answering(200, answer(0, ""))) {
            assertThat(Waiting.get(series(source, ERRORS, 3, 1305))).isEmpty();

            assertThat(source.asked())
                    .extracting(asked -> json(asked.body()).at("/query/bool/filter/0/range"))
                    .extracting(range -> (range.elements().next().path("lt").longValue()
                                    - range.elements().next().path("gte").longValue())
                            / 10_000)
                    .containsExactly(60L, 60L, 9L);
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
    void documentsAreOfTheTimeBefore_andAbsentFieldsAreNoLabels() {
        assertThat(received(ERRORS, 12, """
                        {"key": {"at": 1795953610000, "label0": 503, "label1": "a", "label2": null, "label3": "2"}, "doc_count": 2},
                        {"key": {"at": 1795953630000, "label0": 503, "label1": "a", "label2": null, "label3": "2"}, "doc_count": 3},
                        {"key": {"at": 1795953630000, "label0": null, "label1": "", "label2": true, "label3": "2"}, "doc_count": 7}"""))
                .extracting(MetricSeries::labels, MetricSeries::points)
                .containsExactly(
                        tuple(
                                Map.of("__name__", "documents", "http.status", "503", "pod_name", "a", "version", "2"),
                                List.of(count(10, 2), count(30, 3))),
                        tuple(Map.of("__name__", "documents", "probe", "true", "version", "2"), List.of(count(30, 7))));
    }

    @Test
    void meansAndBoundsAreThoseOfTheDocumentsThatHaveTheField() {
        List<MetricSeries> all = received(ALL_KINDS, 9, """
                {"key": {"at": 1795953610000, "label0": 200, "label1": "GET", "label2": "a", "label3": "1"}, "doc_count": 4,
                 "mean0": {"value": 2.5}, "histogram0": {"buckets": {"all": {"doc_count": 3}, "bound0": {"doc_count": 0},
                   "bound1": {"doc_count": 2}, "bound2": {"doc_count": 3}}}},
                {"key": {"at": 1795953620000, "label0": 200, "label1": "GET", "label2": "a", "label3": "1"}, "doc_count": 5,
                 "mean0": {"value": null}, "histogram0": {"buckets": {"all": {"doc_count": 0}, "bound0": {"doc_count": 0},
                   "bound1": {"doc_count": 0}, "bound2": {"doc_count": 0}}}}""");

        assertThat(all)
                .extracting(MetricSeries::name, MetricSeries::points)
                .containsExactly(
                        tuple("documents", List.of(count(10, 4), count(20, 5))),
                        tuple(
                                "queue.length",
                                List.of(new MetricPoint.Value(RunRequests.after(10), 2.5, Temporality.GAUGE, null))),
                        tuple(
                                "duration.us",
                                List.of(new MetricPoint.Buckets(
                                        RunRequests.after(20),
                                        Temporality.DELTA,
                                        RunRequests.after(10),
                                        List.of(500.0, 1000.0, 2500.0),
                                        List.of(0.0, 2.0, 3.0),
                                        3))));
    }

    /** What is not all that there is must never be read as fewer requests. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"timed_out\": false | \"timed_out\": true | has not searched all in time",
                "\"failed\": 0 | \"failed\": 1 | answers without 1 of 5 shards",
                "\"total\": 5 | \"total\": 0 | answers without any shard",
                "\"timed_out\" | \"_clusters\": {\"total\": 2, \"successful\": 1, \"skipped\": 1}, \"timed_out\" | answers without 1 clusters",
                "\"timed_out\" | \"_clusters\": {\"total\": 2, \"partial\": 2, \"skipped\": 0}, \"timed_out\" | answers without 2 clusters",
                "\"timed_out\" | \"took_out\" | /timed_out must be true or false",
                "\"failed\": 0 | \"lost\": 0 | /_shards/failed must be a number of at least 0",
                "\"value\": 4 | \"value\": 5 | counts 4 where there are 5 documents: a field of the selectors has several values, or documents stand for several",
                "\"value\": 4 | \"value\": 3 | counts 4 where there are 3 documents",
                "\"value\": 4 | \"count\": 4 | /hits/total/value must be a number of at least 0",
                "\"series\": | \"other\": | /aggregations/series/buckets is required",
                "\"at\": 1795953610000 | \"at\": 1795953615000 | /aggregations/series/buckets/0/key/at must be the beginning of an interval that was asked for",
                "\"at\": 1795953610000 | \"at\": 1795953600000 | /aggregations/series/buckets/0/key/at must be the beginning",
                "\"at\": 1795953610000 | \"at\": \"noon\" | /aggregations/series/buckets/0/key/at must be a number",
                "\"label3\" | \"version\" | /aggregations/series/buckets/0/key/label3 must be a value, or null",
                "\"doc_count\": 4 | \"doc_count\": -4 | /aggregations/series/buckets/0/doc_count must be a number",
                "\"value\": 2.5 | \"value\": \"NaN\" | /aggregations/series/buckets/0/mean0/value must be a number, or null",
                "\"mean0\" | \"mean1\" | /aggregations/series/buckets/0/mean0 is required",
                "\"all\": {\"doc_count\": 3} | \"all\": {\"doc_count\": 1} | /aggregations/series/buckets/0/histogram0/buckets must be counts that do not fall",
                "\"bound1\": {\"doc_count\": 2} | \"bound1\": {} | /aggregations/series/buckets/0/histogram0/buckets/bound1/doc_count must be a number",
            })
    void otherAnswers_areRefused(String part, String other, String problem) {
        String body = answer(4, """
                {"key": {"at": 1795953610000, "label0": 200, "label1": "GET", "label2": "a", "label3": "1"}, "doc_count": 4,
                 "mean0": {"value": 2.5}, "histogram0": {"buckets": {"all": {"doc_count": 3}, "bound0": {"doc_count": 0},
                   "bound1": {"doc_count": 2}, "bound2": {"doc_count": 3}}}}""");
        assertThat(received(ALL_KINDS, body)).hasSize(3);
        assertThat(body).contains(part);

        try (LocalSource source = LocalSource.answering(200, body.replace(part, other))) {
            SourceUnavailableException failure = Waiting.failure(series(source, ALL_KINDS, 3, 45));
            assertThat(failure.problem()).contains(problem);
            assertThat(failure.isOfSource()).isFalse();
        }
    }

    @Test
    void tooManyGroups_areNotAllThereAre() {
        String groups = IntStream.range(0, ElasticsearchSearch.MOST_GROUPS)
                .mapToObj(i -> "{\"key\": {\"at\": 1795953610000, \"label0\": 200, \"label1\": \"p" + i
                        + "\", \"label2\": null, \"label3\": \"1\"}, \"doc_count\": 1}")
                .collect(Collectors.joining(","));
        try (LocalSource source = LocalSource.answering(200, answer(ElasticsearchSearch.MOST_GROUPS, groups))) {
            assertThat(Waiting.failure(series(source, ERRORS, 3, 45)).problem())
                    .startsWith("has more than 10000 combinations of what the selectors are about");
        }
    }

    @Test
    void hugeAnswers_areNotTaken() {
        try (LocalSource source = LocalSource.answering(200, answer(0, "\"" + "x".repeat(1 << 21) + "\""))) {
            assertThat(Waiting.failure(series(source, ERRORS, 3, 45)).problem())
                    .isEqualTo("answers with more than 2097152 bytes");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400 | {\"error\": {\"type\": \"illegal_argument_exception\", \"reason\": \"Fielddata is disabled\", \"root_cause\": []}, \"status\": 400} | answers with status 400: illegal_argument_exception: Fielddata is disabled | false",
                "404 | {\"error\": {\"type\": \"index_not_found_exception\", \"reason\": \"no such index [logs]\"}, \"status\": 404} | answers with status 404: index_not_found_exception: no such index [logs] | true",
                "503 | {\"error\": {\"type\": \"search_phase_execution_exception\", \"reason\": \"Partial shards failure\", \"caused_by\": {\"reason\": \"gone\"}}, \"status\": 503} | answers with status 503: search_phase_execution_exception: Partial shards failure: gone | true",
                "401 | {\"error\": \"who are you\"} | answers with status 401: who are you | true",
                "429 | too many | answers with status 429 | true",
            })
    void errors_areTold(int status, String body, String problem, boolean isOfSource) {
        try (LocalSource source = LocalSource.answering(status, body)) {
            SourceUnavailableException failure = Waiting.failure(series(source, ERRORS, 3, 45));

            assertThat(failure).hasMessage(source.base() + " " + problem);
            assertThat(failure.isOfSource()).isEqualTo(isOfSource);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "requests | documents | errors: events and exposure are counted by documents, not by requests",
                "documents | {a=~'x',b='c'} | errors: its selector must have a name, that of a field or documents",
            })
    void whatCannotBeCounted_isToldAndNotAsked(String events, String exposure, String problem) {
        CanarySelection selection = RunRequests.ratio(events, exposure);
        try (LocalSource source = LocalSource.answering(500, "")) {
            assertThat(Waiting.failure(series(source, selection, 3, 45)).problem())
                    .isEqualTo("cannot be asked for the metric " + problem);
            assertThat(source.asked()).isEmpty();
        }
    }

    @Test
    void histogramsNeedBounds_andOnlyHere() {
        CanarySelection without = RunRequests.selection(
                "", "{\"name\": \"d\", \"kind\": \"histogram\", \"series\": {\"histogram\": \"f\"}}");
        try (LocalSource source = LocalSource.answering(500, "")) {
            assertThat(Waiting.failure(series(source, without, 3, 45)).problem())
                    .isEqualTo(
                            "cannot be asked for the metric d: its series must have bounds up to which requests are counted");
            assertThat(Waiting.failure(new PrometheusSeries(new PrometheusClient(source.endpoint(), REQUESTS))
                                    .series(RunRequests.request(ALL_KINDS, 3, 45)))
                            .problem())
                    .isEqualTo(
                            "cannot be asked for the bounds of the metric duration: its histograms have bounds of their own");
            assertThat(source.asked()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void changedAnswers_areUnderstoodOrRefused(long seed) {
        String group = "{\"key\": {\"at\": 1795953610000, \"label0\": 503, \"label1\": \"a\", \"label2\": null,"
                + " \"label3\": \"2\"}, \"doc_count\": 2}";
        List<byte[]> samples = List.of(
                answer(2, group).getBytes(UTF_8),
                "{\"error\": {\"type\": \"parsing_exception\", \"reason\": \"r\"}, \"status\": 400}".getBytes(UTF_8));
        SeriesRequest request = RunRequests.request(ERRORS, 3, 45);

        AnyAnswer.check(
                seed,
                samples,
                endpoint -> query -> new ElasticsearchSeries(endpoint, REQUESTS, "logs", "@timestamp").series(request),
                new MetricQuery("any", request.from(), request.to()));
    }

    private static List<MetricSeries> received(CanarySelection selection, int documents, String groups) {
        return received(selection, answer(documents, groups));
    }

    private static List<MetricSeries> received(CanarySelection selection, String body) {
        try (LocalSource source = LocalSource.answering(200, body)) {
            return Waiting.get(series(source, selection, 3, 45));
        }
    }

    private static CompletableFuture<List<MetricSeries>> series(
            LocalSource source, CanarySelection selection, double from, double to) {
        return new ElasticsearchSeries(source.endpoint(), REQUESTS, "logs", "@timestamp")
                .series(RunRequests.request(selection, from, to));
    }

    private static String answer(int documents, String groups) {
        return """
                {"took": 4, "timed_out": false, "_shards": {"total": 5, "successful": 5, "skipped": 2, "failed": 0},
                 "hits": {"total": {"value": %d, "relation": "eq"}, "max_score": null, "hits": []},
                 "aggregations": {"series": {"after_key": {"at": 1}, "buckets": [%s]}}}""".formatted(documents, groups);
    }

    private static MetricPoint count(double begin, double value) {
        return new MetricPoint.Value(RunRequests.after(begin + 10), value, Temporality.DELTA, RunRequests.after(begin));
    }
}
