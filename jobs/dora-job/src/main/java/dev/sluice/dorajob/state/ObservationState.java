package dev.sluice.dorajob.state;

import dev.sluice.delivery.DeploymentKind;
import dev.sluice.delivery.DeploymentObserved;
import dev.sluice.delivery.DeploymentState;
import dev.sluice.delivery.EventHeader;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A {@link DeploymentObserved}, flat. */
public record ObservationState(
        String eventId,
        String tenant,
        String source,
        String delivery,
        Instant occurredAt,
        Instant receivedAt,
        String deploymentId,
        String service,
        String environment,
        DeploymentState state,
        long revision,
        int rank,
        @Nullable Instant queuedAt,
        @Nullable Instant startedAt,
        @Nullable String version,
        @Nullable String repository,
        @Nullable String sha,
        @Nullable String digest,
        @Nullable String groupId,
        @Nullable String remediates,
        @Nullable DeploymentKind statedKind,
        @Nullable Boolean planned,
        @Nullable Boolean impact) {

    /** Returns the flat form. */
    public static ObservationState of(DeploymentObserved event) {
        EventHeader header = event.header();
        return new ObservationState(
                header.id(),
                header.tenant(),
                header.source(),
                header.delivery(),
                header.occurredAt(),
                header.receivedAt(),
                event.deploymentId(),
                event.service(),
                event.environment(),
                event.state(),
                event.revision(),
                event.rank(),
                event.queuedAt(),
                event.startedAt(),
                event.version(),
                event.repository(),
                event.sha(),
                event.digest(),
                event.groupId(),
                event.remediates(),
                event.statedKind(),
                event.planned(),
                event.impact());
    }

    /** Returns the domain's form. */
    public DeploymentObserved toDomain() {
        return new DeploymentObserved(
                new EventHeader(eventId, tenant, source, delivery, occurredAt, receivedAt),
                deploymentId,
                service,
                environment,
                state,
                revision,
                rank,
                queuedAt,
                startedAt,
                version,
                repository,
                sha,
                digest,
                groupId,
                remediates,
                statedKind,
                planned,
                impact);
    }
}
