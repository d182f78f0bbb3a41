package dev.sluice.dorajob.state;

import dev.sluice.delivery.Incident;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Incident}, flat, on its way to its series and in it.
 *
 * @param left whether it has become one of another series
 */
public record IncidentChange(
        boolean left,
        String id,
        String service,
        String environment,
        boolean absent,
        @Nullable String mergedInto,
        Instant startedAt,
        boolean startKnown,
        @Nullable Instant resolvedAt,
        long closedGapMs,
        @Nullable String severity,
        boolean changeCaused,
        @Nullable List<String> deployments,
        @Nullable String repository,
        @Nullable String rootCause,
        @Nullable String title) {

    /** Returns the flat form of an incident that is one of its series. */
    public static IncidentChange of(Incident incident) {
        return of(incident, false);
    }

    /** Returns the flat form of an incident that has become one of another series. */
    public static IncidentChange left(Incident incident) {
        return of(incident, true);
    }

    private static IncidentChange of(Incident incident, boolean left) {
        return new IncidentChange(
                left,
                incident.id(),
                incident.service(),
                incident.environment(),
                incident.absent(),
                incident.mergedInto(),
                incident.startedAt(),
                incident.startKnown(),
                incident.resolvedAt(),
                incident.closedGapMs(),
                incident.severity(),
                incident.changeCaused(),
                incident.deployments(),
                incident.repository(),
                incident.rootCause(),
                incident.title());
    }

    /** Returns the domain's form. */
    public Incident toDomain() {
        return new Incident(
                id,
                service,
                environment,
                absent,
                mergedInto,
                startedAt,
                startKnown,
                resolvedAt,
                closedGapMs,
                severity,
                changeCaused,
                deployments,
                repository,
                rootCause,
                title);
    }
}
