package dev.sluice.dorajob.state;

import dev.sluice.delivery.DeployedHead;
import java.time.Instant;

/** A {@link DeployedHead}, flat. */
public record HeadState(String deploymentId, String service, String environment, String sha, Instant finishedAt) {

    /** Returns the flat form. */
    public static HeadState of(DeployedHead head) {
        return new HeadState(head.deploymentId(), head.service(), head.environment(), head.sha(), head.finishedAt());
    }

    /** Returns the domain's form. */
    public DeployedHead toDomain() {
        return new DeployedHead(deploymentId, service, environment, sha, finishedAt);
    }
}
