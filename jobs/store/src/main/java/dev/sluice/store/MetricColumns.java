package dev.sluice.store;

import static dev.sluice.store.Column.nullable;
import static dev.sluice.store.Column.required;
import static dev.sluice.store.ColumnKind.COUNT;
import static dev.sluice.store.ColumnKind.INSTANT;
import static dev.sluice.store.ColumnKind.NUMBER;
import static dev.sluice.store.ColumnKind.TEXT;
import static dev.sluice.store.ColumnKind.WHOLE;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.stream.Stream;

/** The columns of the metrics of a window or a period, each named after the metric and its field. */
final class MetricColumns {
    private MetricColumns() {}

    /** Returns the columns of all metrics. */
    static Stream<Column> all() {
        return Stream.of(
                        deploymentFrequency(),
                        changeLeadTime(),
                        pullRequestLeadTime(),
                        changeFailRate(),
                        failedDeploymentRecoveryTime(),
                        deploymentReworkRate(),
                        deploymentSuccessRate(),
                        meanTimeToDeploy(),
                        configurationDrift())
                .flatMap(columns -> columns);
    }

    private static Stream<Column> deploymentFrequency() {
        String metric = "deployment_frequency";
        return Stream.of(
                of(metric, required("count", COUNT)),
                of(metric, required("per_day", NUMBER)),
                interval(metric, "per_day", "lower"),
                interval(metric, "per_day", "upper"),
                of(metric, required("deploy_days", COUNT)),
                of(metric, required("whole_weeks", COUNT)),
                of(metric, nullable("median_deploy_days_per_week", NUMBER)),
                of(metric, nullable("median_gap_ms", NUMBER)),
                of(metric, required("forward", COUNT)),
                of(metric, required("config", COUNT)),
                of(metric, required("rollback", COUNT)),
                of(metric, required("redeploy", COUNT)));
    }

    private static Stream<Column> changeLeadTime() {
        String metric = "change_lead_time";
        return Stream.of(
                of(metric, required("n", COUNT)),
                of(metric, nullable("median_ms", NUMBER)),
                interval(metric, "median", "lower"),
                interval(metric, "median", "upper"),
                of(metric, nullable("p90_ms", NUMBER)),
                of(metric, required("clock_skew", COUNT)),
                of(metric, required("range_incomplete", COUNT)),
                of(metric, nullable("reason", TEXT)));
    }

    private static Stream<Column> pullRequestLeadTime() {
        String metric = "pull_request_lead_time";
        return Stream.of(
                of(metric, required("n", COUNT)),
                of(metric, nullable("median_ms", NUMBER)),
                interval(metric, "median", "lower"),
                interval(metric, "median", "upper"),
                of(metric, nullable("p90_ms", NUMBER)),
                of(metric, nullable("mean_ms", NUMBER)),
                of(metric, nullable("coding_mean_ms", NUMBER)),
                of(metric, nullable("pickup_mean_ms", NUMBER)),
                of(metric, nullable("review_mean_ms", NUMBER)),
                of(metric, nullable("deploy_mean_ms", NUMBER)),
                of(metric, required("without_commits", COUNT)),
                of(metric, required("clock_skew", COUNT)),
                of(metric, required("deployed_before_merge", COUNT)),
                of(metric, nullable("reason", TEXT)));
    }

    private static Stream<Column> changeFailRate() {
        String metric = "change_fail_rate";
        return Stream.of(
                of(metric, required("n", COUNT)),
                of(metric, nullable("value", NUMBER)),
                interval(metric, "", "lower"),
                interval(metric, "", "upper"),
                of(metric, required("failed", COUNT)),
                of(metric, required("linked_by_time", COUNT)),
                of(metric, required("failed_within_day", COUNT)),
                of(metric, required("failed_within_three_days", COUNT)),
                of(metric, required("failed_within_week", COUNT)),
                of(metric, required("unattributed", COUNT)),
                of(metric, required("not_change_caused", COUNT)),
                of(metric, nullable("provisional_until", INSTANT)),
                of(metric, nullable("reason", TEXT)));
    }

