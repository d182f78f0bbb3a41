package dev.sluice.sources.metrics.prometheus;

import dev.sluice.sources.metrics.MetricSeries;
import java.util.List;

/**
 * What a push by remote write says. Senders of version 2 want the numbers back, in headers.
 *
 * @param series those that have points, in the order in which they were sent
 * @param samples how many numbers, stale markers among them
 * @param histograms how many native histograms, stale markers among them
 * @param exemplars how many exemplars, of which nothing else is read
 */
public record RemoteWritePush(List<MetricSeries> series, int samples, int histograms, int exemplars) {
    public RemoteWritePush {
        series = List.copyOf(series);
    }
}
