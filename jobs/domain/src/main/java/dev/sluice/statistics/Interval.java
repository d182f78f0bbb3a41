package dev.sluice.statistics;

/**
 * An interval with both ends included.
 *
 * @param lower the lower end
 * @param upper the upper end, not below the lower
 */
public record Interval(double lower, double upper) {
    public Interval {
        if (!(lower <= upper)) { // NaN too
            throw new IllegalArgumentException("not an interval: [" + lower + ", " + upper + "]");
        }
    }
}
