package dev.sluice.gateapi.governance;

import dev.sluice.gateapi.deliver.Answer;
import dev.sluice.gateapi.deliver.RetrySchedule;
import dev.sluice.gateapi.deliver.Try;
import dev.sluice.rollback.DeliveryReport.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells reminders of drills, each until it is taken or refused, and has that noted until the note is read: then it is wanted no longer. For one
 * thread, but for the answers.
 */
final class Reminding {
    private static final Logger LOGGER = LoggerFactory.getLogger(Reminding.class);
    private static final Duration NOTED_AGAIN = Duration.ofSeconds(2);
    private static final int MOST_AT_ONCE = 64;

    private final Teller teller;
    private final Notes notes;
    private final MeterRegistry registry;
    private final Map<String, Telling> open = new HashMap<>();

    /**
     * Creates it.
     *
     * @param teller tells one
     * @param notes notes what was told
     * @param registry counts what came of it
     */
    Reminding(Teller teller, Notes notes, MeterRegistry registry) {
        this.teller = teller;
        this.notes = notes;
        this.registry = registry;
    }

    /** Tells a reminder, without waiting. */
    @FunctionalInterface
    interface Teller {
        /** Returns what came of it; never fails. */
        CompletableFuture<Answer> tell(DrillReminder reminder, Instant now);
    }

    /** Notes of which times of a schedule somebody was told. */
    @FunctionalInterface
    interface Notes {
        /**
         * Notes it, without waiting.
         *
         * @param reminder the reminder that is over
         * @param told of which time each word of the same schedule was told; one that is absent is as it was noted before
         */
        void note(DrillReminder reminder, Map<DrillReminder.Word, Instant> told);
    }

    /**
     * Does what is to be done now.
     *
     * @param wanted what is to be told and is not noted as told
     * @param owned whether this replica takes care of a partition
     * @param now the moment
     */
    void look(Collection<DrillReminder> wanted, IntPredicate owned, Instant now) {
        Set<String> ids = new HashSet<>();
        for (DrillReminder reminder : wanted) {
            String id = reminder.id();
            ids.add(id);
            if (owned.test(reminder.kept().partition())) {
                open.computeIfAbsent(id, none -> new Telling(reminder)).reminder = reminder;
            }
        }
        open.forEach((id, telling) -> {
            boolean isOwned = owned.test(telling.reminder.kept().partition());
            guarded(telling, ids.contains(id), isOwned, now);
        });
        open.entrySet()
                .removeIf(one ->
                        !ids.contains(one.getKey()) && !one.getValue().attempt.isSending());
    }

    /** One that cannot be told holds up no other. */
    private void guarded(Telling telling, boolean isWanted, boolean isOwned, Instant now) {
        try {
            work(telling, isWanted, isOwned, now);
        } catch (RuntimeException e) {
            telling.attempt.postpone(now.plus(NOTED_AGAIN));
            LOGGER.atError()
                    .addKeyValue("schedule", telling.reminder.kept().name())
                    .setCause(e)
                    .log("reminder of a drill not dealt with; trying again");
        }
    }

    private void work(Telling telling, boolean isWanted, boolean isOwned, Instant now) {
        Try attempt = telling.attempt;
        if (attempt.isSending()) {
            return;
        }
        Answer answer = attempt.takeAnswer();
        if (answer != null) {
            heard(telling, answer, now);
        }
        if (attempt.isOver()) {
            if (isWanted && attempt.isToBeSaidAgain(now)) {
                attempt.said(now.plus(NOTED_AGAIN));
                notes.note(telling.reminder, told(telling.reminder));
            }
        } else if (!isWanted) {
            if (!now.isBefore(telling.reminder.until())) {
                over(telling, "given_up");
            }
        } else if (isOwned && attempt.isDue(now) && sending() < MOST_AT_ONCE) {
            attempt.begin();
            var unused = teller.tell(telling.reminder, now)
                    .whenComplete((heard, failure) -> attempt.answered(
                            failure == null
                                    ? heard
                                    : Answer.of(
                                            Outcome.FAILED, failure.getClass().getSimpleName())));
        }
    }

    private long sending() {
        return open.values().stream().filter(one -> one.attempt.isSending()).count();
    }

    private void heard(Telling telling, Answer answer, Instant now) {
        if (answer.outcome() == Outcome.FAILED) {
            Try attempt = telling.attempt;
            attempt.wait(answer, now.plus(RetrySchedule.pause(attempt.count(), answer.retryAfter())));
            count(telling, "failed");
        } else {
            over(telling, answer.outcome() == Outcome.REFUSED ? "refused" : "told");
        }
    }

    private void over(Telling telling, String outcome) {
        telling.attempt.end(Answer.of(Outcome.DELIVERED, outcome));
        count(telling, outcome);
        DrillSchedule schedule = telling.reminder.kept().schedule();
        LOGGER.atInfo()
                .addKeyValue("schedule", telling.reminder.kept().name())
                .addKeyValue("service", schedule.service())
                .addKeyValue("environment", schedule.environment())
                .addKeyValue("type", telling.reminder.word().label())
                .addKeyValue("due", telling.reminder.occurrence().due())
                .addKeyValue("outcome", outcome)
                .log("reminder of a drill over");
    }

    private void count(Telling telling, String outcome) {
        registry.counter(
                        "sluice.drills.reminders",
                        "type",
                        telling.reminder.word().label(),
                        "outcome",
                        outcome)
                .increment();
    }

    /** What is over of a schedule may not have been read back yet: each note has all of it. */
    private Map<DrillReminder.Word, Instant> told(DrillReminder of) {
        var told = new EnumMap<DrillReminder.Word, Instant>(DrillReminder.Word.class);
        open.values().stream()
                .filter(one -> one.attempt.isOver() && isOfSameSchedule(one.reminder, of))
                .forEach(one -> told.merge(
                        one.reminder.word(),
                        one.reminder.occurrence().due(),
                        (mine, other) -> mine.isAfter(other) ? mine : other));
        return told;
    }

    private static boolean isOfSameSchedule(DrillReminder one, DrillReminder other) {
        return one.kept().tenant().equals(other.kept().tenant())
                && one.kept().name().equals(other.kept().name());
    }

    /** What is done about one reminder. */
    private static final class Telling {
        private final Try attempt = new Try(0);
        private DrillReminder reminder;

        private Telling(DrillReminder reminder) {
            this.reminder = reminder;
        }
    }
}
