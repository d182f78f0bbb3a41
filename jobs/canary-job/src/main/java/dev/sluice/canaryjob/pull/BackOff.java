package dev.sluice.canaryjob.pull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Keeps from asking a source that fails: after the n-th failure in a row for 2^n seconds, at most a minute, or for as long as the
 * source wants, at most an hour. May be used by several threads.
 */
final class BackOff {
    private static final int MOST_DOUBLINGS = 6;
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration LONGEST_WANTED = Duration.ofHours(1);

    private int failures;
    private long waitsUntil;
    private @Nullable String reason;

    /**
     * Returns why the source is not asked now; null if it may be.
     *
     * @param now ms since the epoch
     */
    synchronized @Nullable String reason(long now) {
        return now < waitsUntil ? reason : null;
    }

    /**
     * Notes a failure.
     *
     * @param now ms since the epoch
     * @param why what is wrong
     * @param wanted how long the source wants to be left alone
     */
    synchronized void failed(long now, String why, Duration wanted) {
        failures = Math.min(failures + 1, MOST_DOUBLINGS);
        long wait = Math.min(LONGEST.toMillis(), 1000L << failures);
        waitsUntil = now + Math.max(wait, Math.min(LONGEST_WANTED.toMillis(), wanted.toMillis()));
        reason = why;
    }

    /** Notes that the source has answered. */
    synchronized void succeeded() {
        failures = 0;
        waitsUntil = 0;
        reason = null;
    }
}
