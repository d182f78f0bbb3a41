package dev.sluice.shift;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What has been published of one metric of one series, and what became of it. The shifts that stand depend on the values
 * alone; those that were withdrawn tell what a reader saw meanwhile, so they do depend on what was known when.
 *
 * @param entries what was published, in the order of detection
 */
public record ShiftLog(List<ReportedShift> entries) {
    /** So many withdrawn entries are kept; the one that was withdrawn first goes first. */
    public static final int MOST_WITHDRAWN = 50;

    private static final Comparator<ReportedShift> ORDER = Comparator.comparing(
                    (ReportedShift entry) -> entry.shift().detected())
            .thenComparing(entry -> entry.shift().began())
            .thenComparing(entry -> entry.shift().direction());

    public ShiftLog {
        entries = List.copyOf(entries);
    }

    /** Returns the log in which nothing has been published. */
    public static ShiftLog empty() {
        return new ShiftLog(List.of());
    }

    /**
     * What a list of shifts changes in the log. An entry of {@code log} that is in none of the other three is the same as
     * before.
     *
     * @param log the log after it
     * @param reported entries that are new, or stand again
     * @param revised entries with other numbers, or another moment of detection, than before
     * @param withdrawn entries that no longer stand
     */
    public record Update(
            ShiftLog log, List<ReportedShift> reported, List<ReportedShift> revised, List<ReportedShift> withdrawn) {
        public Update {
            requireNonNull(log, "log");
            reported = List.copyOf(reported);
            revised = List.copyOf(revised);
            withdrawn = List.copyOf(withdrawn);
        }

        /** Returns whether nothing is other than before. */
        public boolean isEmpty() {
            return reported.isEmpty() && revised.isEmpty() && withdrawn.isEmpty();
        }
    }

    /**
     * Compares what is published with what there is now.
     *
     * @param found all shifts that the values amount to now
     * @param now progress
     */
    public Update update(List<Shift> found, Instant now) {
        var after = new ArrayList<ReportedShift>();
        var reported = new ArrayList<ReportedShift>();
        var revised = new ArrayList<ReportedShift>();
        var withdrawn = new ArrayList<ReportedShift>();
        for (Shift shift : found) {
            Optional<ReportedShift> known = entries.stream()
                    .filter(entry -> entry.shift().isSameAs(shift))
                    .findFirst();
            var entry = new ReportedShift(
                    shift, known.map(ReportedShift::reportedAt).orElse(now), null, null);
            after.add(entry);
            if (known.filter(ReportedShift::stands).isEmpty()) {
                reported.add(entry);
            } else if (!known.get().equals(entry)) {
                revised.add(entry);
            }
        }
        for (ReportedShift entry : entries) {
            if (found.stream().anyMatch(entry.shift()::isSameAs)) {
                continue;
            }
            if (entry.stands()) {
                ReportedShift gone = withdrawn(entry, found, now);
                withdrawn.add(gone);
                after.add(gone);
            } else {
                after.add(entry);
            }
        }
        after.sort(ORDER);
        return new Update(new ShiftLog(limited(after)), reported, revised, withdrawn);
    }

    private static ReportedShift withdrawn(ReportedShift entry, List<Shift> found, Instant now) {
        Instant movedTo = found.stream()
                .filter(entry.shift()::overlaps)
                .map(Shift::began)
                .findFirst()
                .orElse(null);
        return new ReportedShift(entry.shift(), entry.reportedAt(), now, movedTo);
    }

    private static List<ReportedShift> limited(List<ReportedShift> entries) {
        var withdrawn = new ArrayList<ReportedShift>();
        for (ReportedShift entry : entries) {
            if (!entry.stands()) {
                withdrawn.add(entry);
            }
        }
        withdrawn.sort(Comparator.comparing(entry -> requireNonNull(entry.withdrawnAt())));
        var kept = new ArrayList<>(entries);
        kept.removeAll(withdrawn.subList(0, Math.max(0, withdrawn.size() - MOST_WITHDRAWN)));
        return kept;
    }

    /** Returns the shifts that stand, in the order of detection. */
    public List<Shift> standing() {
        return entries.stream()
                .filter(ReportedShift::stands)
                .map(ReportedShift::shift)
                .toList();
    }
}
