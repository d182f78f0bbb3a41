package dev.sluice.sources.metrics.pull;

import java.time.Duration;
import java.time.Instant;

/**
 * The buckets of a run that lie as a whole within the time that is asked for: of a source that says what has happened within
 * intervals, each is asked for when it has ended, and none that has begun before the run. One that ends at the beginning of that
 * time is of the request before.
 *
 * @param length of each, whole seconds
 * @param first when the first one begins
 * @param end when the last one ends; not after {@code first} where there is none
 */
record WholeIntervals(Duration length, Instant first, Instant end) {
    /**
     * Returns those of a request.
     *
     * @throws UnusableAnswerException if its buckets are no whole seconds, which sources know as the shortest time
     */
    static WholeIntervals of(SeriesRequest request) {
        long length = request.bucket().toMillis();
        if (length % 1000 != 0) {
            throw UnusableAnswerException.ofQuery(
                    "cannot be asked for buckets of " + length + " ms: they must be whole seconds");
        }
        long start = request.startedAt().toEpochMilli();
        long ofRun = Math.floorDiv(start + length - 1, length);
        long asked = Math.floorDiv(request.from().toEpochMilli(), length);
        long end = Math.floorDiv(request.to().toEpochMilli(), length);
        return new WholeIntervals(
                request.bucket(),
                Instant.ofEpochMilli(Math.max(ofRun, asked) * length),
                Instant.ofEpochMilli(end * length));
    }

    /** Returns whether none has ended. */
    boolean isEmpty() {
        return !first.isBefore(end);
    }

    /** Returns whether one of them begins at a time. */
    boolean beginsOneAt(Instant time) {
        return isOfGrid(time) && !time.isBefore(first) && time.isBefore(end);
    }

    /** Returns whether a time is a multiple of their length. */
    boolean isOfGrid(Instant time) {
        return Math.floorMod(time.toEpochMilli(), length.toMillis()) == 0;
    }
}
