package dev.sluice.sources.cdevents;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.sources.Place;
import dev.sluice.sources.Rejection;
import dev.sluice.wire.EventSchemas;

/**
 * What makes two CloudEvents the same one. A CDEvent is identified by its own context, whatever the envelope says: there
 * are producers that give each envelope a new id.
 *
 * @param source who says it
 * @param id unique in the source
 */
public record CloudEventIdentity(String source, String id) {
    public CloudEventIdentity {
        if (source.isBlank() || id.isBlank()) {
            throw new IllegalArgumentException("source and id must not be blank: \"" + source + "\", \"" + id + "\"");
        }
    }

    /**
     * Returns the identity of an event.
     *
     * @param event a CloudEvent that satisfies its schema, see {@link EventSchemas#validate}
     * @throws IllegalArgumentException if it has no identity; then it does not satisfy its schema
     */
    public static CloudEventIdentity of(JsonNode event) {
        Place root = new Place(event, "");
        JsonNode type = event.path("type");
        boolean isCdEvent = type.isTextual() && EventSchemas.isCdEvent(type.textValue());
        Place identity = isCdEvent ? root.at("data").at("context") : root;
        try {
            return new CloudEventIdentity(
                    identity.at("source").text(), identity.at("id").text());
        } catch (Rejection e) {
            throw new IllegalArgumentException("the event has no identity: " + e.outcome(), e);
        }
    }
}
