package dev.sluice.canary.evidence;

/**
 * A test of one hypothesis against several alternatives, the nodes.
 *
 * @param <B> what it is told of a bucket of time
 */
public interface Hypothesis<B> {
    /** How many alternatives there are. */
    int NODES = 24;

    /**
     * Returns, for each alternative, the logarithm of what a bucket multiplies its evidence by.
     *
     * @param bucket with both arms
     */
    double[] increments(B bucket);
}
