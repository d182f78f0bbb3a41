package dev.sluice.canary.evidence;

import static java.util.Objects.requireNonNull;

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
    public boolean isTwoArmed() {
        return baseline.total() > 0 && canary.total() > 0;
    }

    /** Returns the bucket with the requests of another one added. */
    public HistogramBucket plus(HistogramBucket other) {
        return new HistogramBucket(baseline.plus(other.baseline), canary.plus(other.canary));
    }
}
