package dev.sluice.canary.intake;

import java.time.Duration;
import java.time.Instant;

/**
 * What it says of a counter since when it counts, as <a
 * href="https://opentelemetry.io/docs/specs/otel/metrics/data-model/#resets-and-gaps">OpenTelemetry</a> has it: one that began after
 * it was read last has begun anew, even if it has more than before, and all that it has is new.
 */
final class Beginnings {
    /** Senders that compute the start from a clock that is set meanwhile say the same start so differently. */
    private static final Duration PRECISION = Duration.ofSeconds(5);

    private Beginnings() {}

    /** Returns whether a counter began after it was read before. */
    static boolean isAnew(SamplePoint now, SamplePoint then) {
        Instant start = now.start();
        Instant before = then.start();
        return start != null && start.isAfter(then.at()) && (before == null || start.isAfter(before.plus(PRECISION)));
    }

    /** Returns whether a counter is not the one that was read before, but one that began earlier: it is of another sender. */
    static boolean isEarlier(SamplePoint now, SamplePoint then) {
        Instant start = now.start();
        Instant before = then.start();
        return start != null && before != null && start.isBefore(before.minus(PRECISION));
    }

    /** Returns whether a counter began at a time or after. */
    static boolean isSince(SamplePoint now, Instant time) {
        Instant start = now.start();
        return start != null && !start.isBefore(time);
    }
}
