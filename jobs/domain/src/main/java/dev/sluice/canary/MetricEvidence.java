package dev.sluice.canary;

import dev.sluice.canary.evidence.Measured;
import dev.sluice.canary.evidence.MetricBucket;
import dev.sluice.canary.evidence.Pods;
import dev.sluice.canary.evidence.Stateful;
import dev.sluice.canary.evidence.TrafficSplit;
import dev.sluice.statistics.Interval;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The evidence of one metric of a run, bucket after bucket. The order in a bucket: what is warm-up or cannot be compared is
 * not counted; then phi is taken from the buckets before, the increments go to all tests, and only then does the guard see
 * the bucket.
 *
 * @param <B> the buckets of this kind of metric
 */
abstract class MetricEvidence<B extends MetricBucket> implements Stateful {
    private final CanaryConfig run;
    private final Class<B> kind;
    private int warmedUp;
    private long countedBuckets;
    private boolean hasBaseline;
    private boolean hasCanary;
    private @Nullable Instant lastData;
    private int stage;
    private @Nullable TrafficSplit split;

    MetricEvidence(CanaryConfig run, Class<B> kind) {
        this.run = run;
        this.kind = kind;
        this.split = plannedSplit();
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

    /**
     * Learns from buckets of before the run, in order, in which both arms were of one version.
     *
     * @param span from the first of them to the end of the last; null where they follow each other
     */
    final void calibrate(List<? extends MetricBucket> history, @Nullable Duration span) {
        List<B> twoArmed = history.stream()
                .map(this::requireKind)
                .filter(MetricBucket::isTwoArmed)
                .toList();
        learn(twoArmed, span == null ? run.bucket().multipliedBy(twoArmed.size()) : span);
    }

    /** Fails unless the bucket is one of this kind of metric. */
    final B requireKind(MetricBucket bucket) {
        if (!kind.isInstance(bucket)) {
            throw new IllegalArgumentException(bucket + " is not a " + kind.getSimpleName());
        }
        return kind.cast(bucket);
    }

    /**
     * Adds a bucket.
     *
     * @param end when it ended
     * @param measured what both arms and their pods did in it
     * @param settling whether a change of traffic was so near that it says nothing
     */
    final void add(Instant end, Measured measured, boolean settling) {
        MetricBucket bucket = measured.bucket();
        Pods pods = measured.pods();
        B ofKind = requireKind(bucket);
        hasBaseline |= bucket.hasBaseline();
        hasCanary |= bucket.hasCanary();
        if (lastData != null && !settling) {
            // both arms have been seen: what one of them has alone is of the split, too
            addToSplit(ofKind);
        }
        if (!bucket.isTwoArmed() || !isComparable(ofKind)) {
            return;
        }
        if (lastData != null && Duration.between(lastData, end).compareTo(run.dataTimeout()) > 0) {
            // what was there before the gap is no reason to pass soon after it
            countedBuckets = 0;
            restartExposure();
        }
        lastData = end;
        if (settling) {
            return;
        }
        if (warmedUp < run.warmUpBuckets()) {
            warmedUp++;
            warmUp(ofKind, warmedUp == run.warmUpBuckets());
        } else {
            countedBuckets++;
            count(ofKind);
        }
        if (pods.areComparable()) {
            SortedMap<String, B> ofPods = new TreeMap<>();
            pods.baseline().forEach((pod, of) -> ofPods.put(pod, requireKind(of)));
            addPods(ofPods, pods.canary());
        }
    }

    /**
     * Adds a bucket, none of whose data were there in time. It counts for what is tested now; neither is it a bucket of the
     * onset's clock nor does it show that data are fresh.
     *
     * @param ofStage whether it is of the stage that goes on: one of before does not count for a pass
     */
    final void addLate(MetricBucket bucket, boolean ofStage) {
        B ofKind = requireKind(bucket);
        if (ofStage && lastData != null) {
            addToSplit(ofKind);
        }
        if (bucket.isTwoArmed() && isComparable(ofKind) && warmedUp == run.warmUpBuckets()) {
            countLate(ofKind, ofStage);
        }
    }

    /** Begins a stage: what speaks for a pass must be of this stage alone. */
    final void startStage() {
        countedBuckets = 0;
        stage++;
        split = plannedSplit();
        restartExposure();
        restartPass();
    }

    /** Returns the test of the stage's share of requests; null where none is planned, or requests are not assigned one by one. */
    private @Nullable TrafficSplit plannedSplit() {
        Double share = run.traffic().canaryShare(stage);
        return share == null || run.traffic().randomizedBy() != TrafficPlan.Unit.REQUEST
                ? null
                : new TrafficSplit(share);
    }

    private void addToSplit(B bucket) {
        if (split != null) {
            addRequests(bucket, split);
        }
    }

    /**
     * Returns why buckets of now do not count; null where they do.
     *
     * @param settlingUntil until when what is measured says nothing; null where it says something
     */
    final @Nullable String waiting(@Nullable Instant settlingUntil) {
        String absence = lastData == null ? absence() : "";
        if (settlingUntil != null) {
            return "settling until " + settlingUntil + (absence.isEmpty() ? "" : ", " + absence);
        }
        if (!absence.isEmpty()) {
            return absence;
        }
        return warmedUp < run.warmUpBuckets()
                ? "warming up with " + warmedUp + " of " + run.warmUpBuckets() + " buckets"
                : null;
    }

    private String absence() {
        if (hasBaseline && hasCanary) {
            return "no bucket yet with data of both arms that can be compared";
        }
        String arm = hasBaseline ? "the canary" : hasCanary ? "the baseline" : "either arm";
        return "no data of " + arm + " yet";
    }

    /** Returns what was found where no bucket has counted yet. */
    final String nothingFound(@Nullable Instant settlingUntil) {
        String waiting = waiting(settlingUntil);
        return waiting == null ? "nothing was counted yet" : waiting;
    }

    /** Returns why the arms cannot be compared, whatever the metric says of them; null where they can. */
    final @Nullable String mismatch() {
        return split == null || !split.isMismatch()
                ? null
                : "sample-ratio mismatch: the canary has " + Words.percent(split.actual()) + " of the requests where "
                        + Words.percent(split.planned()) + " are planned, e = " + Words.eValue(split.logE())
                        + ": the arms may differ by whom they serve";
    }

    @Override
    public final void save(DataOutput out) throws IOException {
        out.writeInt(warmedUp);
        out.writeLong(countedBuckets);
        out.writeBoolean(hasBaseline);
        out.writeBoolean(hasCanary);
        Times.save(out, lastData);
        out.writeInt(stage);
        if (split != null) {
            split.save(out);
        }
        saveEvidence(out);
    }

    @Override
    public final void load(DataInput in) throws IOException {
        warmedUp = in.readInt();
        countedBuckets = in.readLong();
        hasBaseline = in.readBoolean();
        hasCanary = in.readBoolean();
        lastData = Times.load(in);
        stage = in.readInt();
        split = plannedSplit();
        if (split != null) {
            split.load(in);
        }
        loadEvidence(in);
    }

    abstract void saveEvidence(DataOutput out) throws IOException;

    abstract void loadEvidence(DataInput in) throws IOException;

    final CanaryConfig run() {
        return run;
    }

    final double bucketSeconds() {
        return run.bucket().toMillis() / 1000.0;
    }

    /** Returns how many buckets were counted since the stage began, or since data came back after they had failed to come. */
    final long countedBuckets() {
        return countedBuckets;
    }

    final @Nullable Instant lastData() {
        return lastData;
    }

    /** Returns by how much its history has shown that counts vary, phi at least; 1 where none has. */
    double floor() {
        return 1;
    }

    /** Begins with a phi that was learned of the whole that this is a part of. */
    void startWithFloor(double phi) {
        // only counts have one
    }

    /**
     * Learns from a history.
     *
     * @param span how long it is
     */
    abstract void learn(List<B> history, Duration span);

    /** Returns whether a bucket with both arms can be compared at all; called once for each. */
    abstract boolean isComparable(B bucket);

    /** Adds the requests of a bucket, where they are what is counted. */
    abstract void addRequests(B bucket, TrafficSplit to);

    /**
     * Adds what the pods of the baseline did in a bucket that was counted or is of the warm-up.
     *
     * @param pods at least two
     * @param ofCanary how many pods the canary has
     */
    abstract void addPods(SortedMap<String, B> pods, int ofCanary);

    abstract void warmUp(B bucket, boolean isLast);

    abstract void count(B bucket);

    abstract void countLate(B bucket, boolean ofStage);

    abstract void restartPass();

    /** Begins anew to add up the exposure that a pass needs. */
    abstract void restartExposure();

    /** Returns the evidence alone: it is asked for at the end of each bucket. */
    abstract LogEvidence evidence();

    /**
     * Returns all that the metric says now.
     *
     * @param settlingUntil until when what is measured says nothing; null where it says something
     */
    abstract MetricReading read(@Nullable Instant settlingUntil);

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

    /**
     * Returns the seconds until it would pass at both ends of what is known of it: the fewer and the more. Where only the estimate is
     * known both are those of it.
     *
     * @param needed ln of the evidence at which it does
     * @param interval what is known of it, as it was read
     */
    Interval secondsToPassRange(double needed, Interval interval) {
        double seconds = secondsToPass(needed);
        return new Interval(seconds, seconds);
    }
}
