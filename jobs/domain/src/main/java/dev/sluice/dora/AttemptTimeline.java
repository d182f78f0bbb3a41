package dev.sluice.dora;

import dev.sluice.delivery.AttemptResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The finished attempts of a series in the order of their end, kept by day (UTC), so that what is asked of a moment costs
 * a day and not the history.
 */
final class AttemptTimeline {
    private static final long MILLIS_PER_DAY = Duration.ofDays(1).toMillis();
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
            null);

    private final LedgerTables tables;
    private final DayIndex dayIndex;

    AttemptTimeline(LedgerTables tables) {
        this.tables = tables;
        this.dayIndex = new DayIndex(tables.dayIndex(), DeliveryLedger.DAY_INDEX);
    }

    /** Returns the day on which something is kept, in days since the epoch. */
    static long dayOf(Instant instant) {
        return Math.floorDiv(instant.toEpochMilli(), MILLIS_PER_DAY);
    }

    static Instant startOf(long day) {
        return Instant.ofEpochMilli(day * MILLIS_PER_DAY);
    }

    boolean isEmpty() {
        return dayIndex.isEmpty();
    }

    /** Returns whether an attempt ended on the day of a moment or later. */
    boolean reaches(Instant moment) {
        return dayIndex.reaches(moment);
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
        long day = dayOf(row.finishedAt());
        var rows = new ArrayList<>(on(day));
        rows.add(row);
        Collections.sort(rows);
        put(day, rows);
        tables.dayOf().put(row.id(), day);
    }

    void remove(AttemptRow row) {
        long day = dayOf(row.finishedAt());
        var rows = new ArrayList<>(on(day));
        rows.removeIf(other -> other.id().equals(row.id()));
        put(day, rows);
        tables.dayOf().remove(row.id());
    }

    /** Puts a row in the place of the one with the same identity and end. */
    void replace(AttemptRow row) {
        long day = dayOf(row.finishedAt());
        var rows = new ArrayList<>(on(day));
        rows.replaceAll(other -> other.id().equals(row.id()) ? row : other);
        tables.days().put(day, List.copyOf(rows));
    }

    /** Returns the attempts of a day, in order. */
    List<AttemptRow> on(long day) {
        List<AttemptRow> rows = tables.days().get(day);
        return rows == null ? List.of() : rows;
    }

    /** Returns the days that have attempts, from that of a moment on, ascending, and that begin before another. */
    LongStream days(Instant start, Instant end) {
        return dayIndex.days(start, end);
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

    private @Nullable AttemptRow neighbour(AttemptRow row, boolean next) {
        long[] days = dayIndex.days();
        int at = Arrays.binarySearch(days, dayOf(row.finishedAt()));
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
        boolean known = tables.days().get(day) != null;
        if (rows.isEmpty()) {
            tables.days().remove(day);
        } else {
            tables.days().put(day, List.copyOf(rows));
        }
        if (known && rows.isEmpty()) {
            dayIndex.remove(day);
        } else if (!known && !rows.isEmpty()) {
            dayIndex.add(day);
        }
    }
}
