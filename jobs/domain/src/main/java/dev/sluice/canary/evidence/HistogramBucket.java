package dev.sluice.canary.evidence;

import static java.util.Objects.requireNonNull;

import java.util.Collection;

/**
 * How the durations (or sizes) of the requests of both arms were distributed in one bucket of time.
 *
 * @param baseline of the baseline's requests
 * @param canary of the canary's requests
 */
public record HistogramBucket(Histogram baseline, Histogram canary) implements MetricBucket {
    public HistogramBucket {
        requireNonNull(baseline, "baseline");
        requireNonNull(canary, "canary");
    }

    @Override
    public boolean hasBaseline() {
        return baseline.total() > 0;
    }

    @Override
    public boolean hasCanary() {
        return canary.total() > 0;
    }

    /** Returns all requests of several buckets. */
    public static HistogramBucket sum(Collection<HistogramBucket> buckets) {
        return new HistogramBucket(
                Histogram.sum(buckets.stream().map(HistogramBucket::baseline).toList()),
                Histogram.sum(buckets.stream().map(HistogramBucket::canary).toList()));
    }

    /** Returns the bounds at which both arms can be cut; of values, each that occurs. */
    public double[] bounds() {
        return baseline.plus(canary).bounds();
    }

    /** Returns whether the values of both arms are known. */
    public boolean isOfValues() {
        return baseline.isOfValues() && canary.isOfValues();
    }
}
