package dev.sluice.sources.metrics.pull;

import dev.sluice.sources.Place;
import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.Temporality;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads the native histograms of one answer (<a href="https://prometheus.io/docs/prometheus/latest/querying/api/#native-histograms">as
 * Prometheus writes them</a>): only buckets in which there is something are there, each with its bounds, and the schema is not. It is
 * the finest one that has all of these buckets, so what is read counts as what remote write sends of the same histogram. Of a
 * histogram with other bounds, as custom ones are, only the total is known: the bounds of its empty buckets are not there.
 */
final class NativeHistograms {
    private static final int FINEST = 8;
    private static final int COARSEST = -4;
    private static final double LOG_OF_TWO = Math.log(2);
    /** So near to a whole number is what a logarithm of a bound is of the width of a bucket. */
    private static final double NEAR = 1e-8;
    /** By so much of the total the buckets of fractions may exceed it: adding them up rounds. */
    private static final double ROUNDING = 1e-9;
    /** So many empty buckets between others there is memory for, of all histograms of an answer. */
    private static final int MOST_EMPTY = 8_000_000;
    /** Buckets are joined to those of this schema at once: counts are between bounds of no finer one. */
    private static final int FINEST_KEPT = 3;

    private int empty;

    /**
     * Returns the point that a pair means.
     *
     * @throws dev.sluice.sources.Rejection if it is none, or contradicts itself
     */
    MetricPoint point(Place pair) {
        if (pair.list().node().size() != 2) {
            throw pair.wrong("must be a time and a histogram");
        }
        Instant at = PrometheusBody.time(pair.at(0));
        Place histogram = pair.at(1).object();
        double total = Bucket.count(histogram.at("count"));
        PrometheusBody.value(histogram.at("sum"));
        List<Bucket> buckets = buckets(histogram.at("buckets"));
        double inBuckets = buckets.stream().mapToDouble(Bucket::count).sum();
        if (inBuckets > total * (1 + ROUNDING)) {
            throw histogram.wrong("has " + inBuckets + " in its buckets, and " + total + " in all");
        }
        List<Bucket> above = buckets.stream().filter(Bucket::isAboveZero).toList();
        boolean isOfPowers =
                buckets.stream().allMatch(bucket -> bucket.isAboveZero() || bucket.isZero() || bucket.isBelowZero());
        OptionalInt schema = isOfPowers ? schema(above) : OptionalInt.empty();
        if (total == 0 || schema.isEmpty()) {
            if (schema.isEmpty()) {
                requireCustomBounds(buckets);
            }
            return new MetricPoint.Buckets(at, Temporality.UNKNOWN, null, List.of(), List.of(), total);
        }
        return exponential(pair, at, buckets, above, schema.getAsInt(), total);
    }

    private static List<Bucket> buckets(Place list) {
        List<Bucket> buckets = new ArrayList<>();
        if (!list.isAbsent()) {
            list.list().elements().forEach(place -> {
                Bucket bucket = Bucket.read(place);
                if (!buckets.isEmpty() && !bucket.isAfter(buckets.get(buckets.size() - 1))) {
                    throw place.wrong("must be above the one before, and not overlap it");
                }
                buckets.add(bucket);
            });
        }
        return buckets;
    }

    /** Between custom bounds each bucket has its upper one; the first has all that is less, too. */
    private static void requireCustomBounds(List<Bucket> buckets) {
        for (int i = 0; i < buckets.size(); i++) {
            Bucket bucket = buckets.get(i);
            boolean isFirst = i == 0 && bucket.rule() == Bucket.CLOSED && bucket.lower() == Double.NEGATIVE_INFINITY;
            if (!isFirst && bucket.rule() != Bucket.OPEN_LEFT) {
                throw bucket.place().wrong("is closed where no bucket of a native histogram is");
            }
        }
    }

