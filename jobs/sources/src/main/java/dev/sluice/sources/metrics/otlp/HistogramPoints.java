package dev.sluice.sources.metrics.otlp;

import dev.sluice.sources.metrics.MetricPoint;
import dev.sluice.sources.metrics.Temporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Data points of histograms as points; all fail with an {@link IllegalArgumentException} where the numbers do not fit. */
final class HistogramPoints {
    private HistogramPoints() {}

    /** Returns the point of a histogram with explicit bounds, of which each belongs to the bucket below it. */
    static MetricPoint explicit(
            HistogramDataPoint point, Instant at, Temporality temporality, @Nullable Instant start) {
        List<Double> bounds = point.getExplicitBoundsList();
        List<Long> counts = point.getBucketCountsList();
        double total = whole(point.getCount());
        if (counts.isEmpty() && bounds.isEmpty()) {
            return new MetricPoint.Buckets(at, temporality, start, List.of(), List.of(), total);
        }
        if (counts.size() != bounds.size() + 1) {
            throw new IllegalArgumentException(counts.size() + " counts of " + bounds.size() + " bounds");
        }
        List<Double> upTo = new ArrayList<>(bounds.size());
        double sum = 0;
        for (int i = 0; i < bounds.size(); i++) {
            sum += whole(counts.get(i));
            upTo.add(sum);
        }
        requireTotal(sum + whole(counts.get(bounds.size())), total);
        return new MetricPoint.Buckets(at, temporality, start, bounds, upTo, total);
    }

    /** Returns the point of an exponential histogram, whose index is that of the model. */
    static MetricPoint exponential(
            ExponentialHistogramDataPoint point, Instant at, Temporality temporality, @Nullable Instant start) {
        List<Double> counts = new ArrayList<>(point.getPositive().getBucketCountsCount());
        double positive = 0;
        for (long count : point.getPositive().getBucketCountsList()) {
            counts.add(whole(count));
            positive += whole(count);
        }
        double belowZero = 0;
        for (long count : point.getNegative().getBucketCountsList()) {
            belowZero += whole(count);
        }
        double zeroCount = whole(point.getZeroCount());
        double total = whole(point.getCount());
        requireTotal(belowZero + zeroCount + positive, total);
        return new MetricPoint.Exponential(
                at,
                temporality,
                start,
                point.getScale(),
                point.getZeroThreshold(),
                belowZero,
                zeroCount,
                point.getPositive().getOffset(),
                counts,
                total);
    }

    private static double whole(long unsigned) {
        if (unsigned < 0 || unsigned > MetricPoint.MOST) {
            throw new IllegalArgumentException("a count must be at most 2^53, is " + Long.toUnsignedString(unsigned));
        }
        return unsigned;
    }

    private static void requireTotal(double inBuckets, double total) {
        if (inBuckets != total) {
            throw new IllegalArgumentException(inBuckets + " in buckets, " + total + " in all");
        }
    }
}
