package dev.sluice.gateapi.callers.kayenta;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.nio.charset.StandardCharsets;

/**
 * A document as its text. In memory that is a small part of what its tree would be.
 *
 * @param text the JSON
 */
record JsonText(@JsonValue String text) {
    static JsonText of(JsonNode document) {
        return new JsonText(new String(Json.bytes(document), StandardCharsets.UTF_8));
    }

    /** Reads what the log has; older records have the document itself. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static JsonText read(JsonNode kept) {
        return kept.isTextual() ? new JsonText(kept.textValue()) : of(kept);
    }

    JsonNode document() {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the log has a document that is not JSON", e);
        }
    }
}