    private MetricPoint exponential(
            Place pair, Instant at, List<Bucket> buckets, List<Bucket> above, int schema, double total) {
        double belowZero = 0;
        double zeroCount = 0;
        double zeroThreshold = 0;
        for (Bucket bucket : buckets) {
            if (bucket.isZero()) {
                zeroCount = bucket.count();
                zeroThreshold = bucket.upper();
            } else if (bucket.isBelowZero()) {
                belowZero += bucket.count();
            }
        }
        int kept = Math.min(schema, FINEST_KEPT);
        int offset = 0;
        List<Double> counts = new ArrayList<>();
        for (Bucket bucket : above) {
            if (Double.isInfinite(bucket.upper())) {
                continue; // of infinite observations, which are in the total
            }
            int index = (Math.toIntExact(Math.round(place(bucket.upper(), schema))) - 1) >> (schema - kept);
            if (counts.isEmpty()) {
                offset = index;
                zeroThreshold = isCut(bucket, schema) ? bucket.lower() : zeroThreshold;
            }
            int gap = index - offset - counts.size();
            if (gap < 0) {
                int last = counts.size() - 1;
                counts.set(last, counts.get(last) + bucket.count());
                continue;
            }
            empty += gap;
            if (empty > MOST_EMPTY) {
                throw pair.wrong("and those before it have more than " + MOST_EMPTY + " empty buckets together");
            }
            counts.addAll(Collections.nCopies(gap, 0.0));
            counts.add(bucket.count());
        }
        return new MetricPoint.Exponential(
                at, Temporality.UNKNOWN, null, kept, zeroThreshold, belowZero, zeroCount, offset, counts, total);
    }

    /** Returns the finest schema that has all buckets; empty if none has. */
    private static OptionalInt schema(List<Bucket> above) {
        for (int schema = FINEST; schema >= COARSEST; schema--) {
            if (hasAll(schema, above)) {
                return OptionalInt.of(schema);
            }
        }
        return OptionalInt.empty();
    }

    /** Of the first bucket the lower part may be what counts as zero. */
    private static boolean hasAll(int schema, List<Bucket> above) {
        for (int i = 0; i < above.size(); i++) {
            Bucket bucket = above.get(i);
            if (Double.isInfinite(bucket.upper())) {
                if (bucket.lower() != Double.MAX_VALUE) {
                    return false;
                }
                continue;
            }
            double end = place(bucket.upper(), schema);
            double width = end - place(bucket.lower(), schema);
            if (Math.abs(end - Math.rint(end)) > NEAR || width > 1 + NEAR || (i > 0 && isCut(bucket, schema))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCut(Bucket bucket, int schema) {
        return place(bucket.upper(), schema) - place(bucket.lower(), schema) < 1 - NEAR;
    }

    /** Returns which of the bounds of a schema one is: a whole number if it is one. */
    private static double place(double bound, int schema) {
        return Math.scalb(Math.log(bound) / LOG_OF_TWO, schema);
    }

    /**
     * What is between two bounds.
     *
     * @param place where it stands
     * @param rule which of the bounds belong to it
     * @param count how many observations
     */
    private record Bucket(Place place, int rule, double lower, double upper, double count) {
        static final int OPEN_LEFT = 0;
        static final int OPEN_RIGHT = 1;
        static final int CLOSED = 3;

        static Bucket read(Place place) {
            if (place.list().node().size() != 4) {
                throw place.wrong("must be a rule, two bounds and a count");
            }
            long rule = place.at(0).number();
            if (rule < OPEN_LEFT || rule > CLOSED) {
                throw place.at(0).wrong("must be from 0 to 3");
            }
            double lower = PrometheusBody.value(place.at(1));
            double upper = PrometheusBody.value(place.at(2));
            if (!(lower < upper || (lower == upper && rule == CLOSED))) { // NaN too
                throw place.wrong("must have bounds that rise");
            }
            return new Bucket(place, (int) rule, lower, upper, count(place.at(3)));
        }

        static double count(Place place) {
            double count = PrometheusBody.value(place);
            if (!(count >= 0 && count <= MetricPoint.MOST)) { // NaN too
                throw place.wrong("must be from 0 to 2^53");
            }
            return count;
        }

        boolean isAfter(Bucket before) {
            return lower > before.upper || (lower == before.upper && !(hasLower() && before.hasUpper()));
        }

        private boolean hasLower() {
            return rule == OPEN_RIGHT || rule == CLOSED;
        }

        private boolean hasUpper() {
            return rule == OPEN_LEFT || rule == CLOSED;
        }

        boolean isAboveZero() {
            return rule == OPEN_LEFT && lower >= 0;
        }

        boolean isZero() {
            return rule == CLOSED && lower == -upper && upper < Double.POSITIVE_INFINITY;
        }

        boolean isBelowZero() {
            return rule == OPEN_RIGHT && upper <= 0;
        }
    }
}
