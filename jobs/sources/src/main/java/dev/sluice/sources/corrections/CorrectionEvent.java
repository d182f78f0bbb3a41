package dev.sluice.sources.corrections;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.time.Instant;

/** The form in which a correction waits in the raw topic: a CloudEvent 1.0 around what was sent. */
public final class CorrectionEvent {
    /** The source of each correction. */
    static final String SOURCE = "sluice";

    private static final String TYPE_PREFIX = "dev.sluice.correction.";

    private CorrectionEvent() {}

    /**
     * Returns the CloudEvent of a correction, in UTF-8.
     *
     * @param id its own, never given to another one
     * @param at when it was made, to the millisecond; of two corrections of the same the later one wins
     * @param correction what was sent, valid by {@link dev.sluice.wire.CorrectionSchema}
     */
    public static byte[] of(String id, Instant at, JsonNode correction) {
        return Json.bytes(Json.mapper()
                .createObjectNode()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", SOURCE)
                .put("type", type(correction))
                .put("time", at.toString())
                .put("datacontenttype", "application/json")
                .set("data", correction));
    }

    /** Returns the type of a correction's CloudEvent, which tells its kind. */
    public static String type(JsonNode correction) {
        return TYPE_PREFIX + correction.path("kind").asText();
    }
}
