-- Deployment rework rate, mean time to deploy, and the intervals of the metrics.

ALTER TABLE sluice.deployments
    ADD COLUMN IF NOT EXISTS planned Nullable(Bool),
    ADD COLUMN IF NOT EXISTS rework Bool,
    ADD COLUMN IF NOT EXISTS deploy_time_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS queue_time_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS time_to_success_ms Nullable(Int64);

ALTER TABLE sluice.deployments_history
    ADD COLUMN IF NOT EXISTS planned Nullable(Bool),
    ADD COLUMN IF NOT EXISTS rework Bool,
    ADD COLUMN IF NOT EXISTS deploy_time_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS queue_time_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS time_to_success_ms Nullable(Int64);

DROP VIEW IF EXISTS sluice.deployments_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.deployments_to_history TO sluice.deployments_history AS
SELECT
    tenant, service, environment, id, result, kind, counted, excluded_reason, seed, queued_at, started_at,
    finished_at, version, repository, sha, digest, group_id, remediates, remediates_deployment_id, commits, flags,
    planned, rework, deploy_time_ms, queue_time_ms, time_to_success_ms, is_deleted, computed_at, row_generation,
    row_partition, row_offset, appended_at
FROM sluice.deployments;

ALTER TABLE sluice.dora_windows
    ADD COLUMN IF NOT EXISTS deployment_frequency_per_day_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_per_day_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_whole_weeks UInt32,
    ADD COLUMN IF NOT EXISTS deployment_frequency_median_deploy_days_per_week Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_median_gap_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_lead_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_lead_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_n UInt32,
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_value Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_rework UInt32,
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS deployment_success_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_success_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_without_start UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_queue_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_queue_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_success_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_time_to_success_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_reason LowCardinality(Nullable(String));

ALTER TABLE sluice.dora_windows_history
    ADD COLUMN IF NOT EXISTS deployment_frequency_per_day_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_per_day_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_whole_weeks UInt32,
    ADD COLUMN IF NOT EXISTS deployment_frequency_median_deploy_days_per_week Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_median_gap_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_lead_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_lead_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_n UInt32,
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_value Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_rework UInt32,
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS deployment_success_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_success_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_without_start UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_queue_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_queue_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_success_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_time_to_success_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_reason LowCardinality(Nullable(String));

DROP VIEW IF EXISTS sluice.dora_windows_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.dora_windows_to_history TO sluice.dora_windows_history AS
SELECT
    tenant, service, environment, days, zone, as_of_day, from_day, to_day, deployment_frequency_count,
    deployment_frequency_per_day, deployment_frequency_deploy_days, deployment_frequency_forward,
    deployment_frequency_config, deployment_frequency_rollback, deployment_frequency_redeploy, change_lead_time_n,
    change_lead_time_median_ms, change_lead_time_p90_ms, change_lead_time_clock_skew,
    change_lead_time_range_incomplete, change_lead_time_reason, deployment_success_rate_n,
    deployment_success_rate_value, deployment_success_rate_success, deployment_success_rate_failure,
    deployment_success_rate_cancelled, deployment_success_rate_skipped, deployment_success_rate_timed_out,
    deployment_success_rate_reason, deployment_frequency_per_day_lower, deployment_frequency_per_day_upper,
    deployment_frequency_whole_weeks, deployment_frequency_median_deploy_days_per_week,
    deployment_frequency_median_gap_ms, change_lead_time_median_lower, change_lead_time_median_upper,
    deployment_rework_rate_n, deployment_rework_rate_value, deployment_rework_rate_lower,
    deployment_rework_rate_upper, deployment_rework_rate_rework, deployment_rework_rate_reason,
    deployment_success_rate_lower, deployment_success_rate_upper, mean_time_to_deploy_n,
    mean_time_to_deploy_mean_ms, mean_time_to_deploy_median_ms, mean_time_to_deploy_median_lower,
    mean_time_to_deploy_median_upper, mean_time_to_deploy_p90_ms, mean_time_to_deploy_without_start,
    mean_time_to_deploy_queue_n, mean_time_to_deploy_queue_median_ms, mean_time_to_deploy_success_n,
    mean_time_to_deploy_time_to_success_median_ms, mean_time_to_deploy_reason, is_deleted, computed_at,
    row_generation, row_partition, row_offset, appended_at
FROM sluice.dora_windows;

