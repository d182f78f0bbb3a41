package dev.sluice.canary.evidence;

/** Grids of alternatives. */
final class Nodes {
    private Nodes() {}

    /** Returns the numbers from the least one to so many times of it, on a geometric grid. */
    static double[] geometric(double least, double greatestByLeast) {
        var nodes = new double[Hypothesis.NODES];
        for (int j = 0; j < nodes.length; j++) {
            nodes[j] = least * StrictMath.pow(greatestByLeast, j / (nodes.length - 1.0));
        }
        return nodes;
    }
}
