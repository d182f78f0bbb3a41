package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.delivery.References;
import org.jspecify.annotations.Nullable;

/**
 * What a reference resolves to that a repairing deployment or an incident gives. An upsert by (service, environment, id,
 * reference): an answer to a reference that is no longer given says nothing.
 *
 * @param service service of the one that refers
 * @param environment its environment
 * @param id the one that refers
 * @param incident whether it is an incident
 * @param reference what it refers to
 * @param targetId whom that means; null while nothing is found
 * @param targetIncident whether that is an incident
 * @param targetHere whether that is one of the same service and environment
 */
public record ReferenceLink(
        String service,
        String environment,
        String id,
        boolean incident,
        String reference,
        @Nullable String targetId,
        boolean targetIncident,
        boolean targetHere) {
    public ReferenceLink {
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(id, "id");
        requireNonNull(reference, "reference");
    }

    /** Returns what an answer tells the one that asked. */
    public static ReferenceLink of(String reference, References.Answer answer) {
        References.Asking asker = answer.asking();
        References.Named target = answer.after();
        return new ReferenceLink(
                asker.service(),
                asker.environment(),
                asker.id(),
                asker.incident(),
                reference,
                target == null ? null : target.id(),
                target != null && target.incident(),
                target != null
                        && target.service().equals(asker.service())
                        && target.environment().equals(asker.environment()));
    }
}
