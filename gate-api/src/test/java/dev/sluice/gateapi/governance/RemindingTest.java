package dev.sluice.gateapi.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateapi.MovableClock;
import dev.sluice.gateapi.deliver.Answer;
import dev.sluice.gateapi.governance.DrillReminder.Word;
import dev.sluice.gateapi.governance.DrillStanding.Due;
import dev.sluice.gateapi.governance.StatementIndex.KeptSchedule;
import dev.sluice.rollback.DeliveryReport.Outcome;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RemindingTest {
    private static final Instant NOON = Instant.parse("2026-06-08T12:00:00Z");
    private static final Instant ENDS = NOON.plus(Duration.ofMinutes(10));
    private static final KeptSchedule KEPT = new KeptSchedule("default", "daily", 3, DrillScheduleTest.read("""
                    {"service": "checkout", "environment": "staging", "rrule": "FREQ=DAILY",
                     "start": "2026-06-08T14:00", "zone": "Europe/Berlin", "within": "10m", "endpoint": "pager"}""", NOON));
    private static final DrillReminder DUE = new DrillReminder(KEPT, Word.DUE, new Due(NOON, ENDS, false), ENDS);
    private static final DrillReminder MISSED =
            new DrillReminder(KEPT, Word.MISSED, new Due(NOON.minusSeconds(60), NOON, false), ENDS);

    private final MovableClock clock = new MovableClock(NOON);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<DrillReminder> sent = new ArrayList<>();
    private final Deque<CompletableFuture<Answer>> answers = new ArrayDeque<>();
    private final List<Map<Word, Instant>> notes = new ArrayList<>();
    private final Reminding reminding = new Reminding(
            (reminder, now) -> {
                sent.add(reminder);
                return answers.isEmpty() ? answered(Outcome.DELIVERED) : answers.remove();
            },
            (reminder, told) -> notes.add(told),
            registry);

    private static CompletableFuture<Answer> answered(Outcome outcome) {
        return CompletableFuture.completedFuture(Answer.of(outcome, "said"));
    }

    private void look(DrillReminder... wanted) {
        reminding.look(List.of(wanted), partition -> partition == 3, clock.instant());
    }

    private double counted(Word word, String outcome) {
        return registry.counter("sluice.drills.reminders", "type", word.label(), "outcome", outcome)
                .count();
    }

    @Test
    void oneIsToldOnce_andNotedUntilTheNoteIsRead() {
        look(DUE);
        look(DUE);
        look(DUE);
        assertThat(sent).containsExactly(DUE);
        assertThat(notes).containsExactly(Map.of(Word.DUE, NOON));

        clock.pass(Duration.ofSeconds(2));
        look(DUE);
        assertThat(notes).hasSize(2);

        look();
        clock.pass(Duration.ofHours(1));
        look();
        assertThat(sent).hasSize(1);
        assertThat(notes).hasSize(2);
        assertThat(counted(Word.DUE, "told")).isEqualTo(1);
        assertThat(counted(Word.DUE, "given_up")).isZero();
    }

    @Test
    void whoIsAwayIsToldAgain_untilItIsTooLate() {
        for (int i = 0; i < 60; i++) {
            answers.add(answered(Outcome.FAILED));
        }
        for (; clock.instant().isBefore(ENDS); clock.pass(Duration.ofSeconds(1))) {
            look(DUE);
        }

        assertThat(sent).hasSizeBetween(10, 20);
        look();
        look();
        assertThat(counted(Word.DUE, "failed")).isEqualTo(sent.size());
        assertThat(counted(Word.DUE, "given_up")).isEqualTo(1);
        assertThat(notes).isEmpty();
    }

    @Test
    void aRefusalIsNotSaidAgain() {
        answers.add(answered(Outcome.REFUSED));
        for (int i = 0; i < 5; i++) {
            look(DUE);
        }

        assertThat(sent).hasSize(1);
        assertThat(counted(Word.DUE, "refused")).isEqualTo(1);
        assertThat(notes).containsExactly(Map.of(Word.DUE, NOON));
    }

    @Test
    void whatIsRecordedMeanwhileIsSaidNoMore() {
        answers.add(answered(Outcome.FAILED));
        look(DUE);
        look(DUE);

        clock.pass(Duration.ofMinutes(1));
        look();

        assertThat(sent).hasSize(1);
        assertThat(counted(Word.DUE, "given_up")).isZero();
    }

    @Test
    void nothingIsToldOfPartitionsOfOtherReplicas_butWhatWasToldIsNoted() {
        reminding.look(List.of(DUE), partition -> false, NOON);
        assertThat(sent).isEmpty();
        var answer = new CompletableFuture<Answer>();
        answers.add(answer);
        look(DUE);

        answer.complete(Answer.of(Outcome.DELIVERED, "said"));
        reminding.look(List.of(DUE), partition -> false, NOON);

        assertThat(sent).hasSize(1);
        assertThat(notes).containsExactly(Map.of(Word.DUE, NOON));
    }

    @Test
    void aNoteHasAllThatIsOverOfItsSchedule() {
        var late = new CompletableFuture<Answer>();
        answers.add(answered(Outcome.DELIVERED));
        answers.add(late);
        look(MISSED);
        look(MISSED, DUE);
        look(MISSED, DUE);
        assertThat(notes).containsExactly(Map.of(Word.MISSED, NOON.minusSeconds(60)));

        late.complete(Answer.of(Outcome.DELIVERED, "said"));
        look(MISSED, DUE);

        assertThat(notes.get(1)).isEqualTo(Map.of(Word.MISSED, NOON.minusSeconds(60), Word.DUE, NOON));
    }

    @Test
    void whoeverIsStartedAnewTellsNothingThatIsNoted() {
        look(DUE);
        look(DUE);

        DrillNote read = DrillNote.of(DrillNote.NONE.with(notes.get(0)).json());

        assertThat(read.has(DUE)).isTrue();
        assertThat(read.has(MISSED)).isFalse();
        assertThat(read.has(new DrillReminder(KEPT, Word.DUE, new Due(ENDS, ENDS.plusSeconds(1), false), ENDS)))
                .as("another time")
                .isFalse();
        DrillNote both = read.with(Map.of(Word.MISSED, MISSED.occurrence().due()));
        assertThat(both.has(DUE) && both.has(MISSED)).isTrue();
    }
}
