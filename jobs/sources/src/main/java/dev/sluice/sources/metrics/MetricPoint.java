package dev.sluice.sources.metrics;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a series said at a time. Counts are doubles: those of Prometheus' float histograms may be fractions, and are kept so;
 * whole ones are at most 2^53 and therefore exact.
 */
public sealed interface MetricPoint {
    /** The largest count: up to it every whole number is a double. */
    long MOST = 1L << 53;

    /** Returns the time of the point. */
    Instant at();

    /** Returns since when its numbers count; null if unknown, or if they are levels. */
    @Nullable
    Instant start();

    /**
     * A number.
     *
     * @param at when
     * @param value any double, infinite and NaN too; whole numbers beyond 2^53 are the nearest double
     * @param temporality what the number means
     * @param start since when it counts, null if unknown; null of a level
     */
    record Value(
            Instant at,
            double value,
            Temporality temporality,
            @Nullable Instant start) implements MetricPoint {
        public Value {
            requireNonNull(at, "at");
            requireNonNull(temporality, "temporality");
        }
    }

    /**
     * The series has ended, or was not measured this time.
     *
     * @param at when that was seen
     */
    record Stale(Instant at) implements MetricPoint {
        public Stale {
            requireNonNull(at, "at");
        }

        @Override
        public @Nullable Instant start() {
            return null;
        }
    }

    /**
     * How many observations were at most how large.
     *
     * @param at when
     * @param temporality what the counts mean
     * @param start since when they count, null if unknown; null of a level
     * @param bounds finite, ascending; may be empty, then only the total is known
     * @param upTo for each bound how many were at most so large; not descending
     * @param total how many there were, those above the last bound too. Of fractions, the last of {@code upTo} may be more by
     *     what adding them up has rounded
     */
    record Buckets(
            Instant at,
            Temporality temporality,
            @Nullable Instant start,
            List<Double> bounds,
            List<Double> upTo,
            double total)
            implements MetricPoint {
        public Buckets {
            requireNonNull(at, "at");
            requireNonNull(temporality, "temporality");
            bounds = List.copyOf(bounds);
            upTo = List.copyOf(upTo);
            if (bounds.size() != upTo.size()) {
                throw new IllegalArgumentException(bounds.size() + " bounds, " + upTo.size() + " counts");
            }
            for (int i = 0; i < bounds.size(); i++) {
                if (!Double.isFinite(bounds.get(i)) || (i > 0 && !(bounds.get(i) > bounds.get(i - 1)))) {
                    throw new IllegalArgumentException("bounds must be finite and rise, one is " + bounds.get(i));
                }
                requireCount("a count", upTo.get(i));
                if (i > 0 && upTo.get(i) < upTo.get(i - 1)) {
                    throw new IllegalArgumentException("counts up to a bound must not fall, one is " + upTo.get(i));
                }
            }
            requireCount("total", total);
        }
    }

    /**
     * How many observations lay between powers of a base, which is {@code 2^(2^-scale)}. The bucket of index {@code i} has
     * those above {@code base^i} up to and including {@code base^(i+1)}, as in OpenTelemetry; in Prometheus the same bucket
     * has the index {@code i+1}. Of observations below zero only the number is kept: what a gate measures has none.
     *
     * @param at when
     * @param temporality what the counts mean
     * @param start since when they count, null if unknown; null of a level
     * @param scale from -10 to 20
     * @param zeroThreshold at least 0: how far from zero an observation is counted as zero
     * @param belowZero how many were less than {@code -zeroThreshold}
     * @param zeroCount how many were from {@code -zeroThreshold} to {@code zeroThreshold}
     * @param offset the index of the first bucket
     * @param counts how many were in each bucket, from the first one on without a gap
     * @param total how many there were, those that were not numbers too
     */
    record Exponential(
            Instant at,
            Temporality temporality,
            @Nullable Instant start,
            int scale,
            double zeroThreshold,
            double belowZero,
            double zeroCount,
            int offset,
            List<Double> counts,
            double total)
            implements MetricPoint {
        private static final int MIN_SCALE = -10;
        private static final int MAX_SCALE = 20;

        public Exponential {
            requireNonNull(at, "at");
            requireNonNull(temporality, "temporality");
            if (scale < MIN_SCALE || scale > MAX_SCALE) {
                throw new IllegalArgumentException(
                        "scale must be from " + MIN_SCALE + " to " + MAX_SCALE + ", is " + scale);
            }
            if (!(zeroThreshold >= 0) || Double.isInfinite(zeroThreshold)) {
                throw new IllegalArgumentException("zeroThreshold must be at least 0, is " + zeroThreshold);
            }
            requireCount("belowZero", belowZero);
            requireCount("zeroCount", zeroCount);
            counts = List.copyOf(counts);
            counts.forEach(count -> requireCount("a count", count));
            requireCount("total", total);
        }

        /**
         * Returns what the observations of a bucket are above; 0 or infinite where that is beyond the doubles.
         *
         * @param bucket its place in {@link #counts}, from 0
         */
        public double lowerBound(int bucket) {
            return power((long) offset + bucket);
        }

        /**
         * Returns what the observations of a bucket are at most; 0 or infinite where that is beyond the doubles.
         *
         * @param bucket its place in {@link #counts}, from 0
         */
        public double upperBound(int bucket) {
            return power((long) offset + bucket + 1);
        }

        private double power(long exponent) {
            return Math.pow(2, Math.scalb((double) exponent, -scale));
        }
    }

    private static void requireCount(String name, double count) {
        if (!(count >= 0 && count <= MOST)) { // NaN too
            throw new IllegalArgumentException(name + " must be from 0 to 2^53, is " + count);
        }
    }
}
