package dev.sluice.gateapi.decide;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.wire.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A decision as the log has it: the decision as it was answered, and what it was made of.
 *
 * @param decision the decision
 * @param snapshot what it was made of; null where it was given up, or is of before snapshots were kept
 */
record RecordedDecision(DecisionRecord decision, @Nullable Snapshot snapshot) {
    private static final String KIND = "decision";
    private static final String SNAPSHOT = "snapshot";

    /**
     * Returns the record for the log: the fields of the decision, as it is answered, after those that only the log has.
     *
     * @param answered the decision as it is answered, an object that is not empty
     * @param snapshot what it was made of; null where nothing was judged
     */
    static byte[] bytes(byte[] answered, @Nullable Snapshot snapshot) {
        var bytes = new ByteArrayOutputStream(answered.length);
        bytes.writeBytes("{\"kind\":\"decision\",\"snapshot\":".getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(Json.bytes(snapshot == null ? Json.mapper().nullNode() : snapshot));
        bytes.write(',');
        bytes.write(answered, 1, answered.length - 1);
        return bytes.toByteArray();
    }

    /** Reads a record of the log; nothing if it is none of a decision. Those of before kinds were written have none. */
    static Optional<RecordedDecision> read(byte[] record) {
        JsonNode document = Json.read(record, JsonNode.class);
        if (!document.path("kind").asText(KIND).equals(KIND)) {
            return Optional.empty();
        }
        JsonNode snapshot = document.path(SNAPSHOT);
        return Optional.of(new RecordedDecision(
                Json.read(record, DecisionRecord.class),
                snapshot.isObject() ? Json.read(Json.bytes(snapshot), Snapshot.class) : null));
    }
}
