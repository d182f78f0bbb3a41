package dev.sluice.canary.evidence;

import org.jspecify.annotations.Nullable;

/**
 * The mean of a gauge over the pods of each arm in one bucket of time.
 *
 * @param baseline finite; null where the arm has no value
 * @param canary finite; null where the arm has no value
 */
public record GaugeBucket(
        @Nullable Double baseline, @Nullable Double canary) implements MetricBucket {
    public GaugeBucket {
        requireFinite("baseline", baseline);
        requireFinite("canary", canary);
    }

    private static void requireFinite(String arm, @Nullable Double value) {
        if (value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException(arm + " " + value);
        }
    }

    @Override
    public boolean isTwoArmed() {
        return baseline != null && canary != null;
    }
}
