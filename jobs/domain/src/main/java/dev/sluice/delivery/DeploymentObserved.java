package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a source said at one moment about one attempt to deploy a service to an environment. An attempt is the set of
 * its observations, in whatever order they arrive.
 *
 * @param header who said it; {@code occurredAt} is when the attempt came into {@code state}
 * @param deploymentId the attempt's identity, unique in the tenant: {@code <source>/<native id>}
 * @param service the service that is deployed
 * @param environment the environment's name as the source gives it
 * @param state what the attempt came into
 * @param revision 0 for what the source said at first; a correction of the same attempt has a higher one and wins
 * @param rank order among states of one source where their times do not decide; higher wins
 * @param queuedAt when the attempt was accepted, if the observation says so
 * @param startedAt when it began to run, if the observation says so
 * @param version the version deployed, as its users call it
 * @param repository the repository that {@code sha} belongs to
 * @param sha the commit deployed
 * @param digest the artifact's digest, e.g. {@code sha256:…}
 * @param groupId joins the attempts that one pipeline made for several services
 * @param remediates what this one repairs: a deployment by its id, by {@code service@version} or by digest, or an incident
 *     by its id
 * @param statedKind the kind where the source states it; otherwise it is judged from the history
 * @param planned false where the source says that it was not planned: it repairs something
 * @param impact whether it degraded the service and needed immediate intervention, where the source or a correction says so
 */
public record DeploymentObserved(
        EventHeader header,
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
        @Nullable Boolean impact)
        implements DeliveryEvent {
    public DeploymentObserved {
        requireNonNull(header, "header");
        Texts.requireText(deploymentId, "deploymentId");
        Texts.requireText(service, "service");
        Texts.requireText(environment, "environment");
        requireNonNull(state, "state");
        if (revision < 0) {
            throw new IllegalArgumentException("revision must not be negative: " + revision);
        }
    }

    /** Returns the identity of an attempt: the source's name and the id that the source gave it. */
    public static String deploymentId(String source, String nativeId) {
        return Texts.requireText(source, "source") + "/" + Texts.requireText(nativeId, "nativeId");
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
        return visitor.deploymentObserved(this);
    }
}
