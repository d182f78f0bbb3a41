package dev.sluice.benchmarks.accuracy;

import dev.sluice.canary.evidence.ExceedanceBucket;
import dev.sluice.canary.evidence.RatioBucket;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.special.Gamma;

/**
 * Requests of both arms as Poisson processes, a bucket of ten seconds at a time: of each arm so many a second, each being an
 * event, or slow, by chance.
 */
final class Traffic {
    static final double BUCKET_SECONDS = 10;

    private static final double LEAST_MEAN_OF_REJECTION = 10;
    private static final double[] LOG_FACTORIALS = logFactorials();

    private final RandomGenerator random;

    Traffic(RandomGenerator random) {
        this.random = random;
    }

    RandomGenerator random() {
        return random;
    }

    /** Returns the errors of a bucket. */
    RatioBucket errors(double baselinePerSecond, double baselineRate, double canaryPerSecond, double canaryRate) {
        double baselineEvents = poisson(baselinePerSecond * BUCKET_SECONDS * baselineRate);
        double canaryEvents = poisson(canaryPerSecond * BUCKET_SECONDS * canaryRate);
        return new RatioBucket(
                baselineEvents,
                baselineEvents + poisson(baselinePerSecond * BUCKET_SECONDS * (1 - baselineRate)),
                canaryEvents,
                canaryEvents + poisson(canaryPerSecond * BUCKET_SECONDS * (1 - canaryRate)));
    }

    /**
     * Returns how many requests of a bucket are beyond several thresholds: the same requests, so that the counts are nested.
     *
     * @param baselineShares of the baseline beyond each threshold, descending
     * @param canaryShares of the canary beyond each threshold, descending
     */
    ExceedanceBucket[] slow(
            double baselinePerSecond, double[] baselineShares, double canaryPerSecond, double[] canaryShares) {
        long[] baseline = beyond(baselinePerSecond * BUCKET_SECONDS, baselineShares);
        long[] canary = beyond(canaryPerSecond * BUCKET_SECONDS, canaryShares);
        var buckets = new ExceedanceBucket[baselineShares.length];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = new ExceedanceBucket(
                    baseline[i], baseline[baseline.length - 1], canary[i], canary[canary.length - 1]);
        }
        return buckets;
    }

    /** Returns the numbers beyond each threshold, and at the end all. */
    private long[] beyond(double requests, double[] shares) {
        var counts = new long[shares.length + 1];
        long sum = 0;
        for (int i = shares.length - 1; i >= 0; i--) {
            double further = i + 1 < shares.length ? shares[i + 1] : 0;
            sum += poisson(requests * (shares[i] - further));
            counts[i] = sum;
        }
        counts[shares.length] = sum + poisson(requests * (1 - shares[0]));
        return counts;
    }

    /**
     * Returns a Poisson number: by multiplication for small means, else by the transformed rejection PTRS of W. Hoermann, "The
     * transformed rejection method for generating Poisson random variables", Insurance: Mathematics and Economics 12 (1993).
     */
    int poisson(double mean) {
        return mean < LEAST_MEAN_OF_REJECTION ? byMultiplication(mean) : byRejection(mean);
    }

    private int byMultiplication(double mean) {
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }

    private int byRejection(double mean) {
        double b = 0.931 + 2.53 * Math.sqrt(mean);
        double a = -0.059 + 0.02483 * b;
        double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
        double squeeze = 0.9277 - 3.6224 / (b - 2);
        while (true) {
            double u = random.nextDouble() - 0.5;
            double v = random.nextDouble();
            double us = 0.5 - Math.abs(u);
            double k = Math.floor((2 * a / us + b) * u + mean + 0.43);
            if (us >= 0.07 && v <= squeeze) {
                return (int) k;
            }
            if (k >= 0 && (us >= 0.013 || v <= us)) {
                double left = Math.log(v * inverseAlpha / (a / (us * us) + b));
                if (left <= k * Math.log(mean) - mean - logFactorial((int) k)) {
                    return (int) k;
                }
            }
        }
    }

    private static double logFactorial(int k) {
        return k < LOG_FACTORIALS.length ? LOG_FACTORIALS[k] : Gamma.logGamma(k + 1.0);
    }

    private static double[] logFactorials() {
        var logs = new double[1 << 15];
        for (int k = 1; k < logs.length; k++) {
            logs[k] = logs[k - 1] + Math.log(k);
        }
        return logs;
    }
}
