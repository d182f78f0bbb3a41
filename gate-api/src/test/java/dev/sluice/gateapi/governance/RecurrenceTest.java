package dev.sluice.gateapi.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.governance.Recurrence.Occurrence;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecurrenceTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Recurrence of(String rule, String start, String end) {
        return of(rule, start, end, null);
    }

    private static Recurrence of(String rule, String start, String end, @Nullable Instant until) {
        return new Recurrence(rule, LocalDateTime.parse(start), LocalDateTime.parse(end), BERLIN, until);
    }

    @ParameterizedTest
    @CsvSource({
        // Friday 2026-06-05 16:00 is 14:00 UTC in summer; Monday 08:00 is 06:00 UTC
        "2026-06-05T13:59:59.999Z, ",
        "2026-06-05T14:00:00Z, 2026-06-08T06:00:00Z",
        "2026-06-07T23:00:00Z, 2026-06-08T06:00:00Z",
        "2026-06-08T05:59:59.999Z, 2026-06-08T06:00:00Z",
        "2026-06-08T06:00:00Z, ",
        // in winter an hour later by UTC
        "2026-12-04T14:30:00Z, ",
        "2026-12-04T15:00:00Z, 2026-12-07T07:00:00Z",
        // over the change of the clocks in the night to Sunday 2026-03-29: 16:00 is 15:00 UTC, 08:00 is 06:00 UTC
        "2026-03-27T15:00:00Z, 2026-03-30T06:00:00Z",
        "2026-03-30T06:30:00Z, ",
        // before the first
        "2025-12-26T16:00:00Z, ",
    })
    void aWeekEnd(Instant moment, @Nullable Instant end) {
        Recurrence weekEnd = of("FREQ=WEEKLY;BYDAY=FR", "2026-01-02T16:00", "2026-01-05T08:00");

        assertThat(weekEnd.problem()).isEmpty();
        assertThat(weekEnd.endOfCurrent(moment).orElse(null)).isEqualTo(end);
    }

    @Test
    void theNextTimesBeginAfterTheMoment_andNoneAfterTheLast() {
        Instant friday = Instant.parse("2026-03-20T15:00:00Z");
        Recurrence weekEnd = of("FREQ=WEEKLY;BYDAY=FR", "2026-01-02T16:00", "2026-01-05T08:00");
        Recurrence ending = of(
                "FREQ=WEEKLY;BYDAY=FR", "2026-01-02T16:00", "2026-01-05T08:00", Instant.parse("2026-04-01T00:00:00Z"));

        assertThat(weekEnd.next(friday, 2))
                .as("the second over the change of the clocks")
                .containsExactly(
                        new Occurrence(Instant.parse("2026-03-27T15:00:00Z"), Instant.parse("2026-03-30T06:00:00Z")),
                        new Occurrence(Instant.parse("2026-04-03T14:00:00Z"), Instant.parse("2026-04-06T06:00:00Z")));
        assertThat(weekEnd.next(friday.minusMillis(1), 1))
                .containsExactly(new Occurrence(friday, Instant.parse("2026-03-23T07:00:00Z")));
        assertThat(ending.next(friday, 3)).hasSize(1);
        assertThat(of("FREQ=YEARLY;COUNT=1", "2026-01-02T16:00", "2026-01-02T18:00")
                        .next(friday, 3))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // 2026-03-29 02:00 to 03:00 does not exist: it begins at 01:00 UTC, when the clocks go from 02:00 to 03:00
        "2026-03-29T00:59:59Z, ",
        "2026-03-29T01:00:00Z, 2026-03-29T01:30:00Z",
        "2026-03-29T01:30:00Z, ",
        // 2026-10-25 02:15 comes twice: from the first (00:15 UTC) to the second 02:30 (01:30 UTC)
        "2026-10-25T00:14:59Z, ",
        "2026-10-25T00:15:00Z, 2026-10-25T01:30:00Z",
        "2026-10-25T00:45:00Z, 2026-10-25T01:30:00Z",
        "2026-10-25T01:29:59Z, 2026-10-25T01:30:00Z",
        "2026-10-25T01:30:00Z, ",
    })
    void atTheChangeOfTheClocksItIsNeverShorterThanTheWallShows(Instant moment, @Nullable Instant end) {
        Recurrence nightly = of("FREQ=DAILY", "2026-01-01T02:15", "2026-01-01T02:30");

        assertThat(nightly.endOfCurrent(moment).orElse(null)).isEqualTo(end);
    }

    @Test
    void ofTimesThatOverlapTheLastEndCounts() {
        Recurrence overlapping = of("FREQ=DAILY", "2026-06-01T12:00", "2026-06-03T12:00");

        assertThat(overlapping.endOfCurrent(Instant.parse("2026-06-10T11:00:00Z")))
                .contains(Instant.parse("2026-06-12T10:00:00Z"));
    }

    @Test
    void afterItsEndNoneBegins_andOneThatHasBegunGoesOn() {
        Recurrence daily =
                of("FREQ=DAILY", "2026-06-01T12:00", "2026-06-01T14:00", Instant.parse("2026-06-03T11:00:00Z"));

        assertThat(daily.endOfCurrent(Instant.parse("2026-06-03T11:30:00Z"))).isPresent();
        assertThat(daily.endOfCurrent(Instant.parse("2026-06-04T11:30:00Z"))).isEmpty();
        assertThat(of("FREQ=DAILY;COUNT=2", "2026-06-01T12:00", "2026-06-01T14:00")
                        .endOfCurrent(Instant.parse("2026-06-03T11:30:00Z")))
                .isEmpty();
    }

    @Test
    void eachBeginsOnce_alsoWhereTheWallSkipsItsTimeOrShowsItTwice() {
        Recurrence nightly = of("FREQ=DAILY", "2026-01-01T02:15", "2026-01-01T02:30");

        assertThat(nightly.beginnings(Instant.parse("2026-03-28T01:15:00Z"), Instant.parse("2026-03-30T00:15:00Z")))
                .as("2026-03-29 02:15 is skipped: 03:00, which is 01:00 UTC")
                .containsExactly(Instant.parse("2026-03-29T01:00:00Z"), Instant.parse("2026-03-30T00:15:00Z"));
        assertThat(nightly.beginnings(Instant.parse("2026-10-24T00:15:00Z"), Instant.parse("2026-10-26T01:15:00Z")))
                .as("2026-10-25 02:15 comes twice: the first is 00:15 UTC")
                .containsExactly(Instant.parse("2026-10-25T00:15:00Z"), Instant.parse("2026-10-26T01:15:00Z"));
        assertThat(nightly.next(Instant.parse("2026-03-29T00:59:59Z"))).contains(Instant.parse("2026-03-29T01:00:00Z"));
        assertThat(nightly.next(Instant.parse("2026-03-29T01:00:00Z"))).contains(Instant.parse("2026-03-30T00:15:00Z"));
        assertThat(nightly.next(Instant.parse("2026-10-25T00:15:00Z"))).contains(Instant.parse("2026-10-26T01:15:00Z"));
    }

    @Test
    void whatNeverBeginsAgainHasNoNext() {
        Recurrence twice = of("FREQ=MONTHLY;BYDAY=1MO;COUNT=2", "2026-06-01T12:00", "2026-06-01T14:00");
        Recurrence ending =
                of("FREQ=DAILY", "2026-06-01T12:00", "2026-06-01T14:00", Instant.parse("2026-06-03T10:00:00Z"));

        assertThat(twice.next(Instant.parse("2020-01-01T00:00:00Z"))).contains(Instant.parse("2026-06-01T10:00:00Z"));
        assertThat(twice.next(Instant.parse("2026-06-01T10:00:00Z"))).contains(Instant.parse("2026-07-06T10:00:00Z"));
        assertThat(twice.next(Instant.parse("2026-07-06T10:00:00Z"))).isEmpty();
        assertThat(twice.beginnings(Instant.EPOCH, Instant.parse("2030-01-01T00:00:00Z")))
                .hasSize(2);
        assertThat(ending.next(Instant.parse("2026-06-02T10:00:00Z"))).isEmpty();
        assertThat(ending.beginnings(Instant.EPOCH, Instant.parse("2030-01-01T00:00:00Z")))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FREQ=SECONDLY | 2026-06-01T12:00 | 2026-06-01T14:00 | DAILY, WEEKLY",
                "FREQ=HOURLY | 2026-06-01T12:00 | 2026-06-01T14:00 | DAILY, WEEKLY",
                "FREQ=DAILY;UNTIL=20270101T000000Z | 2026-06-01T12:00 | 2026-06-01T14:00 | say until",
                "FREQ=DAILY;BYHOUR=1,2 | 2026-06-01T12:00 | 2026-06-01T14:00 | must not have BYHOUR",
                "every day | 2026-06-01T12:00 | 2026-06-01T14:00 | no recurrence rule",
                "FREQ=DAILY | 2026-06-01T12:00 | 2026-06-01T12:00 | end must be after start",
                "FREQ=YEARLY | 2026-06-01T12:00 | 2026-09-01T12:00 | at most 62 days",
            })
    void whatCannotBeMeantIsTold(String rule, String start, String end, String problem) {
        assertThat(of(rule, start, end).problem()).get().asString().contains(problem);
    }
}
