package dev.sluice.shift;

/**
 * How many times likelier a value is under each alternative than under the reference.
 *
 * <p>The exponentials are {@link StrictMath}'s: the same values amount to the same on every machine.
 */
final class LikelihoodRatios {
    private final double[] logs;
    private final double[] ratios;

    /** Takes the natural logarithms. */
    LikelihoodRatios(double[] logs) {
        this.logs = logs;
        this.ratios = new double[logs.length];
        for (int node = 0; node < logs.length; node++) {
            ratios[node] = StrictMath.exp(logs[node]);
        }
    }

    int nodes() {
        return ratios.length;
    }

    double of(int node) {
        return ratios[node];
    }

    double log(int node) {
        return logs[node];
    }
}
