package dev.sluice.gate;

import dev.sluice.statistics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * What a metric amounts to over one window.
 *
 * @param value in the metric's unit; null where the metric has none
 * @param n how many observations it stands on
 * @param reason why there is no value
 * @param interval that covers the true value, in the metric's unit; null where there is none
 */
public record Measurement(
        @Nullable Double value,
        int n,
        @Nullable String reason,
        @Nullable Interval interval) {
    public Measurement {
        if (n < 0) {
            throw new IllegalArgumentException("n must not be negative: " + n);
        }
    }

    /** Creates a measurement without an interval. */
    public Measurement(@Nullable Double value, int n, @Nullable String reason) {
        this(value, n, reason, null);
    }

    /** Returns what a threshold is held against; null where there is nothing. */
    @Nullable
    Double at(Bound bound) {
        if (bound == Bound.VALUE || value == null) {
            return value;
        }
        if (interval == null) {
            return null;
        }
        return bound == Bound.LOWER ? interval.lower() : interval.upper();
    }
}
