package dev.sluice.benchmarks;

/**
 * How large a job's state is after a history.
 *
 * @param deployments attempts in the history
 * @param commits commits in the history
 * @param bytes the size of a full checkpoint
 */
record StateSize(int deployments, int commits, long bytes) {
    StateSize {
        if (deployments < 1 || commits < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "must be positive: deployments " + deployments + ", commits " + commits + ", bytes " + bytes);
        }
    }

    /**
     * Returns what one deployment and one commit add, from two histories with different shares of commits.
     *
     * @throws IllegalArgumentException if the shares are the same, so that nothing can be told apart
     */
    static PerThing solve(StateSize one, StateSize other) {
        double determinant = (double) one.deployments * other.commits - (double) other.deployments * one.commits;
        if (determinant == 0) {
            throw new IllegalArgumentException("both histories have the same share of commits");
        }
        double deployment = ((double) one.bytes * other.commits - (double) other.bytes * one.commits) / determinant;
        double commit = ((double) one.deployments * other.bytes - (double) other.deployments * one.bytes) / determinant;
        return new PerThing(deployment, commit);
    }

    /**
     * Bytes of state.
     *
     * @param deployment of one attempt
     * @param commit of one commit
     */
    record PerThing(double deployment, double commit) {}
}
