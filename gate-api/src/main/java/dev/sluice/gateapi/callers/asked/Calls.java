package dev.sluice.gateapi.callers.asked;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.sluice.gateapi.deliver.Answer;
import dev.sluice.gateapi.egress.EgressException;
import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.rollback.DeliveryReport.Outcome;
import dev.sluice.wire.Json;
import dev.sluice.wire.MalformedRecordException;
import java.util.Set;
import java.util.concurrent.CompletionException;

/** What the answers to calls mean, in words that hold nothing of a request or an answer but its status. */
public final class Calls {
    private Calls() {}

    /**
     * Returns what an answer means: 2xx is taken, some statuses say that it will never be, and after all others it is tried again.
     *
     * @param what was called
     * @param answer what was answered
     * @param refusals statuses after which it is of no use to call again
     */
    public static Answer meaning(String what, OutboundAnswer answer, Set<Integer> refusals) {
        String words = what + " was answered with " + answer.status();
        if (answer.isSuccess()) {
            return Answer.of(Outcome.DELIVERED, words);
        }
        return refusals.contains(answer.status())
                ? Answer.of(Outcome.REFUSED, words)
                : new Answer(Outcome.FAILED, words, answer.retryAfter());
    }

    /** Returns what an answer says; a missing node if it is no JSON. */
    public static JsonNode json(OutboundAnswer answer) {
        try {
            return Json.read(answer.body(), JsonNode.class);
        } catch (MalformedRecordException e) {
            return MissingNode.getInstance();
        }
    }

    /** Returns what it means that there is no answer. */
    public static Heard unanswered(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return Heard.failed(
                cause instanceof EgressException
                        ? String.valueOf(cause.getMessage())
                        : "it could not be sent: " + cause.getClass().getSimpleName());
    }
}
