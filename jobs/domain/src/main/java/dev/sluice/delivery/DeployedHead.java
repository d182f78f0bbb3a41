package dev.sluice.delivery;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * A successful deployment as the commit graph sees it: from here everything reachable was running.
 *
 * @param deploymentId the attempt's identity
 * @param service the service
 * @param environment the environment
 * @param sha the commit deployed
 * @param finishedAt when it ended; deployments of a series are ordered by (finishedAt, deploymentId)
 */
public record DeployedHead(String deploymentId, String service, String environment, String sha, Instant finishedAt) {
    public DeployedHead {
        requireNonNull(finishedAt, "finishedAt");
    }

    /** Returns the name of the series that it belongs to: its service and environment. */
    public String series() {
        return series(service, environment);
    }

    /** Returns what tells it from every other head of its repository. */
    public String key() {
        return key(deploymentId, service, environment);
    }

    /** Returns the key of a deployment's head: one deployment id may serve several services and environments. */
    public static String key(String deploymentId, String service, String environment) {
        return deploymentId + "\n" + series(service, environment);
    }

    /** Returns the name of a series. */
    static String series(String service, String environment) {
        return service.length() + ":" + service + "/" + environment;
    }

    boolean isBefore(DeployedHead other) {
        int order = finishedAt.compareTo(other.finishedAt);
        return order != 0 ? order < 0 : deploymentId.compareTo(other.deploymentId) < 0;
    }
}
