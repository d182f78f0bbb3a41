package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.statistics.Interval;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one (service, environment) over one range of days. Intervals cover the true value in 95 of 100 samples;
 * they are null where there is too little to say so.
 *
 * @param deploymentFrequency see {@link DeploymentFrequency}
 * @param changeLeadTime see {@link ChangeLeadTime}
 * @param deploymentReworkRate see {@link DeploymentReworkRate}
 * @param deploymentSuccessRate see {@link DeploymentSuccessRate}
 * @param meanTimeToDeploy see {@link MeanTimeToDeploy}
 */
public record DeliveryMetrics(
        DeploymentFrequency deploymentFrequency,
        ChangeLeadTime changeLeadTime,
        DeploymentReworkRate deploymentReworkRate,
        DeploymentSuccessRate deploymentSuccessRate,
        MeanTimeToDeploy meanTimeToDeploy) {
    private static final DeliveryMetrics EMPTY = new DeliveryMetrics(
            new DeploymentFrequency(0, 0, null, 0, 0, null, null, 0, 0, 0, 0),
            new ChangeLeadTime(0, null, null, null, 0, 0, "no_changes"),
            new DeploymentReworkRate(0, null, null, 0, "no_deployments"),
            new DeploymentSuccessRate(0, null, null, 0, 0, 0, 0, 0, "no_attempts"),
            new MeanTimeToDeploy(0, null, null, null, null, 0, 0, null, 0, null, "no_deployments"));

    public DeliveryMetrics {
        requireNonNull(deploymentFrequency, "deploymentFrequency");
        requireNonNull(changeLeadTime, "changeLeadTime");
        requireNonNull(deploymentReworkRate, "deploymentReworkRate");
        requireNonNull(deploymentSuccessRate, "deploymentSuccessRate");
        requireNonNull(meanTimeToDeploy, "meanTimeToDeploy");
    }

    /** Returns the metrics of nothing: no deployments in no time. */
    public static DeliveryMetrics empty() {
        return EMPTY;
    }

    /** Returns these metrics with another deployment frequency. */
    public DeliveryMetrics with(DeploymentFrequency other) {
        return new DeliveryMetrics(
                other, changeLeadTime, deploymentReworkRate, deploymentSuccessRate, meanTimeToDeploy);
    }

    /** Returns these metrics with another change lead time. */
    public DeliveryMetrics with(ChangeLeadTime other) {
        return new DeliveryMetrics(
                deploymentFrequency, other, deploymentReworkRate, deploymentSuccessRate, meanTimeToDeploy);
    }

    /** Returns these metrics with another deployment rework rate. */
    public DeliveryMetrics with(DeploymentReworkRate other) {
        return new DeliveryMetrics(deploymentFrequency, changeLeadTime, other, deploymentSuccessRate, meanTimeToDeploy);
    }

    /** Returns these metrics with another deployment success rate. */
    public DeliveryMetrics with(DeploymentSuccessRate other) {
        return new DeliveryMetrics(deploymentFrequency, changeLeadTime, deploymentReworkRate, other, meanTimeToDeploy);
    }

    /** Returns these metrics with another mean time to deploy. */
    public DeliveryMetrics with(MeanTimeToDeploy other) {
        return new DeliveryMetrics(
                deploymentFrequency, changeLeadTime, deploymentReworkRate, deploymentSuccessRate, other);
    }

    /**
     * How often a change was deployed successfully.
     *
     * @param count successful deployments of kind FORWARD or CONFIG
     * @param perDay {@code count} divided by the length of the range in days of 24 h
     * @param perDayInterval Garwood's interval of {@code perDay}; null where the range has no length
     * @param deployDays local days with at least one of them
     * @param wholeWeeks ISO weeks that lie in the range as a whole
     * @param medianDeployDaysPerWeek median of the deploy days of the whole weeks; null where there is none
     * @param medianGapMs median time from one of them to the next, in milliseconds; null for fewer than two
     * @param forward how many brought new commits
     * @param config how many brought a version without new commits
     * @param rollback successful deployments that went back; not counted
     * @param redeploy successful deployments of the running version; not counted
     */
    public record DeploymentFrequency(
            int count,
            double perDay,
            @Nullable Interval perDayInterval,
            int deployDays,
            int wholeWeeks,
            @Nullable Double medianDeployDaysPerWeek,
            @Nullable Double medianGapMs,
            int forward,
            int config,
            int rollback,
            int redeploy) {}

    /**
     * The time from authoring a non-merge commit to the end of the first successful deployment that holds it.
     *
     * @param n changes that have a lead time
     * @param medianMs median, type 7, in milliseconds; null where n is 0
     * @param medianInterval interval of the median, in milliseconds; null where n is below 6
     * @param p90Ms 90th percentile, type 7, in milliseconds; null where n is 0
     * @param clockSkew changes left out because they were authored after their deployment had finished
     * @param rangeIncomplete deployments whose commits are not all known
     * @param reason why there is no value
     */
    public record ChangeLeadTime(
            int n,
            @Nullable Double medianMs,
            @Nullable Interval medianInterval,
            @Nullable Double p90Ms,
            int clockSkew,
            int rangeIncomplete,
            @Nullable String reason) {}

    /**
     * The share of deployments that were not planned: they went back, repaired another, or took a change back.
     *
     * @param n successful deployments of kind FORWARD, CONFIG or ROLLBACK
     * @param value rework / n; null where n is 0
     * @param interval Wilson's interval of {@code value}; null where n is below 5
     * @param rework those that are a ROLLBACK, are said to be unplanned or to remediate another, or hold a revert of a
     *     commit that was deployed before
     * @param reason why there is no value
     */
    public record DeploymentReworkRate(
            int n,
            @Nullable Double value,
            @Nullable Interval interval,
            int rework,
            @Nullable String reason) {}

    /**
     * The share of finished attempts that succeeded.
     *
     * @param n attempts that ended in SUCCESS or FAILURE, of any kind
     * @param value success / n; null where n is 0
     * @param interval Wilson's interval of {@code value}; null where n is below 5
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
            @Nullable Interval interval,
            int success,
            int failure,
            int cancelled,
            int skipped,
            int timedOut,
            @Nullable String reason) {}

    /**
     * How long a successful attempt took from its start to its end.
     *
     * @param n successful attempts, of any kind, whose start is known
     * @param meanMs mean, in milliseconds; null where n is 0
     * @param medianMs median, type 7; null where n is 0
     * @param medianInterval interval of the median; null where n is below 6
     * @param p90Ms 90th percentile, type 7; null where n is 0
     * @param withoutStart successful attempts left out: no start is known, or it is after the end
     * @param queueN successful attempts whose acceptance and start are known
     * @param queueMedianMs median time from acceptance to start; null where {@code queueN} is 0
     * @param successN versions that succeeded for the first time and whose first try is known
     * @param timeToSuccessMedianMs median time from the start of a version's first try to its success; null where
     *     {@code successN} is 0
     * @param reason why there is no value
     */
    public record MeanTimeToDeploy(
            int n,
            @Nullable Double meanMs,
            @Nullable Double medianMs,
            @Nullable Interval medianInterval,
            @Nullable Double p90Ms,
            int withoutStart,
            int queueN,
            @Nullable Double queueMedianMs,
            int successN,
            @Nullable Double timeToSuccessMedianMs,
            @Nullable String reason) {}
}
