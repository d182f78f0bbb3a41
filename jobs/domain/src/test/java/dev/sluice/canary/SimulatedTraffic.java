package dev.sluice.canary;

import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.RatioBucket;
import java.util.Arrays;
import java.util.Random;

/** Seeded traffic of two arms, a bucket at a time: the baseline has 950 requests a second, the canary 50, if not said. */
final class SimulatedTraffic {
    private static final double[] BOUNDS = {0.05, 0.1, 0.25, 0.5, 1, 2.5};
    private static final double SPREAD = 0.8;
    private static final double MEDIAN = 0.1;

    private final Random random;
    private final double secondsOfBucket;

    SimulatedTraffic(long seed, double secondsOfBucket) {
        this.random = new Random(seed);
        this.secondsOfBucket = secondsOfBucket;
    }

    /** Errors of requests, at a rate of each arm. */
    RatioBucket errors(double baselineRate, double canaryRate) {
        return errors(950, baselineRate, 50, canaryRate);
    }

    RatioBucket errors(double baselinePerSecond, double baselineRate, double canaryPerSecond, double canaryRate) {
        double baseline = baselinePerSecond * secondsOfBucket;
        double canary = canaryPerSecond * secondsOfBucket;
        return new RatioBucket(
                Math.min(baseline, count(baseline * baselineRate)),
                baseline,
                Math.min(canary, count(canary * canaryRate)),
                canary);
    }

    /** Log-normal durations in seconds, of fewer requests; the canary's are so many times as long. */
    HistogramBucket durations(int baseline, int canary, double times) {
        return new HistogramBucket(
                Histogram.ofValues(durations(baseline, 1)), Histogram.ofValues(durations(canary, times)));
    }

    /** The same, but known only between the bounds that Prometheus clients have by default. */
    HistogramBucket coarseDurations(int baseline, int canary, double times) {
        return new HistogramBucket(coarse(durations(baseline, 1)), coarse(durations(canary, times)));
    }

    /** A gauge around 100, with a relative noise of 5 % in each bucket. */
    GaugeBucket gauge(double times) {
        return new GaugeBucket(
                100 * Math.exp(0.05 * random.nextGaussian()), 100 * times * Math.exp(0.05 * random.nextGaussian()));
    }

    private double[] durations(int number, double times) {
        var values = new double[number];
        for (int i = 0; i < number; i++) {
            values[i] = times * MEDIAN * Math.exp(SPREAD * random.nextGaussian());
        }
        return values;
    }

    private static Histogram coarse(double[] values) {
        var upTo = new long[BOUNDS.length];
        for (int i = 0; i < BOUNDS.length; i++) {
            double bound = BOUNDS[i];
            upTo[i] = Arrays.stream(values).filter(value -> value <= bound).count();
        }
        return Histogram.ofBuckets(BOUNDS, upTo, values.length);
    }

    /** A Poisson number: exact for small means, for others the nearest whole number of a normal one. */
    private double count(double mean) {
        if (mean > 500) {
            return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
        }
        int count = 0;
        double product = random.nextDouble();
        double limit = Math.exp(-mean);
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }
}
