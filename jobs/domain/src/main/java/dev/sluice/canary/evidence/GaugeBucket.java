package dev.sluice.canary.evidence;

import org.jspecify.annotations.Nullable;

/**
 * The mean of a gauge over the pods of each arm in one bucket of time.
 *
 * @param baseline from -1e100 to 1e100; null where the arm has no value
 * @param canary from -1e100 to 1e100; null where the arm has no value
 */
public record GaugeBucket(
        @Nullable Double baseline, @Nullable Double canary) implements MetricBucket {
    /** Squares of larger values would be infinite. */
    private static final double MOST = 1e100;

    public GaugeBucket {
        requireUsual("baseline", baseline);
        requireUsual("canary", canary);
    }

    private static void requireUsual(String arm, @Nullable Double value) {
        if (value != null && !(Math.abs(value) <= MOST)) { // NaN too
            throw new IllegalArgumentException(arm + " must be from -1e100 to 1e100, is " + value);
        }
    }

    @Override
    public boolean hasBaseline() {
        return baseline != null;
    }

    @Override
    public boolean hasCanary() {
        return canary != null;
    }
}
