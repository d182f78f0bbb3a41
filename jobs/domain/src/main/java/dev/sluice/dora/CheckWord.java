package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.DriftChecked;
import java.time.Instant;
import java.util.Comparator;

/**
 * A word on a check for drift, and where the check is kept by it. The greatest of all words on a check is the one that
 * counts: that of the highest revision; among these one that takes the check back, else the latest, at last the one with
 * the greatest event id.
 *
 * @param revision see {@link DriftChecked#revision()}
 * @param deleted whether it says that there was no such check
 * @param at when the check was made
 * @param eventId the event that said it
 * @param resource what was checked
 */
public record CheckWord(long revision, boolean deleted, Instant at, String eventId, String resource)
        implements Comparable<CheckWord> {
    private static final Comparator<CheckWord> ORDER = Comparator.comparingLong(CheckWord::revision)
            .thenComparing(CheckWord::deleted)
            .thenComparing(CheckWord::at)
            .thenComparing(CheckWord::eventId);

    public CheckWord {
        requireNonNull(at, "at");
        requireNonNull(eventId, "eventId");
        requireNonNull(resource, "resource");
    }

    static CheckWord of(DriftChecked check) {
        return new CheckWord(
                check.revision(),
                check.deleted(),
                check.header().occurredAt(),
                check.header().id(),
                check.resource());
    }

    /** Returns the day (UTC) on which the check is kept, in days since the epoch. */
    long day() {
        return DayIndex.dayOf(at);
    }

    @Override
    public int compareTo(CheckWord other) {
        return ORDER.compare(this, other);
    }
}
