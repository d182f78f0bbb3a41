package dev.sluice.sources.metrics.pull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.MetricSeries;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The series of runs in an Elasticsearch whose documents are requests, each once (<a
 * href="https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-search">search</a>): how many there are within each
 * bucket, how many of them have at most which value, and means of fields. A bucket is asked for when it has ended; where none
 * has, nothing is asked. What not all shards have answered is no answer.
 */
public final class ElasticsearchSeries implements SeriesSource {
    /** An index, an alias or a pattern, or several with commas between; nothing that could be another path. */
    private static final String INDEX = "[a-z0-9*.][a-z0-9_.*:,+-]{0,499}";

    private final Endpoint endpoint;
    /** So many buckets are asked for at once. */
    private static final int MOST_INTERVALS = 60;

    private final OutgoingRequests requests;
    private final String index;
    private final String timestamp;

    /**
     * Creates a source.
     *
     * @param endpoint where Elasticsearch is
     * @param requests sends what is asked
     * @param index which indices are asked
     * @param timestamp the field that says when a request was
     * @throws IllegalArgumentException if there can be no such index
     */
    public ElasticsearchSeries(Endpoint endpoint, OutgoingRequests requests, String index, String timestamp) {
        requireIndex(index);
        this.endpoint = endpoint;
        this.requests = requests;
        this.index = index;
        this.timestamp = timestamp;
    }

    /**
     * Returns normally if there can be an index of this name or pattern.
     *
     * @throws IllegalArgumentException if not
     */
    static void requireIndex(String index) {
        if (!index.matches(INDEX)) {
            throw new IllegalArgumentException("index must be names or patterns of indices, is " + index);
        }
    }

    @Override
    public CompletableFuture<List<MetricSeries>> series(SeriesRequest request) {
        try {
            WholeIntervals intervals = WholeIntervals.of(request);
            ElasticsearchSearch search = ElasticsearchSearch.of(request.selection());
            if (intervals.isEmpty()) {
                return CompletableFuture.completedFuture(List.of());
            }
            return part(request, search, intervals);
        } catch (UnusableAnswerException e) {
            return CompletableFuture.failedFuture(OutgoingRequests.told(endpoint, Credentials.Shown.NONE, e));
        }
    }

    /** Asks for the first buckets, and then for the rest: an answer has room for so many, which after a gap are more. */
    private CompletableFuture<List<MetricSeries>> part(
            SeriesRequest request, ElasticsearchSearch search, WholeIntervals intervals) {
        Instant end = intervals.first().plus(intervals.length().multipliedBy(MOST_INTERVALS));
        if (!end.isBefore(intervals.end())) {
            return ask(request, search, intervals);
        }
        var first = new WholeIntervals(intervals.length(), intervals.first(), end);
        var rest = new WholeIntervals(intervals.length(), end, intervals.end());
        return ask(request, search, first)
                .thenCompose(series -> part(request, search, rest)
                        .thenApply(more -> Stream.concat(series.stream(), more.stream())
                                .collect(Collectors.toMap(
                                        MetricSeries::labels,
                                        MetricSeries::points,
                                        ElasticsearchSeries::joined,
                                        LinkedHashMap::new))
                                .entrySet()
                                .stream()
                                .map(one -> new MetricSeries(one.getKey(), one.getValue()))
                                .toList()));
    }

    private static List<MetricPoint> joined(List<MetricPoint> first, List<MetricPoint> rest) {
        return Stream.concat(first.stream(), rest.stream()).toList();
    }

    private CompletableFuture<List<MetricSeries>> ask(
            SeriesRequest request, ElasticsearchSearch search, WholeIntervals intervals) {
        ObjectNode body = search.body(
                request.selection(),
                intervals,
                timestamp,
                requests.limits().whole().toMillis());
        return requests.send(
                endpoint,
                endpoint.request(
                                "/" + index
                                        + "/_search?allow_partial_search_results=false&ignore_unavailable=false&allow_no_indices=false")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body.toString())),
                new ElasticsearchGroups(search, intervals));
    }
}
