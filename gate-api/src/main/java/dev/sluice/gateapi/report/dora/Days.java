package dev.sluice.gateapi.report.dora;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/**
 * Some days.
 *
 * @param from the first
 * @param to the last
 */
record Days(LocalDate from, LocalDate to) {
    Days {
        if (from.isAfter(to)) {
            throw new IllegalArgumentException(from + " is after " + to);
        }
    }

    int length() {
        return Math.toIntExact(ChronoUnit.DAYS.between(from, end()));
    }

    /** Returns the day after the last. */
    LocalDate end() {
        return to.plusDays(1);
    }

    /** Returns as many days before these. */
    Days before() {
        return new Days(from.minusDays(length()), from.minusDays(1));
    }
}
