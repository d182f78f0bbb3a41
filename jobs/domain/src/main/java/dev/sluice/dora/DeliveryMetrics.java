package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The metrics of one (service, environment) over one range of days.
 *
 * @param deploymentFrequency see {@link DeploymentFrequency}
 * @param changeLeadTime see {@link ChangeLeadTime}
 * @param deploymentSuccessRate see {@link DeploymentSuccessRate}
 */
public record DeliveryMetrics(
        DeploymentFrequency deploymentFrequency,
        ChangeLeadTime changeLeadTime,
        DeploymentSuccessRate deploymentSuccessRate) {
    public DeliveryMetrics {
        requireNonNull(deploymentFrequency, "deploymentFrequency");
        requireNonNull(changeLeadTime, "changeLeadTime");
        requireNonNull(deploymentSuccessRate, "deploymentSuccessRate");
    }

    /** Returns the metrics of a range in which nothing was deployed. */
    public static DeliveryMetrics empty() {
        return new DeliveryMetrics(
                new DeploymentFrequency(0, 0, 0, 0, 0, 0, 0),
                new ChangeLeadTime(0, null, null, 0, 0, "no_changes"),
                new DeploymentSuccessRate(0, null, 0, 0, 0, 0, 0, "no_attempts"));
    }

    /**
     * How often a change was deployed successfully.
     *
     * @param count successful deployments of kind FORWARD or CONFIG
     * @param perDay {@code count} divided by the length of the range in days of 24 h
     * @param deployDays local days with at least one of them
     * @param forward how many brought new commits
     * @param config how many brought a version without new commits
     * @param rollback successful deployments that went back; not counted
     * @param redeploy successful deployments of the running version; not counted
     */
    public record DeploymentFrequency(
            int count, double perDay, int deployDays, int forward, int config, int rollback, int redeploy) {}

    /**
     * The time from authoring a non-merge commit to the end of the first successful deployment that holds it.
     *
     * @param n changes that have a lead time
     * @param medianMs median, type 7, in milliseconds; null where n is 0
     * @param p90Ms 90th percentile, type 7, in milliseconds; null where n is 0
     * @param clockSkew changes left out because they were authored after their deployment had finished
     * @param rangeIncomplete deployments whose commits are not all known
     * @param reason why there is no value
     */
    public record ChangeLeadTime(
            int n,
            @Nullable Double medianMs,
            @Nullable Double p90Ms,
            int clockSkew,
            int rangeIncomplete,
            @Nullable String reason) {}

    /**
     * The share of finished attempts that succeeded.
     *
     * @param n attempts that ended in SUCCESS or FAILURE, of any kind
     * @param value success / n; null where n is 0
     * @param success attempts that ended in SUCCESS
     * @param failure attempts that ended in FAILURE
     * @param cancelled attempts that ended in CANCELLED; in neither
     * @param skipped attempts that ended in SKIPPED; in neither
     * @param timedOut attempts without a result 24 h after they began; in neither
     * @param reason why there is no value
     */
    public record DeploymentSuccessRate(
            int n,
            @Nullable Double value,
            int success,
            int failure,
            int cancelled,
            int skipped,
            int timedOut,
            @Nullable String reason) {}
}
