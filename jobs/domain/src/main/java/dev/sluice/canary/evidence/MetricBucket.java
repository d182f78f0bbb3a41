package dev.sluice.canary.evidence;

/** What both arms did in one bucket of time, of one metric. */
public sealed interface MetricBucket permits RatioBucket, HistogramBucket, GaugeBucket {
    /** Returns whether the baseline has data. */
    boolean hasBaseline();

    /** Returns whether the canary has data. */
    boolean hasCanary();

    /** Returns whether both arms have data: otherwise the bucket says nothing of how they compare. */
    default boolean isTwoArmed() {
        return hasBaseline() && hasCanary();
    }
}
