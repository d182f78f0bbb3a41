package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.metrics.MetricSeries;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Asks a Prometheus, or what answers like one, for the samples of series as they were scraped. The text of a query is a PromQL
 * <a href="https://prometheus.io/docs/prometheus/latest/querying/basics/#instant-vector-selectors">selector</a>.
 *
 * <p>The samples are those of a range vector, not of a range query, which shows the last value of up to five minutes before at each
 * of its steps: a pod that is gone would go on as one without an error.
 */
public final class PrometheusClient implements MetricsClient {
    private static final int MILLI_DIGITS = 3;

    private final Endpoint endpoint;
    private final OutgoingRequests requests;

    /**
     * Creates a client.
     *
     * @param endpoint where Prometheus' own pages begin
     * @param requests sends what is asked
     */
    public PrometheusClient(Endpoint endpoint, OutgoingRequests requests) {
        this.endpoint = endpoint;
        this.requests = requests;
    }

    @Override
    public CompletableFuture<List<MetricSeries>> query(MetricQuery query) {
        return requests.send(endpoint, request(query), new PrometheusMatrix(query));
    }

    private HttpRequest.Builder request(MetricQuery query) {
        // since Prometheus 3 the start of a range is not part of it
        long range = Duration.between(query.from(), query.to()).toMillis() + 1;
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", query.text() + "[" + range + "ms]");
        form.put("time", seconds(query.to().toEpochMilli()));
        form.put("partial_response", "false"); // of Thanos, which would else leave out a store that is away
        form.put("timeout", seconds(requests.limits().whole().toMillis()));
        return endpoint.request("/api/v1/query")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, MILLI_DIGITS).toPlainString();
    }
}
