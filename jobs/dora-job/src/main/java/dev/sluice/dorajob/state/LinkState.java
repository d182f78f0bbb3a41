package dev.sluice.dorajob.state;

import dev.sluice.dora.RemediationLink;
import org.jspecify.annotations.Nullable;

/** A {@link RemediationLink}, flat. */
public record LinkState(
        String service,
        String environment,
        String deploymentId,
        String reference,
        @Nullable String targetDeploymentId) {

    /** Returns the domain's form. */
    public RemediationLink toDomain() {
        return new RemediationLink(service, environment, deploymentId, reference, targetDeploymentId);
    }
}
