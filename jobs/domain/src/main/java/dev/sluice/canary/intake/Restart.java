package dev.sluice.canary.intake;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The process of a target began anew, or may have: what it counted in between is in no later reading.
 *
 * @param before when it was last read before; the first time if it began anew more than once
 * @param after when it was first read after, or began where it says so; the last time if it began anew more than once
 */
public record Restart(Instant before, Instant after) {
    public Restart {
        requireNonNull(before, "before");
        requireNonNull(after, "after");
    }

    /** Returns whether what was read then is in no later reading. */
    boolean loses(Instant at) {
        return at.isAfter(before) && at.isBefore(after);
    }

    /** Returns the time from an earlier restart on. */
    Restart since(@Nullable Restart earlier) {
        return earlier == null ? this : new Restart(earlier.before, after);
    }
}
