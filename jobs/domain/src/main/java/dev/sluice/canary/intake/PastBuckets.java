package dev.sluice.canary.intake;

import dev.sluice.canary.CanaryRun;
import dev.sluice.canary.evidence.MetricBucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What two halves of the baseline's pods did before a run, bucket by bucket of each metric: by it the run is calibrated. */
public final class PastBuckets {
    private final BucketClock clock;
    private final Map<String, OfMetric> metrics = new TreeMap<>();

    /** The buckets of a metric, from the first to the last number. */
    private record OfMetric(long first, long last, List<MetricBucket> buckets) {}

    /**
     * Begins with nothing.
     *
     * @param clock tells which times the numbers are
     */
    public PastBuckets(BucketClock clock) {
        this.clock = clock;
    }

    /**
     * Adds a bucket.
     *
     * @param metric a metric of the runs that are taught
     * @param number of the bucket, after those of the metric before
     * @param bucket what the two halves did
     */
    public void add(String metric, long number, MetricBucket bucket) {
        OfMetric before = metrics.get(metric);
        if (before != null && number <= before.last()) {
            throw new IllegalArgumentException("bucket " + number + " is not after " + before.last());
        }
        List<MetricBucket> buckets = before == null ? new ArrayList<>() : before.buckets();
        buckets.add(bucket);
        metrics.put(metric, new OfMetric(before == null ? number : before.first(), number, buckets));
    }

    /**
     * Calibrates a run that has not begun.
     *
     * @return from the begin of the first to the end of the last bucket of the metric of which that is longest; zero where there is none
     */
    public Duration teach(CanaryRun run) {
        Duration longest = Duration.ZERO;
        for (var metric : metrics.entrySet()) {
            OfMetric of = metric.getValue();
            Duration span = Duration.between(clock.begin(of.first()), clock.begin(of.last() + 1));
            run.calibrate(metric.getKey(), of.buckets(), span);
            longest = longest.compareTo(span) < 0 ? span : longest;
        }
        return longest;
    }
}
