package dev.sluice.gateapi.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.wire.Control;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** What the log keeps of the use of a token: the document of a {@link Control} of kind {@link Control#TOKEN_USE}. */
final class TokenUse {
    private static final String LAST_USED_AT = "last_used_at";

    private TokenUse() {}

    static JsonNode document(Instant lastUsed) {
        return JsonNodeFactory.instance.objectNode().put(LAST_USED_AT, lastUsed.toString());
    }

    /** Returns when the token was used last; nothing if the record does not say that in a way that can be read. */
    static Optional<Instant> read(Control control) {
        String text = control.document().path(LAST_USED_AT).asText("");
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
