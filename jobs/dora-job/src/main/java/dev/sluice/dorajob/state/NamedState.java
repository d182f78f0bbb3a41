package dev.sluice.dorajob.state;

import dev.sluice.delivery.References;
import java.time.Instant;

/** A {@link References.Named} or {@link References.Asking}, flat. */
public record NamedState(String deploymentId, String service, String environment, Instant openedAt) {

    /** Returns the flat form. */
    public static NamedState of(References.Named named) {
        return new NamedState(named.deploymentId(), named.service(), named.environment(), named.openedAt());
    }

    /** Returns the flat form. */
    public static NamedState of(References.Asking asking) {
        return new NamedState(asking.deploymentId(), asking.service(), asking.environment(), asking.openedAt());
    }

    /** Returns the domain's form of one that has the name. */
    public References.Named toNamed() {
        return new References.Named(deploymentId, service, environment, openedAt);
    }

    /** Returns the domain's form of one that asks. */
    public References.Asking toAsking() {
        return new References.Asking(deploymentId, service, environment, openedAt);
    }
}
