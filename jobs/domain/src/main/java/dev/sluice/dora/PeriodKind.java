package dev.sluice.dora;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** The calendar periods that metrics are kept for. */
public enum PeriodKind {
    /** ISO week, Monday to Sunday. */
    WEEK {
        @Override
        public LocalDate startOf(LocalDate day) {
            return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        }

        @Override
        public LocalDate endOf(LocalDate start) {
            return start.plusWeeks(1);
        }

        @Override
        public String label(LocalDate start) {
            return String.format(
                    Locale.ROOT,
                    "%04d-W%02d",
                    start.get(IsoFields.WEEK_BASED_YEAR),
                    start.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
        }
    },
    /** Calendar month. */
    MONTH {
        @Override
        public LocalDate startOf(LocalDate day) {
            return day.withDayOfMonth(1);
        }

        @Override
        public LocalDate endOf(LocalDate start) {
            return start.plusMonths(1);
        }

        @Override
        public String label(LocalDate start) {
            return String.format(Locale.ROOT, "%04d-%02d", start.getYear(), start.getMonthValue());
        }
    },
    /** Calendar quarter. */
    QUARTER {
        @Override
        public LocalDate startOf(LocalDate day) {
            return day.with(IsoFields.DAY_OF_QUARTER, 1);
        }

        @Override
        public LocalDate endOf(LocalDate start) {
            return start.plusMonths(3);
        }

        @Override
        public String label(LocalDate start) {
            return String.format(Locale.ROOT, "%04d-Q%d", start.getYear(), start.get(IsoFields.QUARTER_OF_YEAR));
        }
    };

    /** Returns the first day of the period that holds {@code day}. */
    public abstract LocalDate startOf(LocalDate day);

    /** Returns the day after the last one of the period that begins on {@code start}. */
    public abstract LocalDate endOf(LocalDate start);

    /** Returns the name of the period that begins on {@code start}. */
    public abstract String label(LocalDate start);

    /** Returns the kind's name as the API and the schemas spell it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
