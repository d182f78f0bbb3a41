package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.metrics.MetricSeries;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The series of runs in Datadog (<a href="https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-points">query timeseries
 * points</a>): of counts what was added within each bucket, of other metrics the mean of each. A bucket is asked for when it has
 * ended; where none has, nothing is asked. Histograms cannot be asked for.
 */
public final class DatadogSeries implements SeriesSource {
    /** So many queries are asked for at once: each request counts against a limit, and has to fit into a URL. */
    static final int MOST_QUERIES = 10;

    private final Endpoint endpoint;
    private final OutgoingRequests requests;

    /**
     * Creates a source.
     *
     * @param endpoint where Datadog's API is, e.g. https://api.datadoghq.eu
     * @param requests sends what is asked
     */
    public DatadogSeries(Endpoint endpoint, OutgoingRequests requests) {
        this.endpoint = endpoint;
        this.requests = requests;
    }

    @Override
    public CompletableFuture<List<MetricSeries>> series(SeriesRequest request) {
        try {
            WholeIntervals intervals = WholeIntervals.of(request);
            List<DatadogQuery> queries = List.copyOf(DatadogQuery.of(request.selection()));
            if (intervals.isEmpty()) {
                return CompletableFuture.completedFuture(List.of());
            }
            List<CompletableFuture<List<MetricSeries>>> answers = new ArrayList<>();
            for (int first = 0; first < queries.size(); first += MOST_QUERIES) {
                answers.add(ask(queries.subList(first, Math.min(first + MOST_QUERIES, queries.size())), intervals));
            }
            return Answers.joined(answers);
        } catch (UnusableAnswerException e) {
            return CompletableFuture.failedFuture(OutgoingRequests.told(endpoint, Credentials.Shown.NONE, e));
        }
    }

    private CompletableFuture<List<MetricSeries>> ask(List<DatadogQuery> queries, WholeIntervals intervals) {
        String text = DatadogQuery.text(queries, intervals.length().toSeconds());
        return requests.send(
                endpoint,
                endpoint.request("/api/v1/query?from=" + intervals.first().getEpochSecond()
                                + "&to=" + intervals.end().getEpochSecond()
                                + "&query=" + URLEncoder.encode(text, StandardCharsets.UTF_8))
                        .GET(),
                new DatadogPoints(queries, intervals));
    }
}
