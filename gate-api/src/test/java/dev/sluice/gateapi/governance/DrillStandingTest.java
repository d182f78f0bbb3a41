package dev.sluice.gateapi.governance;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.MovableClock;
import dev.sluice.gateapi.governance.DrillReminder.Word;
import dev.sluice.gateapi.governance.DrillStanding.Due;
import dev.sluice.gateapi.governance.StatementIndex.KeptSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each Monday at 09:00 in Berlin a drill is due, for a day. */
class DrillStandingTest {
    private static final Instant MONDAY = Instant.parse("2026-06-08T07:00:00Z");
    private static final Instant NEXT_MONDAY = Instant.parse("2026-06-15T07:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);
    private static final DrillSchedule SCHEDULE = DrillScheduleTest.read("""
            {"service": "checkout", "environment": "staging", "rrule": "FREQ=WEEKLY;BYDAY=MO",
             "start": "2026-01-05T09:00", "zone": "Europe/Berlin", "endpoint": "pager"}""", MONDAY.minus(DAY));
    private static final KeptSchedule KEPT = new KeptSchedule("default", "weekly", 0, SCHEDULE);

    private final MovableClock clock = new MovableClock(MONDAY);

    private DrillStanding standing(Instant... drills) {
        return DrillStanding.of(SCHEDULE, List.of(drills), DrillStanding.ALL, clock.instant());
    }

    private List<Word> told(Instant... drills) {
        return DrillReminder.of(KEPT, standing(drills), clock.instant()).stream()
                .map(DrillReminder::word)
                .toList();
    }

    @Test
    void oneIsDueFromItsMomentOn_untilADayHasPassed() {
        clock.set(MONDAY.minusMillis(1));
        assertThat(standing()).isEqualTo(new DrillStanding(null, null, false));

        clock.set(MONDAY);
        assertThat(standing().current()).isEqualTo(new Due(MONDAY, MONDAY.plus(DAY), false));
        assertThat(standing().isDue()).isTrue();
        assertThat(told()).containsExactly(Word.DUE);

        clock.set(MONDAY.plus(DAY).minusMillis(1));
        assertThat(standing().isDue()).isTrue();

        clock.pass(Duration.ofMillis(1));
        assertThat(standing().current()).isNull();
        assertThat(standing().missed()).isEqualTo(new Due(MONDAY, MONDAY.plus(DAY), false));
        assertThat(standing().isMissing()).isTrue();
        assertThat(told()).containsExactly(Word.MISSED);
    }

    @Test
    void aDrillThatIsRecordedEndsIt_whereItIsNotOfBefore() {
        assertThat(standing(MONDAY.minusMillis(1)).isDue()).isTrue();
        assertThat(standing(MONDAY).isDue()).isFalse();
        assertThat(told(MONDAY)).isEmpty();

        clock.set(MONDAY.plus(DAY));
        assertThat(standing(MONDAY).missed()).isNull();
        assertThat(told(MONDAY)).isEmpty();
    }

    @Test
    void aDrillThatComesTooLateEndsTheAlarm_andTheOneThatWasMissedIsStillNamed() {
        clock.set(MONDAY.plus(Duration.ofDays(3)));

        DrillStanding late = standing(MONDAY.plus(Duration.ofDays(2)));

        assertThat(late.isMissing()).isFalse();
        assertThat(late.missed()).isEqualTo(new Due(MONDAY, MONDAY.plus(DAY), true));
    }

    @Test
    void whatWasMissedLastIsNamed_notWhatWasMissedBefore() {
        clock.set(NEXT_MONDAY.plus(DAY));

        assertThat(requireNonNull(standing().missed()).due()).isEqualTo(NEXT_MONDAY);
        DrillStanding recorded = standing(NEXT_MONDAY.plusSeconds(60));
        assertThat(requireNonNull(recorded.missed()).due()).isEqualTo(MONDAY);
        assertThat(recorded.isMissing()).isFalse();
    }

    @Test
    void thatOneWasMissedIsToldForAsLongAsItWasDue() {
        clock.set(MONDAY.plus(DAY).plus(DAY).minusMillis(1));
        assertThat(told()).containsExactly(Word.MISSED);

        clock.pass(Duration.ofMillis(1));
        assertThat(told()).isEmpty();
        assertThat(standing().isMissing()).isTrue();
    }

    @Test
    void aMessageHasAnIdOfItsOccurrence() {
        DrillReminder due = DrillReminder.of(KEPT, standing(), clock.instant()).get(0);
        clock.pass(Duration.ofHours(1));
        DrillReminder later =
                DrillReminder.of(KEPT, standing(), clock.instant()).get(0);
        clock.set(NEXT_MONDAY);
        DrillReminder next = DrillReminder.of(KEPT, standing(), clock.instant()).get(0);

        assertThat(later.message()).isEqualTo(due.message());
        assertThat(next.word()).isEqualTo(Word.DUE);
        assertThat(next.id()).isNotEqualTo(due.id());
        assertThat(due.message().body()).isEqualTo("""
                {"type":"dev.sluice.drill.due.v1","timestamp":"2026-06-08T07:00:00Z","data":{"schedule":"weekly",\
                "service":"checkout","environment":"staging","due":"2026-06-08T07:00:00Z","ends":"2026-06-09T07:00:00Z"}}""");
    }
}
