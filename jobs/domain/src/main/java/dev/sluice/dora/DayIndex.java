package dev.sluice.dora;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The days (UTC) on which something is kept in a series, so that a range of time costs the days that hold something. */
final class DayIndex {
    private static final long MILLIS_PER_DAY = Duration.ofDays(1).toMillis();

    private final LedgerTables tables;

    DayIndex(LedgerTables tables) {
        this.tables = tables;
    }

    /** Returns the day on which something is kept, in days since the epoch. */
    static long dayOf(Instant instant) {
        return Math.floorDiv(instant.toEpochMilli(), MILLIS_PER_DAY);
    }

    static Instant startOf(long day) {
        return Instant.ofEpochMilli(day * MILLIS_PER_DAY);
    }

    boolean isEmpty() {
        return days().length == 0;
    }

    /** Returns whether something is kept on the day of a moment or later. */
    boolean reaches(Instant moment) {
        long[] days = days();
        return days.length > 0 && days[days.length - 1] >= dayOf(moment);
    }

    /** Returns the days, ascending. */
    long[] days() {
        long[] days = tables.dayIndex().get(DeliveryLedger.DAY_INDEX);
        return days == null ? new long[0] : days;
    }

    /** Returns the days from that of a moment on, ascending, that begin before another. */
    LongStream days(Instant start, Instant end) {
        long[] days = days();
        int found = Arrays.binarySearch(days, dayOf(start));
        int first = found >= 0 ? found : -found - 1;
        // skip would walk over all days before
        return Arrays.stream(days, first, days.length)
                .takeWhile(day -> startOf(day).isBefore(end));
    }

    /** Notes that something was added to a day, or taken away from it. */
    void update(long day) {
        long[] days = days();
        boolean known = Arrays.binarySearch(days, day) >= 0;
        boolean kept = isKept(day);
        if (known == kept) {
            return;
        }
        LongStream changed = kept
                ? LongStream.concat(Arrays.stream(days), LongStream.of(day)).sorted()
                : Arrays.stream(days).filter(other -> other != day);
        tables.dayIndex().put(DeliveryLedger.DAY_INDEX, changed.toArray());
    }

    private boolean isKept(long day) {
        FailureTables failures = tables.failures();
        return isThere(tables.days().get(day))
                || isThere(failures.startedOn().get(day))
                || isThere(failures.resolvedOn().get(day))
                || isThere(failures.restoredOn().get(day));
    }

    private static boolean isThere(@Nullable List<?> list) {
        return list != null;
    }
}
