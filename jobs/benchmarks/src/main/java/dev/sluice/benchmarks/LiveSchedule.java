package dev.sluice.benchmarks;

import dev.sluice.canary.intake.BucketClock;
import java.time.Duration;

/**
 * When the points of live runs are due: those of a run once a second, each run at its own moment of it, so that all of them are
 * spread evenly. A bucket is a second, too. Times are nanoseconds since the schedule began, which is when a second did.
 *
 * @param runs how many
 */
record LiveSchedule(int runs) {
    static final Duration BUCKET = Duration.ofSeconds(1);

    private static final long SECOND = BUCKET.toNanos();
    private static final long MILLI = 1_000_000;
    /** A bucket is complete with a point of the bucket so many later. */
    private static final int COMPLETING = BucketClock.of(BUCKET).lateness() + 1;

    LiveSchedule {
        if (runs < 1) {
            throw new IllegalArgumentException("there must be a run, there are " + runs);
        }
    }

    /** Returns when the points of a bucket are due, whole milliseconds: after its begin, at its end at the latest. */
    long due(int run, long bucket) {
        long millis = BUCKET.toMillis();
        return bucket * SECOND + (millis * (run + 1) + runs - 1) / runs * MILLI;
    }

    /** Returns when the points are due without which a bucket is not complete. */
    long completed(int run, long bucket) {
        return due(run, bucket + COMPLETING);
    }

    /** Returns when a bucket ends. */
    long end(long bucket) {
        return (bucket + 1) * SECOND;
    }
}
