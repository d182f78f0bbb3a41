package dev.sluice.dora;

import static java.util.Objects.requireNonNull;

import dev.sluice.statistics.Interval;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one (service, environment) over one range of days. Intervals cover the true value in 95 of 100 samples;
 * they are null where there is too little to say so.
 *
 * @param deploymentFrequency see {@link DeploymentFrequency}
 * @param changeLeadTime see {@link ChangeLeadTime}
 * @param pullRequestLeadTime see {@link PullRequestLeadTime}
 * @param changeFailRate see {@link ChangeFailRate}
 * @param failedDeploymentRecoveryTime see {@link FailedDeploymentRecoveryTime}
 * @param deploymentReworkRate see {@link DeploymentReworkRate}
 * @param deploymentSuccessRate see {@link DeploymentSuccessRate}
 * @param meanTimeToDeploy see {@link MeanTimeToDeploy}
 * @param configurationDrift see {@link ConfigurationDrift}
 */
public record DeliveryMetrics(
        DeploymentFrequency deploymentFrequency,
        ChangeLeadTime changeLeadTime,
        PullRequestLeadTime pullRequestLeadTime,
        ChangeFailRate changeFailRate,
        FailedDeploymentRecoveryTime failedDeploymentRecoveryTime,
        DeploymentReworkRate deploymentReworkRate,
        DeploymentSuccessRate deploymentSuccessRate,
        MeanTimeToDeploy meanTimeToDeploy,
        ConfigurationDrift configurationDrift) {
    private static final DeliveryMetrics EMPTY = new DeliveryMetrics(
            new DeploymentFrequency(0, 0, null, 0, 0, null, null, 0, 0, 0, 0),
            new ChangeLeadTime(0, null, null, null, 0, 0, "no_changes"),
            new PullRequestLeadTime(0, null, null, null, null, null, null, null, null, 0, 0, 0, "no_pull_requests"),
            new ChangeFailRate(0, null, null, 0, 0, 0, 0, 0, 0, 0, null, "no_deployments"),
            new FailedDeploymentRecoveryTime(0, null, null, null, null, 0, 0, null, 0, null, "no_recoveries"),
            new DeploymentReworkRate(0, null, null, 0, "no_deployments"),
            new DeploymentSuccessRate(0, null, null, 0, 0, 0, 0, 0, "no_attempts"),
            new MeanTimeToDeploy(0, null, null, null, null, 0, 0, null, 0, null, "no_deployments"),
            new ConfigurationDrift(0, null, 0, 0, 0, null, 0, null, null, "no_checks"));

    public DeliveryMetrics {
        requireNonNull(deploymentFrequency, "deploymentFrequency");
        requireNonNull(changeLeadTime, "changeLeadTime");
        requireNonNull(pullRequestLeadTime, "pullRequestLeadTime");
        requireNonNull(changeFailRate, "changeFailRate");
        requireNonNull(failedDeploymentRecoveryTime, "failedDeploymentRecoveryTime");
        requireNonNull(deploymentReworkRate, "deploymentReworkRate");
        requireNonNull(deploymentSuccessRate, "deploymentSuccessRate");
        requireNonNull(meanTimeToDeploy, "meanTimeToDeploy");
        requireNonNull(configurationDrift, "configurationDrift");
    }

    /** Returns the metrics of nothing: no deployments in no time. */
    public static DeliveryMetrics empty() {
        return EMPTY;
    }

    /**
     * The one number that a metric is known by.
     *
     * @param metric its name as answers spell it
     * @param n what it is computed from
     * @param value a count a day of 24 hours, milliseconds, or a share of 1; null where there is nothing
     * @param interval bounds it; null where there is too little to say so
     */
    public record Headline(
            String metric,
            int n,
            @Nullable Double value,
            @Nullable Interval interval) {}

    /** Returns the number of each metric, except configuration drift, which is no sum of facts. */
    public List<Headline> headlines() {
        return List.of(
                new Headline(
                        "deployment_frequency",
                        deploymentFrequency.count(),
                        deploymentFrequency.perDay(),
                        deploymentFrequency.perDayInterval()),
                new Headline(
                        "change_lead_time",
                        changeLeadTime.n(),
                        changeLeadTime.medianMs(),
                        changeLeadTime.medianInterval()),
                new Headline(
                        "pull_request_lead_time",
                        pullRequestLeadTime.n(),
                        pullRequestLeadTime.medianMs(),
                        pullRequestLeadTime.medianInterval()),
                new Headline("change_fail_rate", changeFailRate.n(), changeFailRate.value(), changeFailRate.interval()),
                new Headline(
                        "failed_deployment_recovery_time",
                        failedDeploymentRecoveryTime.n(),
                        failedDeploymentRecoveryTime.medianMs(),
                        failedDeploymentRecoveryTime.medianInterval()),
                new Headline(
                        "deployment_rework_rate",
                        deploymentReworkRate.n(),
                        deploymentReworkRate.value(),
                        deploymentReworkRate.interval()),
                new Headline(
                        "deployment_success_rate",
                        deploymentSuccessRate.n(),
                        deploymentSuccessRate.value(),
                        deploymentSuccessRate.interval()),
                new Headline("mean_time_to_deploy", meanTimeToDeploy.n(), meanTimeToDeploy.meanMs(), null));
    }

    /** Returns these metrics with another deployment frequency. */
    public DeliveryMetrics with(DeploymentFrequency other) {
        return new DeliveryMetrics(
                other,
                changeLeadTime,
                pullRequestLeadTime,
                changeFailRate,
                failedDeploymentRecoveryTime,
                deploymentReworkRate,
                deploymentSuccessRate,
                meanTimeToDeploy,
                configurationDrift);
    }

    /** Returns these metrics with another change lead time. */
    public DeliveryMetrics with(ChangeLeadTime other) {
        return new DeliveryMetrics(
                deploymentFrequency,
                other,
                pullRequestLeadTime,
                changeFailRate,
                failedDeploymentRecoveryTime,
                deploymentReworkRate,
                deploymentSuccessRate,
                meanTimeToDeploy,
                configurationDrift);
    }

    /** Returns these metrics with another pull request lead time. */
    public DeliveryMetrics with(PullRequestLeadTime other) {
        return new DeliveryMetrics(
                deploymentFrequency,
                changeLeadTime,
                other,
                changeFailRate,
                failedDeploymentRecoveryTime,
                deploymentReworkRate,
                deploymentSuccessRate,
                meanTimeToDeploy,
                configurationDrift);
    }

    /** Returns these metrics with another change fail rate. */
    public DeliveryMetrics with(ChangeFailRate other) {
        return new DeliveryMetrics(
                deploymentFrequency,
                changeLeadTime,
                pullRequestLeadTime,
                other,
                failedDeploymentRecoveryTime,
                deploymentReworkRate,
                deploymentSuccessRate,
                meanTimeToDeploy,
                configurationDrift);
    }

    /** Returns these metrics with another failed deployment recovery time. */
    public DeliveryMetrics with(FailedDeploymentRecoveryTime other) {
        return new DeliveryMetrics(
                deploymentFrequency,
                changeLeadTime,
                pullRequestLeadTime,
                changeFailRate,
                other,
                deploymentReworkRate,
                deploymentSuccessRate,
                meanTimeToDeploy,
                configurationDrift);
    }

    /** Returns these metrics with another deployment rework rate. */
    public DeliveryMetrics with(DeploymentReworkRate other) {
        return new DeliveryMetrics(
                deploymentFrequency,
                changeLeadTime,
                pullRequestLeadTime,
                changeFailRate,
                failedDeploymentRecoveryTime,
                other,
                deploymentSuccessRate,
                meanTimeToDeploy,
                configurationDrift);
    }

    /** Returns these metrics with another deployment success rate. */
    public DeliveryMetrics with(DeploymentSuccessRate other) {
        return new DeliveryMetrics(
                deploymentFrequency,
                changeLeadTime,
                pullRequestLeadTime,
                changeFailRate,
                failedDeploymentRecoveryTime,
                deploymentReworkRate,
                other,
                meanTimeToDeploy,
                configurationDrift);
    }

    /** Returns these metrics with another mean time to deploy. */
    public DeliveryMetrics with(MeanTimeToDeploy other) {
        return new DeliveryMetrics(
                deploymentFrequency,
                changeLeadTime,
                pullRequestLeadTime,
                changeFailRate,
                failedDeploymentRecoveryTime,
                deploymentReworkRate,
                deploymentSuccessRate,
                other,
                configurationDrift);
    }

    /** Returns these metrics with another configuration drift. */
    public DeliveryMetrics with(ConfigurationDrift other) {
        return new DeliveryMetrics(
                deploymentFrequency,
                changeLeadTime,
                pullRequestLeadTime,
                changeFailRate,
                failedDeploymentRecoveryTime,
                deploymentReworkRate,
                deploymentSuccessRate,
                meanTimeToDeploy,
                other);
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
     * The time from the first commit of a pull request to the end of the first successful deployment that holds it, and
     * its four stages, which sum to it.
     *
     * @param n pull requests that have a lead time
     * @param medianMs median, type 7, in milliseconds; null where n is 0
     * @param medianInterval interval of the median; null where n is below 6
     * @param p90Ms 90th percentile, type 7; null where n is 0
     * @param meanMs mean; the sum of the four means that follow
     * @param codingMeanMs mean time from the first commit until it was ready for review
     * @param pickupMeanMs mean time from there until another human reviewed it first
     * @param reviewMeanMs mean time from there to the merge
     * @param deployMeanMs mean time from there to the end of the deployment
     * @param withoutCommits pull requests left out: their first commit is not known
     * @param clockSkew pull requests of which a stage would be negative and is taken as 0
     * @param deployedBeforeMerge pull requests that were deployed before they were merged
     * @param reason why there is no value
     */
    public record PullRequestLeadTime(
            int n,
            @Nullable Double medianMs,
            @Nullable Interval medianInterval,
            @Nullable Double p90Ms,
            @Nullable Double meanMs,
            @Nullable Double codingMeanMs,
            @Nullable Double pickupMeanMs,
            @Nullable Double reviewMeanMs,
            @Nullable Double deployMeanMs,
            int withoutCommits,
            int clockSkew,
            int deployedBeforeMerge,
            @Nullable String reason) {}

    /**
     * The share of deployments that failed: that degraded the service and needed immediate intervention.
     *
     * @param n deployments of kind FORWARD or CONFIG, and failed attempts that had an impact
     * @param value failed / n; null where n is 0
     * @param interval Wilson's interval of {@code value}; null where n is below 5
     * @param failed how many of them failed, each once
     * @param linkedByTime failed ones of which nothing but the time of an incident tells
     * @param failedWithinDay how many would have failed with a link window of 24 h
     * @param failedWithinThreeDays how many would have failed with a link window of 72 h
     * @param failedWithinWeek how many would have failed with a link window of 7 days
     * @param unattributed incidents that began in the range and belong to no deployment
     * @param notChangeCaused incidents that began in the range and that no change caused
     * @param provisionalUntil until when an incident may still be linked by its time; null where there is no deployment
     * @param reason why there is no value
     */
    public record ChangeFailRate(
            int n,
            @Nullable Double value,
            @Nullable Interval interval,
            int failed,
            int linkedByTime,
            int failedWithinDay,
            int failedWithinThreeDays,
            int failedWithinWeek,
            int unattributed,
            int notChangeCaused,
            @Nullable Instant provisionalUntil,
            @Nullable String reason) {}

    /**
     * How long it took to recover from a deployment that failed.
     *
     * @param n failed deployments that were recovered from in the range
     * @param medianMs median, type 7, in milliseconds; null where n is 0
     * @param medianInterval interval of the median; null where n is below 6
     * @param p90Ms 90th percentile, type 7; null where n is 0
     * @param meanMs mean; null where n is 0
     * @param clockSkew recoveries left out because they end before they begin
     * @param lifetimeN failed deployments of which {@code lifetimeMedianMs} is the median
     * @param lifetimeMedianMs median time from the end of a failed deployment until it was recovered from
     * @param incidentN incidents that were resolved in the range, whatever caused them
     * @param incidentMedianMs median time from the start of an incident to its resolution
     * @param reason why there is no value
     */
    public record FailedDeploymentRecoveryTime(
            int n,
            @Nullable Double medianMs,
            @Nullable Interval medianInterval,
            @Nullable Double p90Ms,
            @Nullable Double meanMs,
            int clockSkew,
            int lifetimeN,
            @Nullable Double lifetimeMedianMs,
            int incidentN,
            @Nullable Double incidentMedianMs,
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

    /**
     * How much of the time that was looked at what ran was not what was declared.
     *
     * @param observedMs time that checks tell of, in milliseconds, over all resources
     * @param driftedShare drifted time / observed time; null where nothing was observed
     * @param driftedMs drifted time, in milliseconds
     * @param checks checks in the range
     * @param episodes episodes that began in the range
     * @param episodesPerDay episodes for a day of observed time; null where nothing was observed
     * @param reconcileN episodes that ended in the range
     * @param reconcileMedianMs median length of these, type 7; null where there is none
     * @param reconcileMedianInterval interval of that median; null where there are fewer than 6
     * @param reason why there is no value
     */
    public record ConfigurationDrift(
            long observedMs,
            @Nullable Double driftedShare,
            long driftedMs,
            int checks,
            int episodes,
            @Nullable Double episodesPerDay,
            int reconcileN,
            @Nullable Double reconcileMedianMs,
            @Nullable Interval reconcileMedianInterval,
            @Nullable String reason) {}
}
