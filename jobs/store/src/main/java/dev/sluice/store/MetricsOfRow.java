package dev.sluice.store;

import dev.sluice.dora.DeliveryMetrics;
import dev.sluice.dora.DeliveryMetrics.ChangeFailRate;
import dev.sluice.dora.DeliveryMetrics.ChangeLeadTime;
import dev.sluice.dora.DeliveryMetrics.ConfigurationDrift;
import dev.sluice.dora.DeliveryMetrics.DeploymentFrequency;
import dev.sluice.dora.DeliveryMetrics.DeploymentReworkRate;
import dev.sluice.dora.DeliveryMetrics.DeploymentSuccessRate;
import dev.sluice.dora.DeliveryMetrics.FailedDeploymentRecoveryTime;
import dev.sluice.dora.DeliveryMetrics.MeanTimeToDeploy;
import dev.sluice.dora.DeliveryMetrics.PullRequestLeadTime;
import dev.sluice.statistics.Interval;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the metrics of a row of windows or periods: the way back of {@link MetricColumns}. */
final class MetricsOfRow {
    private MetricsOfRow() {}

    static DeliveryMetrics read(Row row) throws SQLException {
        return new DeliveryMetrics(
                deploymentFrequency(row),
                changeLeadTime(row),
                pullRequestLeadTime(row),
                changeFailRate(row),
                failedDeploymentRecoveryTime(row),
                deploymentReworkRate(row),
                deploymentSuccessRate(row),
                meanTimeToDeploy(row),
                configurationDrift(row));
    }

    private static DeploymentFrequency deploymentFrequency(Row row) throws SQLException {
        return new DeploymentFrequency(
                row.get("deployment_frequency_count", Integer.class),
                row.get("deployment_frequency_per_day", Double.class),
                interval(row, "deployment_frequency_per_day"),
                row.get("deployment_frequency_deploy_days", Integer.class),
                row.get("deployment_frequency_whole_weeks", Integer.class),
                row.orNull("deployment_frequency_median_deploy_days_per_week", Double.class),
                row.orNull("deployment_frequency_median_gap_ms", Double.class),
                row.get("deployment_frequency_forward", Integer.class),
                row.get("deployment_frequency_config", Integer.class),
                row.get("deployment_frequency_rollback", Integer.class),
                row.get("deployment_frequency_redeploy", Integer.class));
    }

    private static ChangeLeadTime changeLeadTime(Row row) throws SQLException {
        return new ChangeLeadTime(
                row.get("change_lead_time_n", Integer.class),
                row.orNull("change_lead_time_median_ms", Double.class),
                interval(row, "change_lead_time_median"),
                row.orNull("change_lead_time_p90_ms", Double.class),
                row.get("change_lead_time_clock_skew", Integer.class),
                row.get("change_lead_time_range_incomplete", Integer.class),
                row.orNull("change_lead_time_reason", String.class));
    }

    private static PullRequestLeadTime pullRequestLeadTime(Row row) throws SQLException {
        return new PullRequestLeadTime(
                row.get("pull_request_lead_time_n", Integer.class),
                row.orNull("pull_request_lead_time_median_ms", Double.class),
                interval(row, "pull_request_lead_time_median"),
                row.orNull("pull_request_lead_time_p90_ms", Double.class),
                row.orNull("pull_request_lead_time_mean_ms", Double.class),
                row.orNull("pull_request_lead_time_coding_mean_ms", Double.class),
                row.orNull("pull_request_lead_time_pickup_mean_ms", Double.class),
                row.orNull("pull_request_lead_time_review_mean_ms", Double.class),
                row.orNull("pull_request_lead_time_deploy_mean_ms", Double.class),
                row.get("pull_request_lead_time_without_commits", Integer.class),
                row.get("pull_request_lead_time_clock_skew", Integer.class),
                row.get("pull_request_lead_time_deployed_before_merge", Integer.class),
                row.orNull("pull_request_lead_time_reason", String.class));
    }

    private static ChangeFailRate changeFailRate(Row row) throws SQLException {
        return new ChangeFailRate(
                row.get("change_fail_rate_n", Integer.class),
                row.orNull("change_fail_rate_value", Double.class),
                interval(row, "change_fail_rate"),
                row.get("change_fail_rate_failed", Integer.class),
                row.get("change_fail_rate_linked_by_time", Integer.class),
                row.get("change_fail_rate_failed_within_day", Integer.class),
                row.get("change_fail_rate_failed_within_three_days", Integer.class),
                row.get("change_fail_rate_failed_within_week", Integer.class),
                row.get("change_fail_rate_unattributed", Integer.class),
                row.get("change_fail_rate_not_change_caused", Integer.class),
                row.orNull("change_fail_rate_provisional_until", Instant.class),
                row.orNull("change_fail_rate_reason", String.class));
    }

