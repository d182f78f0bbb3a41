package dev.sluice.dora;

import dev.sluice.delivery.AttemptResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The finished attempts of a series in the order of their end, kept by day (UTC), so that what is asked of a moment costs
 * a day and not the history.
 */
final class AttemptTimeline {
    private static final AttemptRow END_OF_TIME = new AttemptRow(
            Instant.ofEpochSecond(253_402_300_799L),
            "",
            AttemptResult.SUCCESS,
            List.of(),
            null,
            null,
            null,
            null,
            false,
            false,
            null,
            null,
            false,
            null);

    private final LedgerTables tables;
    private final KeptDays index;

    AttemptTimeline(LedgerTables tables, KeptDays index) {
        this.tables = tables;
        this.index = index;
    }

    @Nullable
    AttemptRow get(String id) {
        Long day = tables.dayOf().get(id);
        if (day == null) {
            return null;
        }
        for (AttemptRow row : on(day)) {
            if (row.id().equals(id)) {
                return row;
            }
        }
        return null;
    }

    void add(AttemptRow row) {
        long day = DayIndex.dayOf(row.finishedAt());
        var rows = new ArrayList<>(on(day));
        rows.add(row);
        Collections.sort(rows);
        put(day, rows);
        tables.dayOf().put(row.id(), day);
    }

    void remove(AttemptRow row) {
        long day = DayIndex.dayOf(row.finishedAt());
        var rows = new ArrayList<>(on(day));
        rows.removeIf(other -> other.id().equals(row.id()));
        put(day, rows);
        tables.dayOf().remove(row.id());
    }

    /** Puts a row in the place of the one with the same identity and end. */
    void replace(AttemptRow row) {
        long day = DayIndex.dayOf(row.finishedAt());
        var rows = new ArrayList<>(on(day));
        rows.replaceAll(other -> other.id().equals(row.id()) ? row : other);
        tables.days().put(day, List.copyOf(rows));
    }

    /** Returns the attempts of a day, in order. */
    List<AttemptRow> on(long day) {
        List<AttemptRow> rows = tables.days().get(day);
        return rows == null ? List.of() : rows;
    }

    /** Returns the last success of all. */
    @Nullable
    AttemptRow lastSuccess() {
        return previousSuccess(END_OF_TIME);
    }

    @Nullable
    AttemptRow nextSuccess(AttemptRow row) {
        return neighbour(row, true);
    }

    @Nullable
    AttemptRow previousSuccess(AttemptRow row) {
        return neighbour(row, false);
    }

    /** Returns the latest success before an attempt that changed what ran; null where there is none. */
    @Nullable
    AttemptRow currentBefore(AttemptRow row) {
        AttemptRow previous = previousSuccess(row);
        while (previous != null && !previous.isCurrentAfterwards()) {
            previous = previousSuccess(previous);
        }
        return previous;
    }

    /** Returns what had changed what ran last at a moment; null where there is nothing. */
    @Nullable
    AttemptRow currentAt(Instant moment) {
        return currentBefore(probe(moment.plusNanos(1)));
    }

    /** Returns the first success after a moment; null where there is none. */
    @Nullable
    AttemptRow firstSuccessAfter(Instant moment) {
        return nextSuccess(probe(moment.plusNanos(1)));
    }

    /** An attempt before all others that end at a moment. */
    private static AttemptRow probe(Instant moment) {
        return new AttemptRow(
                moment,
                "",
                AttemptResult.SUCCESS,
                List.of(),
                null,
                null,
                null,
                null,
                false,
                false,
                null,
                null,
                false,
                null);
    }

    /** Returns the first success after an attempt that changed what ran; null where there is none. */
    @Nullable
    AttemptRow currentAfter(AttemptRow row) {
        AttemptRow next = nextSuccess(row);
        while (next != null && !next.isCurrentAfterwards()) {
            next = nextSuccess(next);
        }
        return next;
    }

    /** Returns the attempts that failed between an attempt and the success before it. */
    List<AttemptRow> failuresBefore(AttemptRow row) {
        var failures = new ArrayList<AttemptRow>();
        long[] days = index.days();
        int at = Arrays.binarySearch(days, DayIndex.dayOf(row.finishedAt()));
        for (int i = at >= 0 ? at : -at - 2; i >= 0; i--) {
            List<AttemptRow> rows = on(days[i]);
            for (int k = rows.size() - 1; k >= 0; k--) {
                AttemptRow other = rows.get(k);
                if (other.compareTo(row) >= 0) {
                    continue;
                }
                if (other.isSuccess()) {
                    return failures;
                }
                if (other.result() == AttemptResult.FAILURE) {
                    failures.add(other);
                }
            }
        }
        return failures;
    }

    /**
     * Returns the latest attempt that ended in a range of time and satisfies a condition.
     *
     * @param from the range's start
     * @param to its end, inclusive
     */
    @Nullable
    AttemptRow latest(Instant from, Instant to, Predicate<AttemptRow> condition) {
        for (long day = DayIndex.dayOf(to); day >= DayIndex.dayOf(from); day--) {
            List<AttemptRow> rows = on(day);
            for (int k = rows.size() - 1; k >= 0; k--) {
                AttemptRow row = rows.get(k);
                boolean inRange =
                        !row.finishedAt().isAfter(to) && !row.finishedAt().isBefore(from);
                if (inRange && condition.test(row)) {
                    return row;
                }
            }
        }
        return null;
    }

    private @Nullable AttemptRow neighbour(AttemptRow row, boolean next) {
        long[] days = index.days();
        int at = Arrays.binarySearch(days, DayIndex.dayOf(row.finishedAt()));
        int index = at >= 0 ? at : (next ? -at - 1 : -at - 2);
        while (index >= 0 && index < days.length) {
            AttemptRow nearest = null;
            for (AttemptRow other : on(days[index])) {
                int order = other.compareTo(row);
                boolean onSide = next ? order > 0 : order < 0;
                if (onSide && other.isSuccess() && (nearest == null || !next)) {
                    nearest = other;
                }
            }
            if (nearest != null) {
                return nearest;
            }
            index += next ? 1 : -1;
        }
        return null;
    }

    private void put(long day, List<AttemptRow> rows) {
        if (rows.isEmpty()) {
            tables.days().remove(day);
        } else {
            tables.days().put(day, List.copyOf(rows));
        }
        index.update(day);
    }
}
