package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gateapi.access.Principal;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The active version of a policy that was set up by the API. It holds the text too: what is in force stands in one record.
 *
 * @param digest of the version
 * @param version as its author counts
 * @param text as it was written
 * @param activatedBy the credential that activated it
 * @param owner whose credential that is
 * @param activatedAt when
 * @param deactivation who wants it to end; null where nobody does
 */
record ActivePolicy(
        String digest,
        String version,
        String text,
        String activatedBy,
        String owner,
        Instant activatedAt,
        @Nullable Signed deactivation) {

    static ActivePolicy of(SavedVersion version, Principal principal, Instant now) {
        return new ActivePolicy(
                version.digest(), version.version(), version.text(), principal.id(), principal.owner(), now, null);
    }

    /** Returns what a document of the log says; nothing if this release cannot read it. */
    static Optional<ActivePolicy> read(JsonNode document) {
        try {
            return Optional.of(Json.mapper().treeToValue(document, ActivePolicy.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    JsonNode document() {
        return Json.mapper().valueToTree(this);
    }

    ActivePolicy withDeactivation(@Nullable Signed request) {
        return new ActivePolicy(digest, version, text, activatedBy, owner, activatedAt, request);
    }
}
