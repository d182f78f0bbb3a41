package dev.sluice.canary.intake;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a bucket of a metric of its points. Of series that grow, the differences count; one that falls has begun anew, and
 * counts from there. The first point of such a series says only where it stands, unless its pod was known before: then it was born
 * with its first event, as the counter of an error is that has not occurred yet, and all of it counts.
 */
public final class BucketAssembler {
    private static final Comparator<SamplePoint> ORDER = Comparator.comparing(SamplePoint::arm)
            .thenComparing(point -> point.series().labels())
            .thenComparing(SamplePoint::seriesKey)
            .thenComparing(SamplePoint::at);

    /** So much in a bucket that sums over all buckets of a run stay exact. */
    private static final double MOST = 1e12;

    private final MetricConfig metric;

    /** Begins for a metric. */
    public BucketAssembler(MetricConfig metric) {
        this.metric = metric;
    }

    /** Returns whether a metric of this kind can be measured so. */
    public static boolean fits(MetricConfig metric, Measure measure) {
        if (metric instanceof MetricConfig.Ratio) {
            return measure instanceof Measure.Counts
                    || (measure instanceof Measure.Part part && part.role() != Measure.Part.Role.UP_TO);
        }
        return metric instanceof MetricConfig.Gauge
                ? measure instanceof Measure.Level
                : measure instanceof Measure.Requests
                        || measure instanceof Measure.Distribution
                        || (measure instanceof Measure.Part part && part.role() == Measure.Part.Role.UP_TO);
    }

    /**
     * Makes a bucket.
     *
     * @throws IllegalArgumentException if its sums are beyond all measure, although each point is not
     * @param points of this metric and bucket, each (arm, series, part, time) once
     * @param before what is known of the buckets before; learns this one
     */
    public MetricBucket assemble(Collection<SamplePoint> points, KnownSeries before) {
        boolean isHistogram = metric instanceof MetricConfig.Latency;
        List<SamplePoint> inOrder = (isHistogram ? PartsOfHistograms.joined(points, before) : points)
                .stream().sorted(ORDER).toList();
        MetricBucket bucket = metric instanceof MetricConfig.Ratio
                ? ratio(inOrder, before)
                : isHistogram ? histogram(inOrder, before) : gauge(inOrder);
        points.forEach(before::learnPod);
        return bucket;
    }

    private static RatioBucket ratio(List<SamplePoint> points, KnownSeries last) {
        var events = new double[2];
        var exposures = new double[2];
        for (SamplePoint point : points) {
            int arm = place(point.arm());
            if (point.measure() instanceof Measure.Counts counts) {
                Optional<Measure.Counts> added = counts.cumulative()
                        ? difference(counts, last.replace(point), last.isBorn(point))
                        : Optional.of(counts);
                added.ifPresent(of -> {
                    events[arm] += of.events();
                    exposures[arm] += of.exposure();
                });
            } else if (point.measure() instanceof Measure.Part part) {
                double[] of = part.role() == Measure.Part.Role.EVENTS ? events : exposures;
                of[arm] += part.cumulative() ? growth(part, last.replace(point), last.isBorn(point)) : part.count();
            }
        }
        requireMeasure(Math.max(Math.max(events[0], exposures[0]), Math.max(events[1], exposures[1])));
        return new RatioBucket(events[0], exposures[0], events[1], exposures[1]);
    }

    private static double growth(Measure.Part now, @Nullable SamplePoint before, boolean isBorn) {
        if (before == null || !(before.measure() instanceof Measure.Part then) || !then.cumulative()) {
            return isBorn ? now.count() : 0;
        }
        return now.count() < then.count() ? now.count() : now.count() - then.count();
    }

    private static Optional<Measure.Counts> difference(
            Measure.Counts now, @Nullable SamplePoint before, boolean isBorn) {
        if (before == null || !(before.measure() instanceof Measure.Counts then) || !then.cumulative()) {
            return isBorn ? Optional.of(now) : Optional.empty();
        }
        boolean anew = now.events() < then.events() || now.exposure() < then.exposure();
        return Optional.of(
                anew ? now : new Measure.Counts(now.events() - then.events(), now.exposure() - then.exposure(), false));
    }

    private static GaugeBucket gauge(List<SamplePoint> points) {
        var sums = new double[2];
        var numbers = new int[2];
        for (SamplePoint point : points) {
            if (point.measure() instanceof Measure.Level level) {
                sums[place(point.arm())] += level.value();
                numbers[place(point.arm())]++;
            }
        }
        return new GaugeBucket(
                numbers[0] == 0 ? null : sums[0] / numbers[0], numbers[1] == 0 ? null : sums[1] / numbers[1]);
    }

    private static HistogramBucket histogram(List<SamplePoint> points, KnownSeries last) {
        List<Histogram> baseline = new ArrayList<>();
        List<Histogram> canary = new ArrayList<>();
        for (SamplePoint point : points) {
            histogram(point, last).ifPresent((point.arm() == Arm.BASELINE ? baseline : canary)::add);
        }
        requireMeasure(total(baseline));
        requireMeasure(total(canary));
        return new HistogramBucket(Histogram.sum(baseline), Histogram.sum(canary));
    }

    private static double total(List<Histogram> histograms) {
        return histograms.stream().mapToDouble(Histogram::total).sum();
    }

    private static void requireMeasure(double sum) {
        if (!(sum <= MOST)) {
            throw new IllegalArgumentException("a bucket has at most 1e12 requests, this one " + sum);
        }
    }

    private static Optional<Histogram> histogram(SamplePoint point, KnownSeries last) {
        if (point.measure() instanceof Measure.Requests requests) {
            return Optional.of(Histogram.ofValues(
                    requests.values().stream().mapToDouble(Double::doubleValue).toArray()));
        }
        if (!(point.measure() instanceof Measure.Distribution now)) {
            return Optional.empty();
        }
        if (!now.cumulative()) {
            return Optional.of(histogram(now.bounds(), now.upTo(), now.total()));
        }
        boolean isBorn = last.isBorn(point);
        SamplePoint before = last.replace(point);
        if (before == null || !(before.measure() instanceof Measure.Distribution then)) {
            return isBorn ? Optional.of(histogram(now.bounds(), now.upTo(), now.total())) : Optional.empty();
        }
        return Optional.of(grown(now, then));
    }

    /** Where the bounds have changed, those count that are still there. */
    private static Histogram grown(Measure.Distribution now, Measure.Distribution then) {
        List<Double> bounds = new ArrayList<>();
        List<Long> difference = new ArrayList<>();
        long total = now.total() - then.total();
        long before = 0;
        for (int i = 0; i < now.bounds().size(); i++) {
            int place = Collections.binarySearch(then.bounds(), now.bounds().get(i));
            if (place >= 0) {
                long grown = now.upTo().get(i) - then.upTo().get(place);
                if (grown < before) {
                    return histogram(now.bounds(), now.upTo(), now.total()); // begun anew
                }
                before = grown;
                bounds.add(now.bounds().get(i));
                difference.add(grown);
            }
        }
        return total < before ? histogram(now.bounds(), now.upTo(), now.total()) : histogram(bounds, difference, total);
    }

    private static Histogram histogram(List<Double> bounds, List<Long> upTo, long total) {
        return Histogram.ofBuckets(
                bounds.stream().mapToDouble(Double::doubleValue).toArray(),
                upTo.stream().mapToLong(Long::longValue).toArray(),
                total);
    }

    private static int place(Arm arm) {
        return arm == Arm.BASELINE ? 0 : 1;
    }
}