ALTER TABLE sluice.periods
    ADD COLUMN IF NOT EXISTS deployment_frequency_per_day_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_per_day_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_whole_weeks UInt32,
    ADD COLUMN IF NOT EXISTS deployment_frequency_median_deploy_days_per_week Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_median_gap_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_lead_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_lead_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_n UInt32,
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_value Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_rework UInt32,
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS deployment_success_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_success_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_without_start UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_queue_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_queue_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_success_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_time_to_success_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_reason LowCardinality(Nullable(String));

ALTER TABLE sluice.periods_history
    ADD COLUMN IF NOT EXISTS deployment_frequency_per_day_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_per_day_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_whole_weeks UInt32,
    ADD COLUMN IF NOT EXISTS deployment_frequency_median_deploy_days_per_week Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_frequency_median_gap_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_lead_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_lead_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_n UInt32,
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_value Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_rework UInt32,
    ADD COLUMN IF NOT EXISTS deployment_rework_rate_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS deployment_success_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS deployment_success_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_without_start UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_queue_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_queue_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_success_n UInt32,
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_time_to_success_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS mean_time_to_deploy_reason LowCardinality(Nullable(String));

DROP VIEW IF EXISTS sluice.periods_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.periods_to_history TO sluice.periods_history AS
SELECT
    tenant, service, environment, period, label, zone, start, end, provisional, deployment_frequency_count,
    deployment_frequency_per_day, deployment_frequency_deploy_days, deployment_frequency_forward,
    deployment_frequency_config, deployment_frequency_rollback, deployment_frequency_redeploy, change_lead_time_n,
    change_lead_time_median_ms, change_lead_time_p90_ms, change_lead_time_clock_skew,
    change_lead_time_range_incomplete, change_lead_time_reason, deployment_success_rate_n,
    deployment_success_rate_value, deployment_success_rate_success, deployment_success_rate_failure,
    deployment_success_rate_cancelled, deployment_success_rate_skipped, deployment_success_rate_timed_out,
    deployment_success_rate_reason, deployment_frequency_per_day_lower, deployment_frequency_per_day_upper,
    deployment_frequency_whole_weeks, deployment_frequency_median_deploy_days_per_week,
    deployment_frequency_median_gap_ms, change_lead_time_median_lower, change_lead_time_median_upper,
    deployment_rework_rate_n, deployment_rework_rate_value, deployment_rework_rate_lower,
    deployment_rework_rate_upper, deployment_rework_rate_rework, deployment_rework_rate_reason,
    deployment_success_rate_lower, deployment_success_rate_upper, mean_time_to_deploy_n,
    mean_time_to_deploy_mean_ms, mean_time_to_deploy_median_ms, mean_time_to_deploy_median_lower,
    mean_time_to_deploy_median_upper, mean_time_to_deploy_p90_ms, mean_time_to_deploy_without_start,
    mean_time_to_deploy_queue_n, mean_time_to_deploy_queue_median_ms, mean_time_to_deploy_success_n,
    mean_time_to_deploy_time_to_success_median_ms, mean_time_to_deploy_reason, is_deleted, computed_at,
    row_generation, row_partition, row_offset, appended_at
FROM sluice.periods;

CREATE OR REPLACE VIEW dash.deployments AS
SELECT
    tenant, service, environment, id, result, kind, counted, excluded_reason, seed, queued_at, started_at,
    finished_at, version, repository, sha, digest, group_id, remediates, remediates_deployment_id, commits, flags,
    planned, rework, deploy_time_ms, queue_time_ms, time_to_success_ms, computed_at
FROM sluice.deployments FINAL;

