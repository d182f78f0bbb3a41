package dev.sluice.gateapi.report.digest;

import dev.sluice.dora.PeriodKind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * When a digest is due: on the first day of each week, month or quarter, at a time of day. A time that the clocks skip is
 * as much later as they are put forward; one that comes twice is the first.
 *
 * @param every how often
 * @param at the time of day
 * @param zone whose days and clocks
 */
record Schedule(PeriodKind every, LocalTime at, ZoneId zone) {
    /** Returns the last time that it was due, at the moment or before. */
    Due lastDue(Instant moment) {
        LocalDate first = every.startOf(LocalDate.ofInstant(moment, zone));
        Due due = due(first);
        return due.at().isAfter(moment) ? due(every.startOf(first.minusDays(1))) : due;
    }

    /** Returns the next time that it is due, after the moment. */
    Due nextDue(Instant moment) {
        return due(every.endOf(lastDue(moment).day()));
    }

    private Due due(LocalDate day) {
        return new Due(
                day,
                day.atTime(at).atZone(zone).toInstant(),
                day.atStartOfDay(zone).toInstant());
    }

    /** Returns the first day of the period before a day on which it is due. */
    LocalDate periodBefore(LocalDate day) {
        return every.startOf(day.minusDays(1));
    }

    /**
     * A time at which it is due.
     *
     * @param day the day
     * @param at the moment
     * @param dayBegan when the day began: what was before is what a digest is of
     */
    record Due(LocalDate day, Instant at, Instant dayBegan) {}
}
