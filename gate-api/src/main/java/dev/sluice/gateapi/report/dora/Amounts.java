package dev.sluice.gateapi.report.dora;

import dev.sluice.gateapi.report.dora.Metric.Unit;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes values, days and times for people: rounded, with their units. */
final class Amounts {
    private static final double SECOND = 1000;
    private static final double MINUTE = 60 * SECOND;
    private static final double HOUR = 60 * MINUTE;
    private static final double DAY = 24 * HOUR;
    /** Up to so many of the smaller unit are written in it: 90 min, but 2.0 h. */
    private static final double OVERLAP = 1.5;

    private static final int DAYS_A_WEEK = 7;
    private static final int PER_CENT = 100;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH);

    private Amounts() {}

    /** Writes a value. */
    static String of(Unit unit, double value) {
        return switch (unit) {
            case MS -> duration(value);
            case PER_DAY -> weekly(value * DAYS_A_WEEK);
            case SHARE -> String.format(Locale.ROOT, "%.1f %%", value * PER_CENT);
        };
    }

    /** Writes an interval; empty where there is none. */
    static String interval(Unit unit, @Nullable Double lower, @Nullable Double upper) {
        return lower == null || upper == null ? "" : of(unit, lower) + " to " + of(unit, upper);
    }

    /** Writes a number of deployments a week. */
    static String weekly(double perWeek) {
        return String.format(Locale.ROOT, "%.1f a week", perWeek);
    }

    /** Writes a length of time. */
    static String duration(double ms) {
        if (ms < OVERLAP * MINUTE) {
            return String.format(Locale.ROOT, "%.0f s", ms / SECOND);
        }
        if (ms < OVERLAP * HOUR) {
            return String.format(Locale.ROOT, "%.0f min", ms / MINUTE);
        }
        if (ms < OVERLAP * DAY) {
            return String.format(Locale.ROOT, "%.1f h", ms / HOUR);
        }
        return String.format(Locale.ROOT, "%.1f days", ms / DAY);
    }

    static String day(LocalDate day) {
        return DATE.format(day);
    }

    /** Writes the day of a moment, in UTC. */
    static String day(Instant moment) {
        return DATE.format(moment.atOffset(ZoneOffset.UTC));
    }

    static String time(Instant moment) {
        return TIME.format(moment.atOffset(ZoneOffset.UTC));
    }
}
