package dev.sluice.dorajob.state;

import dev.sluice.delivery.References;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A {@link References.Asking}, flat. */
public record AskingState(
        String id,
        boolean incident,
        String service,
        String environment,
        Instant openedAt,
        boolean claims,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt) {

    /** Returns the flat form. */
    public static AskingState of(References.Asking asking) {
        References.Claim claim = asking.claim();
        return new AskingState(
                asking.id(),
                asking.incident(),
                asking.service(),
                asking.environment(),
                asking.openedAt(),
                claim != null,
                claim == null ? null : claim.startedAt(),
                claim == null ? null : claim.endedAt());
    }

    /** Returns the domain's form. */
    public References.Asking toDomain() {
        References.Claim claim = claims ? new References.Claim(startedAt, endedAt) : null;
        return new References.Asking(id, incident, service, environment, openedAt, claim);
    }
}
