package dev.sluice.sources.metrics.pull;

import java.math.BigDecimal;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Asks a Prometheus, or what answers like one, what an expression is at each step of a range of time (<a
 * href="https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries">range queries</a>). Whoever wants the samples
 * as they were scraped asks {@link PrometheusClient}.
 */
public final class PrometheusRangeClient {
    /** Prometheus refuses to answer with more points of a series; a longer range is asked for in parts, one after the other. */
    static final int MOST_STEPS = 11_000;

    private static final int MILLI_DIGITS = 3;

    private final Endpoint endpoint;
    private final OutgoingRequests requests;

    /**
     * Creates a client.
     *
     * @param endpoint where Prometheus' own pages begin
     * @param requests sends what is asked
     */
    public PrometheusRangeClient(Endpoint endpoint, OutgoingRequests requests) {
        this.endpoint = endpoint;
        this.requests = requests;
    }

    /**
     * Asks for a range. Returns at once; what depends on the answer is run by another thread.
     *
     * @param query what is asked for
     * @param limits how much is taken
     * @return the series that have a point in it, each with a value or NaN of each step. Fails as {@link MetricsClient#query}
     *     says, and with a {@link TooManyValuesException} if there is more than is taken
     */
    public CompletableFuture<List<RangeSeries>> query(RangeQuery query, RangeLimits limits) {
        List<RangeQuery> parts = query.parts(MOST_STEPS);
        CompletableFuture<Joined> joined = CompletableFuture.completedFuture(new Joined(query.steps(), limits));
        for (int i = 0; i < parts.size(); i++) {
            RangeQuery part = parts.get(i);
            int first = i * MOST_STEPS;
            joined = joined.thenCompose(before -> ask(part, limits).thenApply(series -> before.with(first, series)));
        }
        return OutgoingRequests.bare(joined.thenApply(Joined::series));
    }

    private CompletableFuture<List<RangeSeries>> ask(RangeQuery part, RangeLimits limits) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("query", part.text());
        form.put("start", seconds(part.from().toEpochMilli()));
        form.put("end", seconds(part.to().toEpochMilli()));
        form.put("step", seconds(part.step().toMillis()));
        form.put("timeout", seconds(requests.limits().whole().toMillis()));
        HttpRequest.Builder request = endpoint.request("/api/v1/query_range")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
        return requests.send(endpoint, request, new PrometheusRanges(part, limits, endpoint.name()));
    }

    /**
     * Asks for the names of all metrics. Returns at once.
     *
     * @return the names. Fails as {@link MetricsClient#query} says
     */
    public CompletableFuture<List<String>> names() {
        return requests.send(
                endpoint, endpoint.request("/api/v1/label/__name__/values").GET(), new PrometheusNames());
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, MILLI_DIGITS).toPlainString();
    }

    /** The parts of a range that were answered, by series. One thread at a time adds to it. */
    private static final class Joined {
        private final int steps;
        private final RangeLimits limits;
        private final Map<SortedMap<String, String>, List<Double>> values = new LinkedHashMap<>();

        Joined(int steps, RangeLimits limits) {
            this.steps = steps;
            this.limits = limits;
        }

        Joined with(int first, List<RangeSeries> part) {
            for (RangeSeries series : part) {
                List<Double> all = values.computeIfAbsent(series.labels(), labels -> unknown());
                for (int i = 0; i < series.values().size(); i++) {
                    all.set(first + i, series.values().get(i));
                }
            }
            return this;
        }

        private List<Double> unknown() {
            limits.check(values.size() + 1, steps);
            return new ArrayList<>(Collections.nCopies(steps, Double.NaN));
        }

        List<RangeSeries> series() {
            return values.entrySet().stream()
                    .map(series -> new RangeSeries(series.getKey(), series.getValue()))
                    .toList();
        }
    }
}
