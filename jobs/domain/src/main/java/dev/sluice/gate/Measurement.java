package dev.sluice.gate;

import org.jspecify.annotations.Nullable;

/**
 * What a metric amounts to over one window.
 *
 * @param value in the metric's unit; null where the metric has none
 * @param n how many observations it stands on
 * @param reason why there is no value
 */
public record Measurement(
        @Nullable Double value, int n, @Nullable String reason) {
    public Measurement {
        if (n < 0) {
            throw new IllegalArgumentException("n must not be negative: " + n);
        }
    }
}
