package dev.sluice.canary.intake;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.RatioBucket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes a bucket of a metric of its points. Of series that grow, the differences count; one that falls has begun anew, and
 * counts from there. The first point of such a series says only where it stands.
 */
public final class BucketAssembler {
    private static final Comparator<SamplePoint> ORDER = Comparator.comparing(SamplePoint::arm)
            .thenComparing(SamplePoint::series)
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
            return measure instanceof Measure.Counts;
        }
        return metric instanceof MetricConfig.Gauge
                ? measure instanceof Measure.Level
                : measure instanceof Measure.Requests || measure instanceof Measure.Distribution;
    }

    /**
     * Makes a bucket.
     *
     * @throws IllegalArgumentException if its sums are beyond all measure, although each point is not
     * @param points of this metric and bucket, each (arm, series, time) once
     * @param last of each series that grows, the last point of before; gets those of this bucket
     */
    public MetricBucket assemble(Collection<SamplePoint> points, Map<String, SamplePoint> last) {
        List<SamplePoint> inOrder = points.stream().sorted(ORDER).toList();
        if (metric instanceof MetricConfig.Ratio) {
            return ratio(inOrder, last);
        }
        return metric instanceof MetricConfig.Gauge ? gauge(inOrder) : histogram(inOrder, last);
    }

    private static RatioBucket ratio(List<SamplePoint> points, Map<String, SamplePoint> last) {
        var events = new double[2];
        var exposures = new double[2];
        for (SamplePoint point : points) {
            if (point.measure() instanceof Measure.Counts counts) {
                int arm = place(point.arm());
                Optional<Measure.Counts> added =
                        counts.cumulative() ? difference(counts, previous(point, last)) : Optional.of(counts);
                added.ifPresent(of -> {
                    events[arm] += of.events();
                    exposures[arm] += of.exposure();
                });
            }
        }
        requireMeasure(Math.max(Math.max(events[0], exposures[0]), Math.max(events[1], exposures[1])));
        return new RatioBucket(events[0], exposures[0], events[1], exposures[1]);
    }

    private static Optional<Measure.Counts> difference(Measure.Counts now, @Nullable SamplePoint before) {
        if (before == null || !(before.measure() instanceof Measure.Counts then) || !then.cumulative()) {
            return Optional.empty();
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

    private static HistogramBucket histogram(List<SamplePoint> points, Map<String, SamplePoint> last) {
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

    private static Optional<Histogram> histogram(SamplePoint point, Map<String, SamplePoint> last) {
        if (point.measure() instanceof Measure.Requests requests) {
            return Optional.of(Histogram.ofValues(
                    requests.values().stream().mapToDouble(Double::doubleValue).toArray()));
        }
        if (!(point.measure() instanceof Measure.Distribution now)) {
            return Optional.empty();
        }
        if (!now.cumulative()) {
            return Optional.of(histogram(now, now.upTo(), now.total()));
        }
        SamplePoint before = previous(point, last);
        if (before == null || !(before.measure() instanceof Measure.Distribution then)) {
            return Optional.empty();
        }
        List<Long> difference = new ArrayList<>();
        boolean anew = now.total() < then.total() || !now.bounds().equals(then.bounds());
        for (int i = 0; i < now.upTo().size() && !anew; i++) {
            difference.add(now.upTo().get(i) - then.upTo().get(i));
            anew = difference.get(i) < 0 || (i > 0 && difference.get(i) < difference.get(i - 1));
        }
        anew |= !difference.isEmpty() && difference.get(difference.size() - 1) > now.total() - then.total();
        return Optional.of(
                anew
                        ? histogram(now, now.upTo(), now.total())
                        : histogram(now, difference, now.total() - then.total()));
    }

    private static Histogram histogram(Measure.Distribution of, List<Long> upTo, long total) {
        return Histogram.ofBuckets(
                of.bounds().stream().mapToDouble(Double::doubleValue).toArray(),
                upTo.stream().mapToLong(Long::longValue).toArray(),
                total);
    }

    /** Returns the point of the series before this one, which takes its place. */
    private static @Nullable SamplePoint previous(SamplePoint point, Map<String, SamplePoint> last) {
        return last.put(seriesKey(point), point);
    }

    /** Returns what tells the series from all others of the metric. */
    public static String seriesKey(SamplePoint point) {
        return point.arm() + "/" + point.series();
    }

    private static int place(Arm arm) {
        return arm == Arm.BASELINE ? 0 : 1;
    }
}
