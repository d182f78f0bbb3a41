package dev.sluice.canary.intake;

import dev.sluice.canary.MetricConfig;
import dev.sluice.canary.evidence.GaugeBucket;
import dev.sluice.canary.evidence.Histogram;
import dev.sluice.canary.evidence.HistogramBucket;
import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.RatioBucket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes a bucket of a metric of its points: {@link Counters} of what they have grown by. */
public final class BucketAssembler {
    private static final Comparator<SamplePoint> ORDER = Comparator.comparing(SamplePoint::arm)
            .thenComparing(point -> point.series().labels())
            .thenComparing(SamplePoint::seriesKey)
            .thenComparing(SamplePoint::at);

    /** So much in a bucket that sums over all buckets of a run stay exact. */
    private static final double MOST = 1e12;

    /** So many segments of a bucket are told apart that are not followed yet. */
    private static final int MOST_SEGMENTS = 100;

    private final MetricConfig metric;
    private final Set<String> followed;

    /** Begins for a metric. */
    public BucketAssembler(MetricConfig metric) {
        this(metric, Set.of());
    }

    /**
     * Begins for a metric of a run.
     *
     * @param followed the segments that the run looks at: they are told apart however many others there are
     */
    public BucketAssembler(MetricConfig metric, Set<String> followed) {
        this.metric = metric;
        this.followed = Set.copyOf(followed);
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

    /** Makes a bucket, as below, of which the first reading of a target says only where its counters stand. */
    public Measured assemble(Collection<SamplePoint> points, Counters counters) {
        return assemble(points, counters, Instant.MAX);
    }

    /**
     * Makes a bucket.
     *
     * @throws IllegalArgumentException if its sums are beyond all measure, although each point is not
     * @param points of this metric and bucket, each (arm, series, part, time) once
     * @param counters what is known of the counters from the buckets before; learns this one
     * @param since of a target that is read for the first time, counters that say that they began then or after count with all
     *     that they have
     */
    public Measured assemble(Collection<SamplePoint> points, Counters counters, Instant since) {
        if (metric instanceof MetricConfig.Gauge) {
            return gauge(points.stream().sorted(ORDER).toList());
        }
        boolean isHistogram = metric instanceof MetricConfig.Latency;
        List<SamplePoint> grown =
                counters.grown(isHistogram ? PartsOfHistograms.joined(points) : points, since).stream()
                        .sorted(ORDER)
                        .toList();
        Measured whole = isHistogram ? histogram(grown) : ratio(grown);
        return new Measured(whole.bucket(), whole.pods(), segments(grown, isHistogram));
    }

    /** Returns what both arms did by segment; of those that are not followed those whose names come first. */
    private SortedMap<String, MetricBucket> segments(List<SamplePoint> points, boolean isHistogram) {
        SortedMap<String, List<SamplePoint>> bySegment = new TreeMap<>();
        for (SamplePoint point : points) {
            String segment = point.series().segment();
            if (!segment.isEmpty()) {
                bySegment.computeIfAbsent(segment, name -> new ArrayList<>()).add(point);
            }
        }
        SortedMap<String, MetricBucket> buckets = new TreeMap<>();
        int others = 0;
        for (var segment : bySegment.entrySet()) {
            others += followed.contains(segment.getKey()) ? 0 : 1;
            if (followed.contains(segment.getKey()) || others <= MOST_SEGMENTS) {
                List<SamplePoint> of = segment.getValue();
                buckets.put(segment.getKey(), (isHistogram ? histogram(of) : ratio(of)).bucket());
            }
        }
        return buckets;
    }

    private static Measured ratio(List<SamplePoint> points) {
        var arms = new ByPod<>(() -> new double[2]);
        for (SamplePoint point : points) {
            double[] sums = arms.of(point);
            if (point.measure() instanceof Measure.Counts counts) {
                sums[0] += counts.events();
                sums[1] += counts.exposure();
            } else if (point.measure() instanceof Measure.Part part) {
                sums[part.role() == Measure.Part.Role.EVENTS ? 0 : 1] += part.count();
            }
        }
        double[] baseline = sum(arms.baseline.values());
        double[] canary = sum(arms.canary.values());
        requireMeasure(Math.max(Math.max(baseline[0], baseline[1]), Math.max(canary[0], canary[1])));
        return new Measured(
                new RatioBucket(baseline[0], baseline[1], canary[0], canary[1]),
                arms.pods(pod -> new RatioBucket(pod[0], pod[1], 0, 0)));
    }

    private static double[] sum(Collection<double[]> pods) {
        var sum = new double[2];
        for (double[] pod : pods) {
            sum[0] += pod[0];
            sum[1] += pod[1];
        }
        return sum;
    }

    /** Every pod weighs the same, however often it was measured. */
    private static Measured gauge(List<SamplePoint> points) {
        var arms = new ByPod<List<Double>>(ArrayList::new);
        for (SamplePoint point : points) {
            if (point.measure() instanceof Measure.Level level) {
                arms.of(point).add(level.value());
            }
        }
        return new Measured(
                new GaugeBucket(meanOfPods(arms.baseline.values()), meanOfPods(arms.canary.values())),
                arms.pods(pod -> new GaugeBucket(mean(pod), null)));
    }

    private static @Nullable Double meanOfPods(Collection<List<Double>> pods) {
        return pods.isEmpty()
                ? null
                : mean(pods.stream().map(BucketAssembler::mean).toList());
    }

    private static double mean(List<Double> values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.size();
    }

    private static Measured histogram(List<SamplePoint> points) {
        var arms = new ByPod<List<Histogram>>(ArrayList::new);
        for (SamplePoint point : points) {
            histogram(point).ifPresent(arms.of(point)::add);
        }
        List<Histogram> baseline =
                arms.baseline.values().stream().flatMap(List::stream).toList();
        List<Histogram> canary =
                arms.canary.values().stream().flatMap(List::stream).toList();
        requireMeasure(total(baseline));
        requireMeasure(total(canary));
        return new Measured(
                new HistogramBucket(Histogram.sum(baseline), Histogram.sum(canary)),
                arms.pods(pod -> new HistogramBucket(Histogram.sum(pod), Histogram.sum(List.of()))));
    }

    private static double total(List<Histogram> histograms) {
        return histograms.stream().mapToDouble(Histogram::total).sum();
    }

    private static void requireMeasure(double sum) {
        if (!(sum <= MOST)) {
            throw new IllegalArgumentException("a bucket has at most 1e12 requests, this one " + sum);
        }
    }

    private static Optional<Histogram> histogram(SamplePoint point) {
        if (point.measure() instanceof Measure.Requests requests) {
            return Optional.of(Histogram.ofValues(
                    requests.values().stream().mapToDouble(Double::doubleValue).toArray()));
        }
        return point.measure() instanceof Measure.Distribution of
                ? Optional.of(Histogram.ofBuckets(
                        of.bounds().stream().mapToDouble(Double::doubleValue).toArray(),
                        of.upTo().stream().mapToLong(Long::longValue).toArray(),
                        of.total()))
                : Optional.empty();
    }

    /** Something of each pod; where pods are not known each series is one, of which nobody can say whose it is. */
    private static final class ByPod<T> {
        private final Supplier<T> first;
        private final SortedMap<String, T> baseline = new TreeMap<>();
        private final SortedMap<String, T> canary = new TreeMap<>();
        private boolean known = true;

        ByPod(Supplier<T> first) {
            this.first = first;
        }

        T of(SamplePoint point) {
            boolean isKnown = !point.series().pod().isEmpty();
            known &= isKnown;
            String pod = isKnown ? point.series().pod() : point.series().labels();
            return (point.arm() == Arm.BASELINE ? baseline : canary).computeIfAbsent(pod, name -> first.get());
        }

        /** Returns what is known of pods: nothing, where a series might be of any. */
        Pods pods(Function<T, MetricBucket> toBucket) {
            if (!known) {
                return Pods.UNKNOWN;
            }
            SortedMap<String, MetricBucket> buckets = new TreeMap<>();
            baseline.forEach((pod, of) -> buckets.put(pod, toBucket.apply(of)));
            return new Pods(buckets, canary.size());
        }
    }
}
