package dev.sluice.dorajob.state;

import dev.sluice.delivery.EventHeader;
import dev.sluice.delivery.IncidentObserved;
import dev.sluice.delivery.IncidentState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An {@link IncidentObserved}, flat. */
public record IncidentObservationState(
        String eventId,
        String tenant,
        String source,
        String delivery,
        Instant occurredAt,
        Instant receivedAt,
        String incidentId,
        @Nullable String service,
        @Nullable String environment,
        IncidentState state,
        long revision,
        int rank,
        @Nullable Instant startedAt,
        @Nullable Instant resolvedAt,
        @Nullable String severity,
        @Nullable Boolean changeCaused,
        @Nullable List<String> deployments,
        @Nullable String repository,
        @Nullable String rootCause,
        @Nullable String mergedInto,
        @Nullable String title) {

    /** Returns the flat form. */
    public static IncidentObservationState of(IncidentObserved event) {
        EventHeader header = event.header();
        return new IncidentObservationState(
                header.id(),
                header.tenant(),
                header.source(),
                header.delivery(),
                header.occurredAt(),
                header.receivedAt(),
                event.incidentId(),
                event.service(),
                event.environment(),
                event.state(),
                event.revision(),
                event.rank(),
                event.startedAt(),
                event.resolvedAt(),
                event.severity(),
                event.changeCaused(),
                event.deployments(),
                event.repository(),
                event.rootCause(),
                event.mergedInto(),
                event.title());
    }

    /** Returns the domain's form. */
    public IncidentObserved toDomain() {
        return new IncidentObserved(
                new EventHeader(eventId, tenant, source, delivery, occurredAt, receivedAt),
                incidentId,
                service,
                environment,
                state,
                revision,
                rank,
                startedAt,
                resolvedAt,
                severity,
                changeCaused,
                deployments,
                repository,
                rootCause,
                mergedInto,
                title);
    }
}
