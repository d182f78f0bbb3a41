package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a source said at one moment about one incident. An incident is the set of its observations, in whatever order they
 * arrive; see {@link Incident}.
 *
 * @param header who said it; {@code occurredAt} is when the incident came into {@code state}
 * @param incidentId the incident's identity, unique in the tenant: {@code <source>/<native id>}
 * @param service the service that suffers, if the observation says so
 * @param environment where, if the observation says so
 * @param state what the incident came into
 * @param revision 0 for what the source said at first; a correction of the same incident has a higher one and wins
 * @param rank order among states of one source where their times do not decide; higher wins
 * @param startedAt when the impact began, if the observation says so
 * @param resolvedAt when it was over, if the observation says so
 * @param severity as the source names it
 * @param changeCaused false where something else than a change of the service caused it, e.g. an outage of a provider
 * @param deployments the deployments that caused it, each by id, {@code service@version} or digest; empty where it is said
 *     that none did, null where nothing is said
 * @param repository the repository that {@code rootCause} belongs to
 * @param rootCause the commit that caused it
 * @param mergedInto the incident that counts instead
 * @param title what people call it
 */
public record IncidentObserved(
        EventHeader header,
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
        @Nullable String title)
        implements DeliveryEvent {
    public IncidentObserved {
        requireNonNull(header, "header");
        Texts.requireText(incidentId, "incidentId");
        requireNonNull(state, "state");
        if (revision < 0) {
            throw new IllegalArgumentException("revision must not be negative: " + revision);
        }
        deployments = deployments == null ? null : List.copyOf(deployments);
    }

    /** Returns the identity of an incident: the source's name and the id that the source gave it. */
    public static String incidentId(String source, String nativeId) {
        return Texts.requireText(source, "source") + "/" + Texts.requireText(nativeId, "nativeId");
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.incidentObserved(this);
    }
}
