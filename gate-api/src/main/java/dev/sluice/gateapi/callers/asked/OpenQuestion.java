package dev.sluice.gateapi.callers.asked;

import dev.sluice.gateapi.decide.GivenDecision;
import dev.sluice.gateapi.deliver.RetrySchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is done about one question, one thing after the other. For one thread, but for the end of what it waits for. */
final class OpenQuestion {
    private final AtomicReference<@Nullable Runnable> result = new AtomicReference<>();
    private volatile boolean busy;
    private AskedQuestion question;
    private boolean changed;
    private boolean idMade;
    private boolean anew;
    private @Nullable GivenDecision decision;
    private int failures;
    private int untaken;
    private boolean toldInVain;
    private Instant next = Instant.MIN;

    OpenQuestion(AskedQuestion question) {
        this.question = question;
    }

    AskedQuestion question() {
        return question;
    }

    @Nullable
    GivenDecision decision() {
        return decision;
    }

    /** Returns whether something is waited for. */
    boolean isBusy() {
        return busy;
    }

    /** Returns whether something may be done by now. */
    boolean isDue(Instant now) {
        return !now.isBefore(next);
    }

    /** Returns since when something may be done. */
    Instant dueSince() {
        return next;
    }

    /** Returns whether the log has an older state of the question. */
    boolean isToBeKept() {
        return changed;
    }

    /** Returns whether the log has what has become of it. */
    boolean isOver() {
        return question.ended() != null && !changed;
    }

    /** Returns whether the decision's id was made here, so that nobody has used it. */
    boolean hasMadeId() {
        return idMade;
    }

    /** Returns whether the decision was told and not taken. */
    boolean isToldInVain() {
        return toldInVain;
    }

    /** Waits for something; what follows is done by {@link #takeResult}. Returns when it is done. */
    <T> CompletableFuture<T> does(CompletableFuture<T> work, Consumer<T> then, Consumer<Throwable> otherwise) {
        busy = true;
        return work.whenComplete((value, failure) -> {
            result.set(() -> {
                if (failure == null) {
                    then.accept(value);
                } else {
                    otherwise.accept(
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure);
                }
            });
            busy = false;
        });
    }

    /** Does what follows from what was waited for, if something was. */
    void takeResult() {
        Runnable taken = result.getAndSet(null);
        if (taken != null) {
            taken.run();
        }
    }

    /** Returns whether the gate is to be asked by a new id. */
    boolean isToBeAsked() {
        return anew || question.decision() == null;
    }

    /** The gate is to be asked by a new id: what was decided is not told any more. */
    void isAskedAnew() {
        decision = null;
        anew = true;
        toldInVain = false;
    }

    /** Something else is asked than before, which is to be kept. */
    void asksOtherwise(AskedQuestion other) {
        isAskedAnew();
        changes(other);
    }

    /** The gate is asked, by a decision of this id; the id is kept first. */
    void asks(AskedQuestion withId) {
        anew = false;
        idMade = true;
        changes(withId);
    }

    /** The question has another state, which is to be kept. */
    void changes(AskedQuestion state) {
        changed |= !state.equals(question);
        question = state;
    }

    /** The log has this state. */
    void isKept(AskedQuestion state) {
        changed &= !state.equals(question);
    }

    /** There is a decision, and the log has it. */
    void decided(GivenDecision made) {
        decision = made;
        failures = 0;
    }

    /** The decision is as it was, or final. */
    void judgedAgain(GivenDecision again, Instant now) {
        decided(again);
        if (Reply.of(again).isFinal()) {
            next = now;
        }
    }

    /** Nothing is done before that moment. */
    void waits(Instant until) {
        next = until;
    }

    /** The answer was told and not taken, and is told again later: the later, the more often, whatever was decided anew meanwhile. */
    void notTaken(Instant now, Optional<Duration> asked) {
        untaken++;
        toldInVain = true;
        next = now.plus(RetrySchedule.pause(untaken, asked));
    }

    /** Something else failed, and is tried again later. */
    void failed(Instant now) {
        failures++;
        next = now.plus(RetrySchedule.pause(failures, Optional.empty()));
    }
}
