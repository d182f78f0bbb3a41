package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gate.GateOverride;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An override as the log keeps it.
 *
 * @param gate which gate; null means each
 * @param service which service
 * @param environment where
 * @param artifact what may go there
 * @param reason why
 * @param ticket where it is dealt with; null where that was not said
 * @param expiresAt the moment from which it is void
 * @param requested who has asked for it
 * @param approved who has approved it; null where nobody has
 */
record OverrideDocument(
        @Nullable String gate,
        String service,
        String environment,
        Artifact artifact,
        String reason,
        @Nullable String ticket,
        Instant expiresAt,
        Signed requested,
        @Nullable Signed approved) {

    /** Returns what a document of the log says; nothing if this release cannot read it: then nothing is overridden. */
    static Optional<OverrideDocument> read(Control control) {
        try {
            return Optional.of(Json.mapper().treeToValue(control.document(), OverrideDocument.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    JsonNode document() {
        return Json.mapper().valueToTree(this);
    }

    OverrideDocument approvedBy(Signed signed) {
        return new OverrideDocument(gate, service, environment, artifact, reason, ticket, expiresAt, requested, signed);
    }

    /** Returns what it opens; nothing before someone else has approved it. */
    Optional<GateOverride> override(String id) {
        return Optional.ofNullable(approved)
                .filter(signed -> !signed.owner().equals(requested.owner()))
                .map(signed -> new GateOverride(
                        id,
                        gate,
                        service,
                        environment,
                        artifact.version(),
                        artifact.digest(),
                        requested.owner(),
                        signed.owner(),
                        reason,
                        signed.at(),
                        expiresAt));
    }

    /**
     * What may go there.
     *
     * @param version null where the digest alone names it
     * @param digest null where the version alone names it
     */
    record Artifact(@Nullable String version, @Nullable String digest) {
        Artifact {
            if (version == null && digest == null) {
                throw new IllegalArgumentException("an override must name a version or a digest");
            }
        }
    }
}
