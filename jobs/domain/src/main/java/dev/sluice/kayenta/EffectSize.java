package dev.sluice.kayenta;

import static java.util.Objects.requireNonNull;

import org.apache.commons.math3.stat.StatUtils;
import org.jspecify.annotations.Nullable;

/**
 * How large a difference must be beside being significant. An effect that cannot be computed is as large as any threshold.
 *
 * @param measure what the thresholds are thresholds of
 * @param allowedIncrease from which effect on more is High
 * @param allowedDecrease down from which effect less is Low
 * @param criticalIncrease from which effect on High of a critical metric fails the canary
 * @param criticalDecrease down from which effect Low of a critical metric fails the canary
 */
public record EffectSize(
        Measure measure,
        double allowedIncrease,
        double allowedDecrease,
        double criticalIncrease,
        double criticalDecrease) {
    public EffectSize {
        requireNonNull(measure, "measure");
        requireNumber("allowedIncrease", allowedIncrease);
        requireNumber("allowedDecrease", allowedDecrease);
        requireNumber("criticalIncrease", criticalIncrease);
        requireNumber("criticalDecrease", criticalDecrease);
    }

    /** A threshold of NaN is never reached: the metric would pass whatever happens. */
    private static void requireNumber(String name, double threshold) {
        if (Double.isNaN(threshold)) {
            throw new IllegalArgumentException(name + " is not a number");
        }
    }

    /** Returns the thresholds of which none is given: each effect in the right direction is enough. */
    public static EffectSize of(Measure measure) {
        double none = measure.ofNoDifference();
        return new EffectSize(measure, none, none, none, none);
    }

    boolean isIncrease(double effect) {
        return Double.isNaN(effect) || effect >= allowedIncrease;
    }

    boolean isDecrease(double effect) {
        return Double.isNaN(effect) || effect <= allowedDecrease;
    }

    boolean isCriticalIncrease(double effect) {
        return Double.isNaN(effect) || effect >= criticalIncrease;
    }

    boolean isCriticalDecrease(double effect) {
        return Double.isNaN(effect) || effect <= criticalDecrease;
    }

    /** What measures a difference. */
    public enum Measure {
        /** The canary's mean / the baseline's mean; none if either is 0. It says the reverse for values below 0. */
        MEAN_RATIO(1) {
            @Override
            double of(Arms arms) {
                return meanRatio(arms);
            }
        },
        /**
         * The common language effect size: P(canary &gt; baseline) + P(canary = baseline) / 2 of one value each, which is
         * A of Vargha and Delaney (2000).
         */
        CLES(0.5) {
            @Override
            double of(Arms arms) {
                double n = arms.canary().length;
                double m = arms.baseline().length;
                double rankSum =
                        Ranks.of(arms.sortedCanary(), arms.sortedBaseline()).sum();
                return (2 * rankSum - n * (n + 1)) / (2 * n * m);
            }
        };

        private final double ofNoDifference;

        Measure(double ofNoDifference) {
            this.ofNoDifference = ofNoDifference;
        }

        /**
         * Returns the measure that configs spell so.
         *
         * @param word {@code meanRatio} or {@code cles}; any other word, and none, is {@link #MEAN_RATIO}
         */
        public static Measure ofWord(@Nullable String word) {
            return "cles".equals(word) ? CLES : MEAN_RATIO;
        }

        /** Returns the effect of no difference, which is the threshold where none is given. */
        public double ofNoDifference() {
            return ofNoDifference;
        }

        /** Returns the effect; NaN if it cannot be computed. */
        abstract double of(Arms arms);

        static double meanRatio(Arms arms) {
            double baseline = StatUtils.mean(arms.baseline());
            double canary = StatUtils.mean(arms.canary());
            return baseline == 0 || canary == 0 ? Double.NaN : canary / baseline;
        }
    }
}
