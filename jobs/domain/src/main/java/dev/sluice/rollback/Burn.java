package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

import dev.sluice.objective.EventCounts;
import java.time.Instant;

/**
 * How many events of an objective were good, counted over a window.
 *
 * @param slo name of the objective
 * @param windowSeconds over how long they were counted
 * @param good how many were good
 * @param total how many there were
 * @param source name of the credential that said so
 * @param at when the window ended
 */
public record Burn(String slo, long windowSeconds, long good, long total, String source, Instant at) {
    public Burn {
        requireNonNull(slo, "slo");
        requireNonNull(source, "source");
        requireNonNull(at, "at");
        if (windowSeconds < 1 || !new EventCounts(good, total).arePossible()) {
            throw new IllegalArgumentException(
                    "impossible counts: %d of %d over %d s".formatted(good, total, windowSeconds));
        }
    }

    /** Returns when the window began. */
    Instant from() {
        return at.minusSeconds(windowSeconds);
    }

    EventCounts counts() {
        return new EventCounts(good, total);
    }

    /** Returns whether the same was counted, by somebody, at whichever time. */
    boolean isOfSame(Burn other) {
        return slo.equals(other.slo) && windowSeconds == other.windowSeconds;
    }

    /** In words and numbers. */
    String words() {
        return "of %s within %d s %s".formatted(slo, windowSeconds, counts().words());
    }
}
