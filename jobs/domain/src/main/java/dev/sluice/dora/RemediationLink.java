package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What the reference of a repairing deployment resolves to. An upsert by (service, environment,
 * deploymentId, reference): an answer to a reference that the deployment no longer gives says nothing.
 *
 * @param service service of the repairing deployment
 * @param environment its environment
 * @param deploymentId the repairing deployment
 * @param reference what it referred to
 * @param targetDeploymentId the repaired one; null while the reference is not found
 */
public record RemediationLink(
        String service,
        String environment,
        String deploymentId,
        String reference,
        @Nullable String targetDeploymentId) {
    public RemediationLink {
        requireNonNull(service, "service");
        requireNonNull(environment, "environment");
        requireNonNull(deploymentId, "deploymentId");
        requireNonNull(reference, "reference");
    }
}
