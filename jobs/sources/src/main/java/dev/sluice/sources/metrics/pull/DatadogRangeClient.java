package dev.sluice.sources.metrics.pull;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Asks Datadog for the values of a query over a range of time, in intervals that the query or Datadog itself chooses (<a
 * href="https://docs.datadoghq.com/api/latest/metrics/#query-timeseries-points">query timeseries points</a>).
 */
public final class DatadogRangeClient {
    private final Endpoint endpoint;
    private final OutgoingRequests requests;

    /**
     * Creates a client.
     *
     * @param endpoint where Datadog's API is, e.g. https://api.datadoghq.eu
     * @param requests sends what is asked
     */
    public DatadogRangeClient(Endpoint endpoint, OutgoingRequests requests) {
        this.endpoint = endpoint;
        this.requests = requests;
    }

    /**
     * Asks for a range. Returns at once; what depends on the answer is run by another thread.
     *
     * @param query what is asked for
     * @param limits how much is taken
     * @return the series, each with a value or NaN of each interval from its first to its last one. Fails as
     *     {@link MetricsClient#query} says, and with a {@link TooManyValuesException} if there is more than is taken
     */
    public CompletableFuture<List<RangeSeries>> query(MetricQuery query, RangeLimits limits) {
        String path = "/api/v1/query?from=" + query.from().getEpochSecond()
                + "&to=" + query.to().getEpochSecond()
                + "&query=" + URLEncoder.encode(query.text(), StandardCharsets.UTF_8);
        return requests.send(endpoint, endpoint.request(path).GET(), new DatadogRanges(limits));
    }

    /**
     * Asks for the names of the metrics that have had values since a time. Returns at once.
     *
     * @return the names. Fails as {@link MetricsClient#query} says
     */
    public CompletableFuture<List<String>> names(Instant since) {
        return requests.send(
                endpoint,
                endpoint.request("/api/v1/metrics?from=" + since.getEpochSecond())
                        .GET(),
                new DatadogNames());
    }
}