    private static Stream<Column> failedDeploymentRecoveryTime() {
        String metric = "failed_deployment_recovery_time";
        return Stream.of(
                of(metric, required("n", COUNT)),
                of(metric, nullable("median_ms", NUMBER)),
                interval(metric, "median", "lower"),
                interval(metric, "median", "upper"),
                of(metric, nullable("p90_ms", NUMBER)),
                of(metric, nullable("mean_ms", NUMBER)),
                of(metric, required("clock_skew", COUNT)),
                of(metric, required("lifetime_n", COUNT)),
                of(metric, nullable("lifetime_median_ms", NUMBER)),
                of(metric, required("incident_n", COUNT)),
                of(metric, nullable("incident_median_ms", NUMBER)),
                of(metric, nullable("reason", TEXT)));
    }

    private static Stream<Column> deploymentReworkRate() {
        String metric = "deployment_rework_rate";
        return Stream.of(
                of(metric, required("n", COUNT)),
                of(metric, nullable("value", NUMBER)),
                interval(metric, "", "lower"),
                interval(metric, "", "upper"),
                of(metric, required("rework", COUNT)),
                of(metric, nullable("reason", TEXT)));
    }

    private static Stream<Column> deploymentSuccessRate() {
        String metric = "deployment_success_rate";
        return Stream.of(
                of(metric, required("n", COUNT)),
                of(metric, nullable("value", NUMBER)),
                interval(metric, "", "lower"),
                interval(metric, "", "upper"),
                of(metric, required("success", COUNT)),
                of(metric, required("failure", COUNT)),
                of(metric, required("cancelled", COUNT)),
                of(metric, required("skipped", COUNT)),
                of(metric, required("timed_out", COUNT)),
                of(metric, nullable("reason", TEXT)));
    }

    private static Stream<Column> meanTimeToDeploy() {
        String metric = "mean_time_to_deploy";
        return Stream.of(
                of(metric, required("n", COUNT)),
                of(metric, nullable("mean_ms", NUMBER)),
                of(metric, nullable("median_ms", NUMBER)),
                interval(metric, "median", "lower"),
                interval(metric, "median", "upper"),
                of(metric, nullable("p90_ms", NUMBER)),
                of(metric, required("without_start", COUNT)),
                of(metric, required("queue_n", COUNT)),
                of(metric, nullable("queue_median_ms", NUMBER)),
                of(metric, required("success_n", COUNT)),
                of(metric, nullable("time_to_success_median_ms", NUMBER)),
                of(metric, nullable("reason", TEXT)));
    }

    private static Stream<Column> configurationDrift() {
        String metric = "configuration_drift";
        return Stream.of(
                of(metric, required("observed_ms", WHOLE)),
                of(metric, nullable("drifted_share", NUMBER)),
                of(metric, required("drifted_ms", WHOLE)),
                of(metric, required("checks", COUNT)),
                of(metric, required("episodes", COUNT)),
                of(metric, nullable("episodes_per_day", NUMBER)),
                of(metric, required("reconcile_n", COUNT)),
                of(metric, nullable("reconcile_median_ms", NUMBER)),
                interval(metric, "reconcile_median", "lower"),
                interval(metric, "reconcile_median", "upper"),
                of(metric, nullable("reason", TEXT)));
    }

    /** An end of an interval; of a metric's value, or of the statistic that {@code of} names. */
    private static Column interval(String metric, String of, String end) {
        String name = of.isEmpty() ? "" : of + "_";
        return nullable(metric + "_" + name + end, NUMBER).at("/metrics/" + metric + "/" + name + "interval/" + end);
    }

    private static Column of(String metric, Column field) {
        return new Column(
                metric + "_" + field.name(),
                JsonPointer.compile("/metrics/" + metric + "/" + field.name()),
                field.kind(),
                field.absent());
    }
}
