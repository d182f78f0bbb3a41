package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.metrics.MetricSeries;
import dev.sluice.wire.CanarySelection.Feed;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The series of runs in a Prometheus: the counters and levels themselves, as they would be sent.
 *
 * @param client asks for those of one selector
 */
public record PrometheusSeries(MetricsClient client) implements SeriesSource {
    @Override
    public CompletableFuture<List<MetricSeries>> series(SeriesRequest request) {
        for (Feed feed : request.selection().feeds()) {
            if (!feed.bounds().isEmpty()) {
                return CompletableFuture.failedFuture(new SourceUnavailableException(
                        "a Prometheus",
                        "cannot be asked for the bounds of the metric " + feed.metric()
                                + ": its histograms have bounds of their own",
                        false,
                        null));
            }
        }
        return Answers.joined(SeriesQueries.of(request.selection()).stream()
                .map(query -> client.query(new MetricQuery(query, request.from(), request.to())))
                .toList());
    }
}
