package dev.sluice.canary.intake;

import java.time.Duration;
import java.time.Instant;

/**
 * Tells which bucket a point is in, and when a bucket is complete: when both arms of each metric have a point in a bucket that
 * is more than L later, or when progress has passed its end by a patience. Points that come at most L buckets after others change
 * nothing of what is in a bucket, whatever their order. The patience is for arms that fall silent, and for what senders keep
 * while Sluice is away: it is longer than L buckets.
 *
 * @param bucket the length of a bucket
 * @param lateness L, in buckets
 * @param patience how long after its end a bucket waits for points at most
 */
public record BucketClock(Duration bucket, int lateness, Duration patience) {
    private static final int DEFAULT_LATENESS = 2;
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(60);

    public BucketClock {
        if (bucket.toMillis() <= 0 || lateness < 0 || patience.isNegative()) {
            throw new IllegalArgumentException(
                    "bucket " + bucket + ", lateness " + lateness + ", patience " + patience);
        }
    }

    /** Returns the clock of buckets of a length: L is two, and the patience a minute, or L buckets where those are longer. */
    public static BucketClock of(Duration bucket) {
        Duration lateness = bucket.multipliedBy(DEFAULT_LATENESS);
        return new BucketClock(
                bucket, DEFAULT_LATENESS, lateness.compareTo(LEAST_PATIENCE) > 0 ? lateness : LEAST_PATIENCE);
    }

    /** Returns the clock of points that nobody has before so long after they have happened: its patience is so much longer. */
    public BucketClock withDelay(Duration delay) {
        return new BucketClock(bucket, lateness, patience.plus(delay));
    }

    /**
     * Returns the number of the bucket that a point is in. Counts are of the time before them, so one at the very beginning of a
     * bucket is of the bucket before.
     */
    public long numberOf(SamplePoint point) {
        long millis = point.at().toEpochMilli();
        return numberAt(point.measure() instanceof Measure.Level ? millis : millis - 1);
    }

    /** Returns the number of the bucket that a time is in. */
    public long numberOf(Instant time) {
        return numberAt(time.toEpochMilli());
    }

    private long numberAt(long millis) {
        return Math.floorDiv(millis, bucket.toMillis());
    }

    /** Returns when a bucket begins. */
    public Instant begin(long number) {
        return Instant.ofEpochMilli(number * bucket.toMillis());
    }

    /** Returns the first bucket that is not complete although progress has come so far. */
    public long incompleteAt(Instant progress) {
        return numberAt(progress.minus(patience).toEpochMilli());
    }

    /**
     * Returns the first bucket that is not complete although each arm of each metric has points.
     *
     * @param leastOfNewest of each arm of each metric the newest bucket with a point; of those the least
     */
    public long incompleteAfter(long leastOfNewest) {
        return leastOfNewest - lateness;
    }

    /** Returns when progress makes a bucket complete. */
    public Instant completeAt(long number) {
        return begin(number + 1).plus(patience);
    }
}
