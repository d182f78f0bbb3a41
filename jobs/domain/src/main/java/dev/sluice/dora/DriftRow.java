package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.DriftChecked;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A check in the time line of its resource, with its judgement.
 *
 * @param at when it was made
 * @param checkId the check's identity; decides between equal times
 * @param detector the source that made it
 * @param drifted whether it saw drift
 * @param fingerprint what differed; null where not known
 * @param intervalMs how long until the next check is due as its detector states it, in milliseconds, at most {@link
 *     DriftWalk#LONGEST}; null where it does not
 * @param until up to when it tells of the resource; {@code at} where it tells of no time at all
 * @param open whether an episode goes on after it, so that the time up to {@code until} is drifted
 * @param opens whether it opens an episode
 * @param reconcileMs length of the episode that it closes, in milliseconds; null where it closes none
 */
public record DriftRow(
        Instant at,
        String checkId,
        String detector,
        boolean drifted,
        @Nullable String fingerprint,
        @Nullable Long intervalMs,
        Instant until,
        boolean open,
        boolean opens,
        @Nullable Long reconcileMs)
        implements Comparable<DriftRow> {
    private static final Comparator<DriftRow> ORDER =
            Comparator.comparing(DriftRow::at).thenComparing(DriftRow::checkId);

    public DriftRow {
        requireNonNull(at, "at");
        requireNonNull(checkId, "checkId");
        requireNonNull(detector, "detector");
        requireNonNull(until, "until");
    }

    /** Creates the row of a check that has not been judged. */
    static DriftRow of(DriftChecked check) {
        Instant at = check.header().occurredAt();
        Duration interval = check.interval();
        return new DriftRow(
                at,
                check.checkId(),
                check.header().source(),
                check.drifted(),
                check.fingerprint(),
                interval == null
                        ? null
                        : Long.valueOf(DriftWalk.bounded(interval).toMillis()),
                at,
                false,
                false,
                null);
    }

    DriftRow judged(Instant tellsUntil, boolean isOpen, boolean isOpening, @Nullable Long closedAfterMs) {
        return new DriftRow(
                at, checkId, detector, drifted, fingerprint, intervalMs, tellsUntil, isOpen, isOpening, closedAfterMs);
    }

    @Override
    public int compareTo(DriftRow other) {
        return ORDER.compare(this, other);
    }
}
