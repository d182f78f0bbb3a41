package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.metrics.MetricSeries;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks one source of metrics. Clients have no state and may be shared by threads. */
public interface MetricsClient {
    /**
     * Asks for a range of time. Returns at once; what depends on the answer is run by another thread.
     *
     * @param query what is asked for
     * @return the series that have points from the query's {@code from} to its {@code to}, both included; none is an answer too,
     *     and not the same as a zero. Fails with a
     *     {@link SourceUnavailableException}, not wrapped into another one, and with nothing else
     */
    CompletableFuture<List<MetricSeries>> query(MetricQuery query);
}
