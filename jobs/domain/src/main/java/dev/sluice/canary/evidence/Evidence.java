package dev.sluice.canary.evidence;

/**
 * A hypothesis and what has been gathered against it.
 *
 * @param <B> what it is told of a bucket of time
 * @param hypothesis what is tested
 * @param mixture the evidence against it
 */
public record Evidence<B>(Hypothesis<B> hypothesis, Mixture mixture) {
    /**
     * Adds a bucket with both arms.
     *
     * @param phi variance inflation, at least 1, known before the bucket
     */
    public void add(B bucket, double phi) {
        mixture.add(hypothesis.increments(bucket), phi);
    }

    /** Adds a bucket with both arms that came late. */
    public void addLate(B bucket, double phi) {
        mixture.addLate(hypothesis.increments(bucket), phi);
    }

    /** Returns ln E. */
    public double logE() {
        return mixture.logE();
    }
}
