package dev.sluice.dorajob.state;

import dev.sluice.dora.ReferenceLink;
import org.jspecify.annotations.Nullable;

/** A {@link ReferenceLink}, flat. */
public record LinkState(
        String service,
        String environment,
        String id,
        boolean incident,
        String reference,
        @Nullable String targetId,
        boolean targetIncident,
        boolean targetHere) {

    /** Returns the flat form. */
    public static LinkState of(ReferenceLink link) {
        return new LinkState(
                link.service(),
                link.environment(),
                link.id(),
                link.incident(),
                link.reference(),
                link.targetId(),
                link.targetIncident(),
                link.targetHere());
    }

    /** Returns the domain's form. */
    public ReferenceLink toDomain() {
        return new ReferenceLink(service, environment, id, incident, reference, targetId, targetIncident, targetHere);
    }
}
