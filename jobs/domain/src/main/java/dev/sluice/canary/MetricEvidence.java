package dev.sluice.canary;

import dev.sluice.canary.evidence.MetricBucket;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of one metric of a run, bucket after bucket. The order in a bucket: what is warm-up or lacks an arm is not
 * counted; then phi is taken from the buckets before, the increments go to all tests, and only then does the guard see the
 * bucket.
 *
 * @param <B> the buckets of this kind of metric
 */
abstract class MetricEvidence<B extends MetricBucket> {
    private final CanaryConfig run;
    private final Class<B> kind;
    private int warmedUp;
    private long countedBuckets;
    private @Nullable Instant lastData;

    MetricEvidence(CanaryConfig run, Class<B> kind) {
        this.run = run;
        this.kind = kind;
    }

    /** Begins with the evidence of a metric. */
    static MetricEvidence<?> of(CanaryConfig run, MetricConfig metric) {
        if (metric instanceof MetricConfig.Ratio ratio) {
            return new RatioEvidence(run, ratio);
        }
        if (metric instanceof MetricConfig.Latency latency) {
            return new LatencyEvidence(run, latency);
        }
        if (metric instanceof MetricConfig.Gauge gauge) {
            return new GaugeEvidence(run, gauge);
        }
        throw new AssertionError(metric);
    }

    /** Learns from buckets of before the run, in order, in which both arms were of one version. */
    final void calibrate(List<? extends MetricBucket> history) {
        learn(history.stream()
                .filter(MetricBucket::isTwoArmed)
                .map(this::requireKind)
                .toList());
    }

    /**
     * Adds a bucket.
     *
     * @param end when it ended
     * @param bucket what both arms did in it
     * @param settling whether a change of traffic was so near that it says nothing
     */
    final void add(Instant end, MetricBucket bucket, boolean settling) {
        B ofKind = requireKind(bucket);
        if (!bucket.isTwoArmed()) {
            return;
        }
        lastData = end;
        if (settling) {
            return;
        }
        if (warmedUp < run.warmUpBuckets()) {
            warmedUp++;
            warmUp(ofKind, warmedUp == run.warmUpBuckets());
            return;
        }
        countedBuckets++;
        count(ofKind);
    }

    /** Begins a stage: what speaks for a pass must be of this stage alone. */
    final void startStage() {
        countedBuckets = 0;
        restartPass();
    }

    final CanaryConfig run() {
        return run;
    }

    final long countedBuckets() {
        return countedBuckets;
    }

    final @Nullable Instant lastData() {
        return lastData;
    }

    /** Returns how many seconds the counted buckets of this stage last. */
    final double countedSeconds() {
        return countedBuckets * (run.bucket().toMillis() / 1000.0);
    }

    abstract void learn(List<B> history);

    abstract void warmUp(B bucket, boolean isLast);

    abstract void count(B bucket);

    abstract void restartPass();

    /** Returns the evidence alone: it is asked for at the end of each bucket. */
    abstract LogEvidence evidence();

    /** Returns all that the metric says now. */
    abstract MetricReading read();

    /**
     * Returns the seconds until it would fail, if all goes on as it does; infinite where it would not.
     *
     * @param needed ln of the evidence at which it does
     */
    abstract double secondsToFail(double needed);

    /**
     * Returns the seconds until it would pass.
     *
     * @param needed ln of the evidence at which it does
     */
    abstract double secondsToPass(double needed);

    private B requireKind(MetricBucket bucket) {
        if (!kind.isInstance(bucket)) {
            throw new IllegalArgumentException(bucket + " is not a " + kind.getSimpleName());
        }
        return kind.cast(bucket);
    }
}
