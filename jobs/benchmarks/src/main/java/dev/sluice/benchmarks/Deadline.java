package dev.sluice.benchmarks;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waiting for something that is asked again and again, not for ever. */
final class Deadline {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final String what;
    private final Duration limit;
    private final long endNanos;

    /**
     * Begins to wait.
     *
     * @param what is waited for
     * @param limit how long at most
     */
    Deadline(String what, Duration limit) {
        this.what = what;
        this.limit = limit;
        this.endNanos = System.nanoTime() + limit.toNanos();
    }

    /**
     * Waits for some milliseconds.
     *
     * @throws IllegalStateException if the time is over
     */
    void pause() {
        if (System.nanoTime() - endNanos > 0) {
            throw new IllegalStateException("not within " + limit + ": " + what);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }
}
