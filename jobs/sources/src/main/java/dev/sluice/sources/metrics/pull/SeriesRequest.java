package dev.sluice.sources.metrics.pull;

import dev.sluice.wire.CanarySelection;
import java.time.Duration;
import java.time.Instant;

/**
 * What is asked for a canary run.
 *
 * @param selection which series belong to it
 * @param bucket how long its buckets are; each begins at a multiple of that since the epoch
 * @param startedAt when it began: what was before is not of it
 * @param from the beginning of the time that is asked for
 * @param to its end, not before {@code from}
 */
public record SeriesRequest(CanarySelection selection, Duration bucket, Instant startedAt, Instant from, Instant to) {
    public SeriesRequest {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to must not be before from, is " + to + ", from is " + from);
        }
    }
}
