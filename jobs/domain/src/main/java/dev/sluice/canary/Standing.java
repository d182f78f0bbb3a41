package dev.sluice.canary;

/**
 * What a metric's word counts.
 *
 * @param weight its part of the evidence for a failure, against those of the others; 0 for an advisory metric, which is shown
 *     and decides nothing
 * @param required whether no run passes without this metric's proof
 */
public record Standing(double weight, boolean required) {
    /** The weight of a critical metric. */
    public static final double CRITICAL = 4;
    /** The weight of any other. */
    public static final double NORMAL = 1;
    /** Of a metric of which nothing is said. */
    public static final Standing DEFAULT = new Standing(NORMAL, true);
    /** Shown, and nothing more. */
    public static final Standing ADVISORY = new Standing(0, false);

    public Standing {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException("weight " + weight);
        }
        if (required && weight == 0) {
            throw new IllegalArgumentException("an advisory metric cannot be required");
        }
    }

    /** Returns whether the metric decides nothing. */
    public boolean isAdvisory() {
        return weight == 0;
    }
}