CREATE OR REPLACE VIEW dash.dora_windows AS
SELECT
    tenant, service, environment, days, zone, as_of_day, from_day, to_day, deployment_frequency_count,
    deployment_frequency_per_day, deployment_frequency_deploy_days, deployment_frequency_forward,
    deployment_frequency_config, deployment_frequency_rollback, deployment_frequency_redeploy, change_lead_time_n,
    change_lead_time_median_ms, change_lead_time_p90_ms, change_lead_time_clock_skew,
    change_lead_time_range_incomplete, change_lead_time_reason, deployment_success_rate_n,
    deployment_success_rate_value, deployment_success_rate_success, deployment_success_rate_failure,
    deployment_success_rate_cancelled, deployment_success_rate_skipped, deployment_success_rate_timed_out,
    deployment_success_rate_reason, deployment_frequency_per_day_lower, deployment_frequency_per_day_upper,
    deployment_frequency_whole_weeks, deployment_frequency_median_deploy_days_per_week,
    deployment_frequency_median_gap_ms, change_lead_time_median_lower, change_lead_time_median_upper,
    deployment_rework_rate_n, deployment_rework_rate_value, deployment_rework_rate_lower,
    deployment_rework_rate_upper, deployment_rework_rate_rework, deployment_rework_rate_reason,
    deployment_success_rate_lower, deployment_success_rate_upper, mean_time_to_deploy_n,
    mean_time_to_deploy_mean_ms, mean_time_to_deploy_median_ms, mean_time_to_deploy_median_lower,
    mean_time_to_deploy_median_upper, mean_time_to_deploy_p90_ms, mean_time_to_deploy_without_start,
    mean_time_to_deploy_queue_n, mean_time_to_deploy_queue_median_ms, mean_time_to_deploy_success_n,
    mean_time_to_deploy_time_to_success_median_ms, mean_time_to_deploy_reason, computed_at
FROM sluice.dora_windows FINAL;

CREATE OR REPLACE VIEW dash.periods AS
SELECT
    tenant, service, environment, period, label, zone, start, end, provisional, deployment_frequency_count,
    deployment_frequency_per_day, deployment_frequency_deploy_days, deployment_frequency_forward,
    deployment_frequency_config, deployment_frequency_rollback, deployment_frequency_redeploy, change_lead_time_n,
    change_lead_time_median_ms, change_lead_time_p90_ms, change_lead_time_clock_skew,
    change_lead_time_range_incomplete, change_lead_time_reason, deployment_success_rate_n,
    deployment_success_rate_value, deployment_success_rate_success, deployment_success_rate_failure,
    deployment_success_rate_cancelled, deployment_success_rate_skipped, deployment_success_rate_timed_out,
    deployment_success_rate_reason, deployment_frequency_per_day_lower, deployment_frequency_per_day_upper,
    deployment_frequency_whole_weeks, deployment_frequency_median_deploy_days_per_week,
    deployment_frequency_median_gap_ms, change_lead_time_median_lower, change_lead_time_median_upper,
    deployment_rework_rate_n, deployment_rework_rate_value, deployment_rework_rate_lower,
    deployment_rework_rate_upper, deployment_rework_rate_rework, deployment_rework_rate_reason,
    deployment_success_rate_lower, deployment_success_rate_upper, mean_time_to_deploy_n,
    mean_time_to_deploy_mean_ms, mean_time_to_deploy_median_ms, mean_time_to_deploy_median_lower,
    mean_time_to_deploy_median_upper, mean_time_to_deploy_p90_ms, mean_time_to_deploy_without_start,
    mean_time_to_deploy_queue_n, mean_time_to_deploy_queue_median_ms, mean_time_to_deploy_success_n,
    mean_time_to_deploy_time_to_success_median_ms, mean_time_to_deploy_reason, computed_at
FROM sluice.periods FINAL;

-- As before, with the new metrics and the ends of the intervals; NULL where there is none.
CREATE OR REPLACE VIEW dash.dora_series AS
SELECT
    toDateTime(start, 'UTC') AS time,
    tenant,
    service,
    environment,
    period,
    label,
    provisional,
    point.1 AS metric,
    point.2 AS value,
    point.3 AS n,
    point.4 AS lower,
    point.5 AS upper
FROM sluice.periods FINAL
ARRAY JOIN
[
    (
        'deployment_frequency', CAST(deployment_frequency_per_day, 'Nullable(Float64)'),
        deployment_frequency_count, deployment_frequency_per_day_lower, deployment_frequency_per_day_upper
    ),
    (
        'change_lead_time', change_lead_time_median_ms / 1000, change_lead_time_n,
        change_lead_time_median_lower / 1000, change_lead_time_median_upper / 1000
    ),
    (
        'deployment_rework_rate', deployment_rework_rate_value, deployment_rework_rate_n,
        deployment_rework_rate_lower, deployment_rework_rate_upper
    ),
    (
        'deployment_success_rate', deployment_success_rate_value, deployment_success_rate_n,
        deployment_success_rate_lower, deployment_success_rate_upper
    ),
    (
        'mean_time_to_deploy', mean_time_to_deploy_mean_ms / 1000, mean_time_to_deploy_n,
        CAST(NULL, 'Nullable(Float64)'), CAST(NULL, 'Nullable(Float64)')
    )
] AS point;
