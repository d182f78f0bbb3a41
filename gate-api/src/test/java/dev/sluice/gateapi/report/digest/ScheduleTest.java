package dev.sluice.gateapi.report.digest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dora.PeriodKind;
import dev.sluice.gateapi.report.digest.Schedule.Due;
import dev.sluice.store.DoraScope;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static final DoraScope ALL = new DoraScope("default", DoraScope.Kind.ALL, "", "PRODUCTION");

    private static Digest digest(PeriodKind every, @Nullable Integer days) {
        var schedule = new Schedule(every, LocalTime.of(8, 0), ZoneId.of("Europe/Berlin"));
        return new Digest("d", ALL, schedule, days, new DirectoryTarget(Path.of("digests")));
    }

    @ParameterizedTest
    @CsvSource({
        // the moment itself counts, the millisecond before does not; 8 o'clock is 7 UTC in winter and 6 in summer
        "WEEK,    08:00, Europe/Berlin,    2026-11-30T07:00:00Z,     2026-11-30T07:00:00Z",
        "WEEK,    08:00, Europe/Berlin,    2026-11-30T06:59:59.999Z, 2026-11-23T07:00:00Z",
        "WEEK,    08:00, Europe/Berlin,    2026-10-28T00:00:00Z,     2026-10-26T07:00:00Z",
        "WEEK,    08:00, Europe/Berlin,    2026-10-25T00:00:00Z,     2026-10-19T06:00:00Z",
        "MONTH,   08:00, UTC,              2026-03-01T07:00:00Z,     2026-02-01T08:00:00Z",
        "QUARTER, 08:00, UTC,              2026-03-31T23:00:00Z,     2026-01-01T08:00:00Z",
        "QUARTER, 00:00, Pacific/Auckland, 2026-03-31T11:00:00Z,     2026-03-31T11:00:00Z",
        // half past midnight is skipped on this day, and half past one comes twice on the other
        "MONTH,   00:30, America/Asuncion, 2023-10-15T00:00:00Z,     2023-10-01T04:30:00Z",
        "MONTH,   01:30, America/New_York, 2026-11-15T00:00:00Z,     2026-11-01T05:30:00Z"
    })
    void lastDue(PeriodKind every, LocalTime at, ZoneId zone, Instant moment, Instant due) {
        assertThat(new Schedule(every, at, zone).lastDue(moment).at()).isEqualTo(due);
    }

    @ParameterizedTest
    @CsvSource({
        "WEEK,    2026-11-30T06:59:59.999Z, 2026-11-30T07:00:00Z",
        "WEEK,    2026-11-30T07:00:00Z,     2026-12-07T07:00:00Z",
        "MONTH,   2026-11-30T07:00:00Z,     2026-12-01T07:00:00Z",
        "QUARTER, 2026-11-30T07:00:00Z,     2027-01-01T07:00:00Z"
    })
    void nextDue(PeriodKind every, Instant moment, Instant due) {
        assertThat(digest(every, null).schedule().nextDue(moment).at()).isEqualTo(due);
    }

    @Test
    void itIsOfTheDaysThatHaveEnded() {
        Due due = digest(PeriodKind.WEEK, null).schedule().lastDue(Instant.parse("2026-11-30T12:00:00Z"));

        assertThat(due.day()).isEqualTo("2026-11-30");
        assertThat(due.dayBegan()).isEqualTo("2026-11-29T23:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "WEEK,    ,   2026-12-03T12:00:00Z, 2026-11-23, 2026-11-29",
        "WEEK,    28, 2026-12-03T12:00:00Z, 2026-11-02, 2026-11-29",
        "MONTH,   ,   2026-12-03T12:00:00Z, 2026-11-01, 2026-11-30",
        "MONTH,   90, 2026-12-03T12:00:00Z, 2026-09-02, 2026-11-30",
        "QUARTER, ,   2026-12-03T12:00:00Z, 2026-07-01, 2026-09-30"
    })
    void itIsOfTheWeekMonthOrQuarterBefore_orOfSoManyDays(
            PeriodKind every, @Nullable Integer days, Instant moment, LocalDate from, LocalDate to) {
        Digest digest = digest(every, days);
        Due due = digest.schedule().lastDue(moment);

        assertThat(digest.from(due)).isEqualTo(from);
        assertThat(digest.to(due)).isEqualTo(to);
    }
}
