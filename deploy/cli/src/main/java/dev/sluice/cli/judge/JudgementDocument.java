package dev.sluice.cli.judge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.wire.VerdictJson;

/** A judgement for programs. A number that is infinite or absent is null. */
public final class JudgementDocument {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private JudgementDocument() {}

    /** Returns the judgement as JSON. */
    public static ObjectNode of(Judgement judgement) {
        ObjectNode document = JSON.objectNode();
        document.put("verdict", judgement.verdict().state().label());
        document.put("alpha", judgement.config().alpha());
        document.put("beta", judgement.config().beta());
        ArrayNode metrics = document.putArray("metrics");
        judgement.verdict().metrics().forEach(metric -> metrics.add(VerdictJson.metric(metric)));
        return document;
    }
}
