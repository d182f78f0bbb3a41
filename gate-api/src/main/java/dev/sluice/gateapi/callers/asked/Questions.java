package dev.sluice.gateapi.callers.asked;

import dev.sluice.gateapi.control.ControlLog;
import dev.sluice.gateapi.http.ApiException;
import dev.sluice.gateapi.http.ErrorType;
import dev.sluice.gateapi.views.Held;
import dev.sluice.gateapi.views.Views;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Keys;
import dev.sluice.wire.Topic;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Keeps questions to gates: each once, however often it comes. */
public final class Questions {
    /** The fact by which the same message is known again under another id. */
    public static final String DIGEST = "digest";

    private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofMillis(2_500);
    private static final int MOST_OPEN = 1_000;

    private final Views views;
    private final ControlLog log;

    /**
     * Creates them.
     *
     * @param views the questions that this replica has read
     * @param log keeps them
     */
    public Questions(Views views, ControlLog log) {
        this.views = views;
        this.log = log;
    }

    /**
     * Keeps a question that is asked once.
     *
     * @param tenant whose it is
     * @param delivery what the caller calls the message: the same again is a repetition
     * @param question the question
     * @return whether it was new, when the log has it; fails with an {@link ApiException} 503 if that is not known in time
     * @throws ApiException 503 if too many are open, or nothing has been read from the log yet
     */
    public CompletableFuture<Boolean> keep(String tenant, String delivery, AskedQuestion question) {
        return keep(tenant, delivery, question, false);
    }

    /**
     * Keeps a question that may be asked again when it has been answered.
     *
     * @param tenant whose it is
     * @param what by which it is known while it is open
     * @param question the question
     * @return as {@link #keep}
     * @throws ApiException as {@link #keep}
     */
    public CompletableFuture<Boolean> keepAgain(String tenant, String what, AskedQuestion question) {
        return keep(tenant, what, question, true);
    }

    private CompletableFuture<Boolean> keep(
            String tenant, String delivery, AskedQuestion question, boolean mayBeAskedAgain) {
        if (!views.hasRead(Topic.CONTROL)) {
            throw new ApiException(ErrorType.UNAVAILABLE, "what was asked before has not been read from the log yet");
        }
        var thing = new ControlLog.Thing(
                tenant, Control.GATE_QUESTION, Keys.of(question.caller(), question.setup(), delivery));
        Predicate<Control> isRepetition = present -> !mayBeAskedAgain || !isEnded(present);
        if (log.find(thing).filter(isRepetition).isPresent() || isKnown(tenant, question)) {
            return CompletableFuture.completedFuture(false);
        }
        if (open(tenant) >= MOST_OPEN) {
            throw new ApiException(ErrorType.BUSY, "too many questions are open");
        }
        var content = ControlLog.Content.of(Json.mapper().valueToTree(question));
        return log.change(
                        thing,
                        question.principal(),
                        found -> found.filter(isRepetition).isPresent() ? Optional.empty() : Optional.of(content))
                .copy()
                .orTimeout(ACKNOWLEDGED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException
                                ? new ApiException(
                                        ErrorType.UNAVAILABLE, "the log does not acknowledge in time", failure)
                                : failure));
    }

    /** The id of a message stands outside of what is signed. */
    private boolean isKnown(String tenant, AskedQuestion question) {
        String digest = question.fact(DIGEST);
        return !digest.isEmpty()
                && of(tenant)
                        .anyMatch(one -> one.document().path("setup").asText().equals(question.setup())
                                && one.document()
                                        .path("facts")
                                        .path(DIGEST)
                                        .asText()
                                        .equals(digest));
    }

    private long open(String tenant) {
        return of(tenant).filter(one -> !isEnded(one)).count();
    }

    private Stream<Control> of(String tenant) {
        return views.controls(Control.GATE_QUESTION)
                .map(Held::row)
                .filter(one -> one.tenant().equals(tenant));
    }

    static boolean isEnded(Control question) {
        return question.document().path("ended").isObject();
    }
}
