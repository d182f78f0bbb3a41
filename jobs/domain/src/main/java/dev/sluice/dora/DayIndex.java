package dev.sluice.dora;

import dev.sluice.delivery.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.LongStream;

/** The days (UTC, since the epoch) on which there is something, ascending, so that nobody has to look for them. */
class DayIndex {
    private static final long MILLIS_PER_DAY = Duration.ofDays(1).toMillis();

    private final Table<String, long[]> table;
    private final String key;

    /**
     * Creates the index over its table.
     *
     * @param table where the days are
     * @param key whose they are
     */
    DayIndex(Table<String, long[]> table, String key) {
        this.table = table;
        this.key = key;
    }

    /** Returns the day of a moment, in days since the epoch. */
    static long dayOf(Instant instant) {
        return Math.floorDiv(instant.toEpochMilli(), MILLIS_PER_DAY);
    }

    static Instant startOf(long day) {
        return Instant.ofEpochMilli(day * MILLIS_PER_DAY);
    }

    long[] days() {
        long[] days = table.get(key);
        return days == null ? new long[0] : days;
    }

    boolean isEmpty() {
        return days().length == 0;
    }

    /** Returns whether the last of them is the day of a moment or later. */
    boolean reaches(Instant moment) {
        long[] days = days();
        return days.length > 0 && days[days.length - 1] >= dayOf(moment);
    }

    /** Returns those from the day of a moment on that begin before another. */
    LongStream days(Instant start, Instant end) {
        long[] days = days();
        // skip would walk over all days before
        return Arrays.stream(days, from(days, dayOf(start)), days.length)
                .takeWhile(day -> startOf(day).isBefore(end));
    }

    /** Returns the place of the first day that is not before a day; the number of days where there is none. */
    static int from(long[] days, long day) {
        int found = Arrays.binarySearch(days, day);
        return found >= 0 ? found : -found - 1;
    }

    /** Adds a day that is not there yet. */
    void add(long day) {
        table.put(
                key,
                LongStream.concat(Arrays.stream(days()), LongStream.of(day))
                        .sorted()
                        .toArray());
    }

    /** Removes a day. */
    void remove(long day) {
        long[] left = Arrays.stream(days()).filter(other -> other != day).toArray();
        if (left.length == 0) {
            table.remove(key);
        } else {
            table.put(key, left);
        }
    }
}
