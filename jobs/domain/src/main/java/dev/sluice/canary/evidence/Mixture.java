package dev.sluice.canary.evidence;

/** Evidence gathered over the alternatives of a {@link Hypothesis}. */
public sealed interface Mixture extends Stateful permits PlainMixture, OnsetMixture {
    /**
     * Adds the next bucket.
     *
     * @param increments one of each alternative
     * @param phi variance inflation, at least 1, known before the bucket
     */
    void add(double[] increments, double phi);

    /**
     * Adds a bucket that came late, after others. It is valid if lateness does not depend on the outcome.
     *
     * @param increments one of each alternative
     * @param phi variance inflation, at least 1, of when it came
     */
    void addLate(double[] increments, double phi);

    /** Returns ln E, 0 before the first bucket. */
    double logE();
}
