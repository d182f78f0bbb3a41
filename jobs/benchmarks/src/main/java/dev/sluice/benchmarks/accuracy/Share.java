package dev.sluice.benchmarks.accuracy;

import java.util.Locale;
import org.apache.commons.math3.distribution.BetaDistribution;

/**
 * How many of so many runs, with the interval of Clopper and Pearson (95 %).
 *
 * @param hits from 0 to {@code runs}
 * @param runs at least 1
 */
record Share(int hits, int runs) {
    double lower() {
        return hits == 0 ? 0 : new BetaDistribution(null, hits, runs - hits + 1.0).inverseCumulativeProbability(0.025);
    }

    double upper() {
        return hits == runs
                ? 1
                : new BetaDistribution(null, hits + 1.0, runs - hits).inverseCumulativeProbability(0.975);
    }

    /** Returns whether the interval has a value in common with another one. */
    boolean overlaps(double otherLower, double otherUpper) {
        return lower() <= otherUpper && upper() >= otherLower;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.1f [%.1f, %.1f] %%", 100.0 * hits / runs, 100 * lower(), 100 * upper());
    }
}