    private static FailedDeploymentRecoveryTime failedDeploymentRecoveryTime(Row row) throws SQLException {
        return new FailedDeploymentRecoveryTime(
                row.get("failed_deployment_recovery_time_n", Integer.class),
                row.orNull("failed_deployment_recovery_time_median_ms", Double.class),
                interval(row, "failed_deployment_recovery_time_median"),
                row.orNull("failed_deployment_recovery_time_p90_ms", Double.class),
                row.orNull("failed_deployment_recovery_time_mean_ms", Double.class),
                row.get("failed_deployment_recovery_time_clock_skew", Integer.class),
                row.get("failed_deployment_recovery_time_lifetime_n", Integer.class),
                row.orNull("failed_deployment_recovery_time_lifetime_median_ms", Double.class),
                row.get("failed_deployment_recovery_time_incident_n", Integer.class),
                row.orNull("failed_deployment_recovery_time_incident_median_ms", Double.class),
                row.orNull("failed_deployment_recovery_time_reason", String.class));
    }

    private static DeploymentReworkRate deploymentReworkRate(Row row) throws SQLException {
        return new DeploymentReworkRate(
                row.get("deployment_rework_rate_n", Integer.class),
                row.orNull("deployment_rework_rate_value", Double.class),
                interval(row, "deployment_rework_rate"),
                row.get("deployment_rework_rate_rework", Integer.class),
                row.orNull("deployment_rework_rate_reason", String.class));
    }

    private static DeploymentSuccessRate deploymentSuccessRate(Row row) throws SQLException {
        return new DeploymentSuccessRate(
                row.get("deployment_success_rate_n", Integer.class),
                row.orNull("deployment_success_rate_value", Double.class),
                interval(row, "deployment_success_rate"),
                row.get("deployment_success_rate_success", Integer.class),
                row.get("deployment_success_rate_failure", Integer.class),
                row.get("deployment_success_rate_cancelled", Integer.class),
                row.get("deployment_success_rate_skipped", Integer.class),
                row.get("deployment_success_rate_timed_out", Integer.class),
                row.orNull("deployment_success_rate_reason", String.class));
    }

    private static MeanTimeToDeploy meanTimeToDeploy(Row row) throws SQLException {
        return new MeanTimeToDeploy(
                row.get("mean_time_to_deploy_n", Integer.class),
                row.orNull("mean_time_to_deploy_mean_ms", Double.class),
                row.orNull("mean_time_to_deploy_median_ms", Double.class),
                interval(row, "mean_time_to_deploy_median"),
                row.orNull("mean_time_to_deploy_p90_ms", Double.class),
                row.get("mean_time_to_deploy_without_start", Integer.class),
                row.get("mean_time_to_deploy_queue_n", Integer.class),
                row.orNull("mean_time_to_deploy_queue_median_ms", Double.class),
                row.get("mean_time_to_deploy_success_n", Integer.class),
                row.orNull("mean_time_to_deploy_time_to_success_median_ms", Double.class),
                row.orNull("mean_time_to_deploy_reason", String.class));
    }

    private static ConfigurationDrift configurationDrift(Row row) throws SQLException {
        return new ConfigurationDrift(
                row.get("configuration_drift_observed_ms", Long.class),
                row.orNull("configuration_drift_drifted_share", Double.class),
                row.get("configuration_drift_drifted_ms", Long.class),
                row.get("configuration_drift_checks", Integer.class),
                row.get("configuration_drift_episodes", Integer.class),
                row.orNull("configuration_drift_episodes_per_day", Double.class),
                row.get("configuration_drift_reconcile_n", Integer.class),
                row.orNull("configuration_drift_reconcile_median_ms", Double.class),
                interval(row, "configuration_drift_reconcile_median"),
                row.orNull("configuration_drift_reason", String.class));
    }

    private static @Nullable Interval interval(Row row, String of) throws SQLException {
        Double lower = row.orNull(of + "_lower", Double.class);
        Double upper = row.orNull(of + "_upper", Double.class);
        return lower == null || upper == null ? null : new Interval(lower, upper);
    }
}
