package dev.sluice.kayenta;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The values of both arms that are compared: as they came, and in ascending order. */
final class Arms {
    private final double[] baseline;
    private final double[] canary;
    private final double[] sortedBaseline;
    private final double[] sortedCanary;

    Arms(double[] baseline, double[] canary) {
        this.baseline = baseline;
        this.canary = canary;
        this.sortedBaseline = sorted(baseline);
        this.sortedCanary = sorted(canary);
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    double[] baseline() {
        return baseline;
    }

    double[] canary() {
        return canary;
    }

    double[] sortedBaseline() {
        return sortedBaseline;
    }

    double[] sortedCanary() {
        return sortedCanary;
    }

    boolean isOneEmpty() {
        return baseline.length == 0 || canary.length == 0;
    }

    /** Returns whether both have the same values, each as often, in whatever order. */
    boolean areIdentical() {
        boolean identical = baseline.length == canary.length;
        for (int i = 0; identical && i < sortedBaseline.length; i++) {
            identical = sortedBaseline[i] == sortedCanary[i];
        }
        return identical;
    }

    /** Returns whether each has one value only, maybe not the same; neither may be empty. */
    boolean areConstant() {
        return isConstant(sortedBaseline) && isConstant(sortedCanary);
    }

    private static boolean isConstant(double[] sorted) {
        return sorted[0] == sorted[sorted.length - 1];
    }

    /** Returns whether there is one value only in both; neither may be empty. */
    boolean areOneValue() {
        return areConstant() && sortedBaseline[0] == sortedCanary[0];
    }

    /**
     * Returns the arms with Gaussian noise on each value, first on those of the canary.
     *
     * @param scale the standard deviation of the noise as a share of the value; 0 gets none
     */
    Arms withNoise(double scale, RandomGenerator noise) {
        double[] noisyCanary = noisy(canary, scale, noise);
        return new Arms(noisy(baseline, scale, noise), noisyCanary);
    }

    private static double[] noisy(double[] values, double scale, RandomGenerator noise) {
        return Arrays.stream(values)
                .map(value -> value + noise.nextGaussian() * (value * scale))
                .toArray();
    }
}
