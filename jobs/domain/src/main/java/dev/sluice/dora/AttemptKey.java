package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Comparator;

/**
 * The place of a finished attempt in the order of its series.
 *
 * @param finishedAt when it ended
 * @param id the attempt's identity; decides between equal times
 */
public record AttemptKey(Instant finishedAt, String id) implements Comparable<AttemptKey> {
    private static final Comparator<AttemptKey> ORDER =
            Comparator.comparing(AttemptKey::finishedAt).thenComparing(AttemptKey::id);

    public AttemptKey {
        requireNonNull(finishedAt, "finishedAt");
        requireNonNull(id, "id");
    }

    @Override
    public int compareTo(AttemptKey other) {
        return ORDER.compare(this, other);
    }
}
