package dev.sluice.rollback;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

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
        if (windowSeconds < 1 || good < 0 || total < good) {
            throw new IllegalArgumentException(
                    "impossible counts: %d of %d over %d s".formatted(good, total, windowSeconds));
        }
    }

    /** Returns when the window began. */
    Instant from() {
        return at.minusSeconds(windowSeconds);
    }

    /** Returns the share of bad events over the share that an objective allows; 0 where nothing happened. */
    double rate(double objective) {
        return total == 0 ? 0 : (total - good) / (total * (1 - objective));
    }

    /** In words and numbers. */
    String words() {
        return String.format(
                Locale.ROOT,
                "%d of %d events of %s were bad within %s",
                total - good,
                total,
                slo,
                Duration.between(from(), at));
    }
}
