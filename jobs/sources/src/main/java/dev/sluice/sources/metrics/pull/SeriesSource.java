package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.metrics.MetricSeries;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Asks one source of metrics for all series that a canary run selects. Has no state and may be shared by threads. */
public interface SeriesSource {
    /**
     * Asks for the series of a run. Returns at once; what depends on the answer is run by another thread.
     *
     * @param request what is asked for
     * @return series with points of that time, among them all that the run selects; none is an answer too, and not the same as a
     *     zero. Fails with a {@link SourceUnavailableException}, also where the source cannot say what the run selects
     */
    CompletableFuture<List<MetricSeries>> series(SeriesRequest request);
}
