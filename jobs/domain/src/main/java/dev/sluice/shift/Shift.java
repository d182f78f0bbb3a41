package dev.sluice.shift;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A lasting change of a metric. It is identified by metric, direction and onset: no two of a series have the same.
 *
 * @param metric what has shifted
 * @param direction whether for the better
 * @param began the estimate of the onset: when the first value after it began, see {@link Evidence#likeliest()}
 * @param detected when the value was known that completed the evidence
 * @param before what the metric amounted to in the reference
 * @param after what it has amounted to from the onset to the detection, over the last
 *     {@value ShiftDetector#MEMORY_DAYS} days at most. It leans towards the extreme: the evidence is completed by values
 *     that point that way
 * @param logEvidence the natural logarithm of the statistic, at least that of the threshold
 */
public record Shift(
        ShiftMetric metric,
        Direction direction,
        Instant began,
        Instant detected,
        Level before,
        Level after,
        double logEvidence) {
    public Shift {
        requireNonNull(metric, "metric");
        requireNonNull(direction, "direction");
        requireNonNull(began, "began");
        requireNonNull(detected, "detected");
        requireNonNull(before, "before");
        requireNonNull(after, "after");
    }

    /** Returns whether both say of the same change: same metric, direction and onset. */
    public boolean isSameAs(Shift other) {
        return metric == other.metric && direction == other.direction && began.equals(other.began);
    }

    /** Returns whether both may be about one change: same metric and direction, from onset to detection they overlap. */
    boolean overlaps(Shift other) {
        return metric == other.metric
                && direction == other.direction
                && !began.isAfter(other.detected)
                && !other.began.isAfter(detected);
    }
}
