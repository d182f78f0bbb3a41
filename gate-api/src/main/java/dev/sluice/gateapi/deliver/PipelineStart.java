package dev.sluice.gateapi.deliver;

import dev.sluice.gateapi.egress.OutboundAnswer;
import dev.sluice.rollback.DeliveryReport.Outcome;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts a pipeline of somebody else's, which rolls back. That it was started says nothing of how it goes, so the order is delivered
 * and not acknowledged; the pipeline may do that. A pipeline is started again where the answer to the first start was lost: it is told
 * the order's id, and what must run.
 */
abstract class PipelineStart extends OneRequest {
    @Override
    public final boolean isKey(byte[] secret) {
        return Token.isRight(secret);
    }

    @Override
    public final String keyExpected() {
        return Token.EXPECTED;
    }

    /** Returns the statuses by which the pipeline can never be started so. */
    abstract List<Integer> refusals();

    @Override
    final Answer answer(OutboundAnswer answer) {
        String words = "answered with " + answer.status();
        if (answer.isSuccess()) {
            return Answer.of(Outcome.DELIVERED, words);
        }
        return refusals().contains(answer.status())
                ? Answer.of(Outcome.REFUSED, words)
                : new Answer(Outcome.FAILED, words, answer.retryAfter());
    }

    /** Returns what a pipeline is told of an order, by name; ten things, which is as many as GitHub passes on. */
    static Map<String, String> told(Message message) {
        Map<String, String> told = new LinkedHashMap<>();
        told.put("order", message.data().path("order").asText());
        told.put("service", message.data().path("service").asText());
        told.put("environment", message.data().path("environment").asText());
        told.put("action", message.data().path("action").asText());
        told.put("reason", message.data().path("reason").asText());
        told.put("from_version", message.data().path("from_version").asText(""));
        told.put(
                "expected_deployment", message.data().at("/expected/deployment").asText(""));
        told.put("target_version", message.data().at("/target/version").asText(""));
        told.put("target_sha", message.data().at("/target/sha").asText(""));
        told.put("expires_at", message.data().path("expires_at").asText());
        return told;
    }
}
