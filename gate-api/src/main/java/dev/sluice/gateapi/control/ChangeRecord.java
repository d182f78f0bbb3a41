package dev.sluice.gateapi.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.wire.Control;
import dev.sluice.wire.Json;
import dev.sluice.wire.Sha256;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A change of what is set up, as the audit log has it: who has set up what, or ended it.
 *
 * @param kind {@value #KIND}
 * @param tenant whose
 * @param what the kind of thing, as {@link Control} names it
 * @param id its name among those of its kind
 * @param principal who, by the credential
 * @param at when
 * @param deleted whether it holds no longer
 * @param document what was set up; of what says where secrets are a hash of it
 */
record ChangeRecord(
        String kind,
        String tenant,
        String what,
        String id,
        String principal,
        Instant at,
        boolean deleted,
        JsonNode document) {
    private static final String KIND = "change";

    /**
     * What people and pipelines say or set up; what Sluice keeps of its own is not there. Nor are the counts of an objective, one a minute
     * of each service: they would drown the rest, and a decision keeps those that it has read, an order the ones that it was given for.
     */
    private static final Set<String> AUDITED = Set.of(
            Control.APPROVAL,
            Control.ARTIFACT,
            Control.CANARY_CONFIG,
            Control.CONNECTION,
            Control.DRILL,
            Control.DRILL_SCHEDULE,
            Control.ENDPOINT,
            Control.EXEMPTION,
            Control.FREEZE,
            Control.GITHUB_APP,
            Control.GITLAB_SERVER,
            Control.OVERRIDE,
            Control.POLICY,
            Control.POLICY_VERSION,
            Control.KAYENTA_CONFIG,
            Control.KUBERNETES_CLUSTER,
            Control.ROLE,
            Control.ROLLBACK_PLAN,
            Control.ROLLBACK_REQUEST,
            Control.ROLLBACK_STOP,
            Control.TOKEN,
            Control.VALIDATION);

    private static final Set<String> HASHED =
            Set.of(Control.CONNECTION, Control.ENDPOINT, Control.GITHUB_APP, Control.GITLAB_SERVER, Control.TOKEN);

    /** Returns the record of a change for the audit log; nothing if it is none of a person's. */
    static Optional<byte[]> of(Control change) {
        if (!AUDITED.contains(change.kind())) {
            return Optional.empty();
        }
        JsonNode document = HASHED.contains(change.kind())
                ? JsonNodeFactory.instance.objectNode().put("sha256", Sha256.hex(Json.bytes(change.document())))
                : change.document();
        return Optional.of(Json.bytes(new ChangeRecord(
                KIND,
                change.tenant(),
                change.kind(),
                change.id(),
                change.principal(),
                change.at(),
                change.deleted(),
                document)));
    }
}
