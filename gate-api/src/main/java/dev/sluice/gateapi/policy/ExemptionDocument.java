package dev.sluice.gateapi.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.gate.Exemption;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An exemption as the log keeps it.
 *
 * @param policy name of the rule's policy
 * @param rule the rule's id
 * @param service for which service; null means each
 * @param environment where; null means everywhere
 * @param owner who answers for it
 * @param ticket where it is dealt with
 * @param reason why
 * @param expiresAt the moment from which it is void
 * @param requested who has written it
 * @param activated who has let it take effect; null where nobody has
 */
record ExemptionDocument(
        String policy,
        String rule,
        @Nullable String service,
        @Nullable String environment,
        String owner,
        String ticket,
        String reason,
        Instant expiresAt,
        Signed requested,
        @Nullable Signed activated) {

    /** Returns what a document of the log says; nothing if this release cannot read it: then nothing is exempted. */
    static Optional<ExemptionDocument> read(Control control) {
        try {
            return Optional.of(Json.mapper().treeToValue(control.document(), ExemptionDocument.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    JsonNode document() {
        return Json.mapper().valueToTree(this);
    }

    ExemptionDocument activatedBy(Signed signed) {
        return new ExemptionDocument(
                policy, rule, service, environment, owner, ticket, reason, expiresAt, requested, signed);
    }

    /** Returns what it exempts; nothing before it is activated. */
    Optional<Exemption> exemption(String id) {
        return Optional.ofNullable(activated)
                .map(signed -> new Exemption(
                        id, policy, rule, service, environment, owner, ticket, reason, signed.at(), expiresAt));
    }
}
