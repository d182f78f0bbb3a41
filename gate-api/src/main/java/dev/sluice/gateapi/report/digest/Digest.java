package dev.sluice.gateapi.report.digest;

import dev.sluice.gateapi.report.digest.Schedule.Due;
import dev.sluice.store.DoraScope;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A report that is sent on a schedule.
 *
 * @param id its name
 * @param scope of what it is
 * @param schedule when it is due
 * @param days how many days it is of; null for the week, month or quarter that has ended
 * @param target where it goes
 */
record Digest(
        String id,
        DoraScope scope,
        Schedule schedule,
        @Nullable Integer days,
        Target target) {
    /** Returns the first day of the digest that is due. */
    LocalDate from(Due due) {
        return days == null ? schedule.periodBefore(due.day()) : due.day().minusDays(days);
    }

    /** Returns its last day: the one before it is due. */
    LocalDate to(Due due) {
        return due.day().minusDays(1);
    }
}
