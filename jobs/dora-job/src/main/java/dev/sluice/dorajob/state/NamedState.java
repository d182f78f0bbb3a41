package dev.sluice.dorajob.state;

import dev.sluice.delivery.References;
import java.time.Instant;

/** A {@link References.Named}, flat. */
public record NamedState(String id, boolean incident, String service, String environment, Instant openedAt) {

    /** Returns the flat form. */
    public static NamedState of(References.Named named) {
        return new NamedState(named.id(), named.incident(), named.service(), named.environment(), named.openedAt());
    }

    /** Returns the domain's form. */
    public References.Named toDomain() {
        return new References.Named(id, incident, service, environment, openedAt);
    }
}
