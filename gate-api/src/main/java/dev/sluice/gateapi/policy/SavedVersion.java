package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.gate.Policy;
import dev.sluice.wire.Control;
import java.time.Instant;

/**
 * A version of a policy as the log keeps it.
 *
 * @param name the policy's name
 * @param version as its author counts
 * @param digest of its content
 * @param text as it was written
 * @param savedBy the credential that saved it
 * @param owner whose credential that is
 * @param savedAt when
 */
record SavedVersion(
        String name, String version, String digest, String text, String savedBy, String owner, Instant savedAt) {
    private static final String NAME = "name";
    private static final String VERSION = "version";
    private static final String DIGEST = "digest";
    private static final String TEXT = "text";
    private static final String OWNER = "owner";

    static SavedVersion of(Control control) {
        JsonNode document = control.document();
        return new SavedVersion(
                document.path(NAME).asText(),
                document.path(VERSION).asText(),
                document.path(DIGEST).asText(),
                document.path(TEXT).asText(),
                control.principal(),
                document.path(OWNER).asText(control.principal()),
                control.at());
    }

    static ObjectNode document(Policy policy, String text, String owner) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(NAME, policy.name())
                .put(VERSION, policy.version())
                .put(DIGEST, policy.digest())
                .put(TEXT, text)
                .put(OWNER, owner);
    }
}
