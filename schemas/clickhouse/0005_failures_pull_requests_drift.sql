-- Change fail rate, failed deployment recovery time, pull request lead time and configuration drift: the facts behind
-- them, what they add to deployments, and their columns in windows and periods.

-- Incidents, and which deployments they make failed ones.
CREATE TABLE IF NOT EXISTS sluice.incidents
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    id String,
    started_at Nullable(DateTime64(3, 'UTC')),
    resolved_at Nullable(DateTime64(3, 'UTC')),
    closed_gap_ms Int64,
    severity LowCardinality(Nullable(String)),
    title Nullable(String),
    change_caused Bool,
    rule LowCardinality(Nullable(String)),
    deployment_ids Array(String),
    distance_ms Nullable(Int64),
    unattributed_reason LowCardinality(Nullable(String)),
    time_to_restore_ms Nullable(Int64),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service, environment, id);

CREATE TABLE IF NOT EXISTS sluice.incidents_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    id String,
    started_at Nullable(DateTime64(3, 'UTC')),
    resolved_at Nullable(DateTime64(3, 'UTC')),
    closed_gap_ms Int64,
    severity LowCardinality(Nullable(String)),
    title Nullable(String),
    change_caused Bool,
    rule LowCardinality(Nullable(String)),
    deployment_ids Array(String),
    distance_ms Nullable(Int64),
    unattributed_reason LowCardinality(Nullable(String)),
    time_to_restore_ms Nullable(Int64),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, service, environment, id, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.incidents_to_history TO sluice.incidents_history AS
SELECT
    tenant, service, environment, id, started_at, resolved_at, closed_gap_ms, severity, title, change_caused, rule,
    deployment_ids, distance_ms, unattributed_reason, time_to_restore_ms, is_deleted, computed_at, row_generation,
    row_partition, row_offset, appended_at
FROM sluice.incidents;

-- Pull requests as first deployed.
CREATE TABLE IF NOT EXISTS sluice.pull_requests
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    repository LowCardinality(String),
    id String,
    title Nullable(String),
    deployment_id Nullable(String),
    first_commit_at Nullable(DateTime64(3, 'UTC')),
    ready_at Nullable(DateTime64(3, 'UTC')),
    first_review_at Nullable(DateTime64(3, 'UTC')),
    merged_at Nullable(DateTime64(3, 'UTC')),
    finished_at Nullable(DateTime64(3, 'UTC')),
    lead_time_ms Nullable(Int64),
    coding_ms Nullable(Int64),
    pickup_ms Nullable(Int64),
    review_ms Nullable(Int64),
    deploy_ms Nullable(Int64),
    counted Bool,
    excluded_reason LowCardinality(Nullable(String)),
    flags Array(LowCardinality(String)),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service, environment, repository, id);

CREATE TABLE IF NOT EXISTS sluice.pull_requests_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    repository LowCardinality(String),
    id String,
    title Nullable(String),
    deployment_id Nullable(String),
    first_commit_at Nullable(DateTime64(3, 'UTC')),
    ready_at Nullable(DateTime64(3, 'UTC')),
    first_review_at Nullable(DateTime64(3, 'UTC')),
    merged_at Nullable(DateTime64(3, 'UTC')),
    finished_at Nullable(DateTime64(3, 'UTC')),
    lead_time_ms Nullable(Int64),
    coding_ms Nullable(Int64),
    pickup_ms Nullable(Int64),
    review_ms Nullable(Int64),
    deploy_ms Nullable(Int64),
    counted Bool,
    excluded_reason LowCardinality(Nullable(String)),
    flags Array(LowCardinality(String)),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, service, environment, repository, id, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.pull_requests_to_history TO sluice.pull_requests_history AS
SELECT
    tenant, service, environment, repository, id, title, deployment_id, first_commit_at, ready_at, first_review_at,
    merged_at, finished_at, lead_time_ms, coding_ms, pickup_ms, review_ms, deploy_ms, counted, excluded_reason,
    flags, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.pull_requests;

-- Times during which what ran was not what was declared.
CREATE TABLE IF NOT EXISTS sluice.drift_episodes
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    resource String,
    opened_at DateTime64(3, 'UTC'),
    closed_at Nullable(DateTime64(3, 'UTC')),
    reconcile_ms Nullable(Int64),
    last_check_at Nullable(DateTime64(3, 'UTC')),
    checks UInt32,
    fingerprints Array(String),
    detectors Array(LowCardinality(String)),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service, environment, resource, opened_at);

CREATE TABLE IF NOT EXISTS sluice.drift_episodes_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    resource String,
    opened_at DateTime64(3, 'UTC'),
    closed_at Nullable(DateTime64(3, 'UTC')),
    reconcile_ms Nullable(Int64),
    last_check_at Nullable(DateTime64(3, 'UTC')),
    checks UInt32,
    fingerprints Array(String),
    detectors Array(LowCardinality(String)),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, service, environment, resource, opened_at, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.drift_episodes_to_history TO sluice.drift_episodes_history AS
SELECT
    tenant, service, environment, resource, opened_at, closed_at, reconcile_ms, last_check_at, checks, fingerprints,
    detectors, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.drift_episodes;

ALTER TABLE sluice.deployments
    ADD COLUMN IF NOT EXISTS fail_rate_counted Bool,
    ADD COLUMN IF NOT EXISTS failed Bool,
    ADD COLUMN IF NOT EXISTS failure_rules Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS incident_ids Array(String),
    ADD COLUMN IF NOT EXISTS failure_distance_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS impact Nullable(Bool),
    ADD COLUMN IF NOT EXISTS impact_started_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS restored_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS recovery_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS failure_lifetime_ms Nullable(Int64);

ALTER TABLE sluice.deployments_history
    ADD COLUMN IF NOT EXISTS fail_rate_counted Bool,
    ADD COLUMN IF NOT EXISTS failed Bool,
    ADD COLUMN IF NOT EXISTS failure_rules Array(LowCardinality(String)),
    ADD COLUMN IF NOT EXISTS incident_ids Array(String),
    ADD COLUMN IF NOT EXISTS failure_distance_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS impact Nullable(Bool),
    ADD COLUMN IF NOT EXISTS impact_started_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS restored_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS recovery_ms Nullable(Int64),
    ADD COLUMN IF NOT EXISTS failure_lifetime_ms Nullable(Int64);

DROP VIEW IF EXISTS sluice.deployments_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.deployments_to_history TO sluice.deployments_history AS
SELECT
    tenant, service, environment, id, result, kind, counted, excluded_reason, seed, queued_at, started_at,
    finished_at, version, repository, sha, digest, group_id, remediates, remediates_deployment_id, commits, flags,
    planned, rework, deploy_time_ms, queue_time_ms, time_to_success_ms, fail_rate_counted, failed, failure_rules,
    incident_ids, failure_distance_ms, impact, impact_started_at, restored_at, recovery_ms, failure_lifetime_ms,
    is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.deployments;

ALTER TABLE sluice.current
    ADD COLUMN IF NOT EXISTS open_failures UInt32,
    ADD COLUMN IF NOT EXISTS oldest_open_failure_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS open_incidents UInt32,
    ADD COLUMN IF NOT EXISTS drifted Nullable(Bool),
    ADD COLUMN IF NOT EXISTS last_drift_check_at Nullable(DateTime64(3, 'UTC'));

ALTER TABLE sluice.current_history
    ADD COLUMN IF NOT EXISTS open_failures UInt32,
    ADD COLUMN IF NOT EXISTS oldest_open_failure_at Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS open_incidents UInt32,
    ADD COLUMN IF NOT EXISTS drifted Nullable(Bool),
    ADD COLUMN IF NOT EXISTS last_drift_check_at Nullable(DateTime64(3, 'UTC'));

DROP VIEW IF EXISTS sluice.current_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.current_to_history TO sluice.current_history AS
SELECT
    tenant, service, environment, deployment_id, version, sha, digest, since, previous_version,
    previous_deployment_id, open_failures, oldest_open_failure_at, open_incidents, drifted, last_drift_check_at,
    is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.current;

ALTER TABLE sluice.dora_windows
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_n UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_coding_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_pickup_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_review_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_deploy_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_without_commits UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_clock_skew UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_deployed_before_merge UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS change_fail_rate_n UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_value Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_linked_by_time UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_day UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_three_days UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_week UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_unattributed UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_not_change_caused UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_provisional_until Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS change_fail_rate_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_clock_skew UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_lifetime_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_lifetime_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_incident_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_incident_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS configuration_drift_observed_ms Int64,
    ADD COLUMN IF NOT EXISTS configuration_drift_drifted_share Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_drifted_ms Int64,
    ADD COLUMN IF NOT EXISTS configuration_drift_checks UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_episodes UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_episodes_per_day Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_n UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reason LowCardinality(Nullable(String));

ALTER TABLE sluice.dora_windows_history
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_n UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_coding_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_pickup_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_review_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_deploy_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_without_commits UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_clock_skew UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_deployed_before_merge UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS change_fail_rate_n UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_value Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_linked_by_time UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_day UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_three_days UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_week UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_unattributed UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_not_change_caused UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_provisional_until Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS change_fail_rate_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_clock_skew UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_lifetime_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_lifetime_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_incident_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_incident_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS configuration_drift_observed_ms Int64,
    ADD COLUMN IF NOT EXISTS configuration_drift_drifted_share Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_drifted_ms Int64,
    ADD COLUMN IF NOT EXISTS configuration_drift_checks UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_episodes UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_episodes_per_day Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_n UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reason LowCardinality(Nullable(String));

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
    mean_time_to_deploy_time_to_success_median_ms, mean_time_to_deploy_reason, pull_request_lead_time_n,
    pull_request_lead_time_median_ms, pull_request_lead_time_median_lower, pull_request_lead_time_median_upper,
    pull_request_lead_time_p90_ms, pull_request_lead_time_mean_ms, pull_request_lead_time_coding_mean_ms,
    pull_request_lead_time_pickup_mean_ms, pull_request_lead_time_review_mean_ms,
    pull_request_lead_time_deploy_mean_ms, pull_request_lead_time_without_commits,
    pull_request_lead_time_clock_skew, pull_request_lead_time_deployed_before_merge, pull_request_lead_time_reason,
    change_fail_rate_n, change_fail_rate_value, change_fail_rate_lower, change_fail_rate_upper,
    change_fail_rate_failed, change_fail_rate_linked_by_time, change_fail_rate_failed_within_day,
    change_fail_rate_failed_within_three_days, change_fail_rate_failed_within_week, change_fail_rate_unattributed,
    change_fail_rate_not_change_caused, change_fail_rate_provisional_until, change_fail_rate_reason,
    failed_deployment_recovery_time_n, failed_deployment_recovery_time_median_ms,
    failed_deployment_recovery_time_median_lower, failed_deployment_recovery_time_median_upper,
    failed_deployment_recovery_time_p90_ms, failed_deployment_recovery_time_mean_ms,
    failed_deployment_recovery_time_clock_skew, failed_deployment_recovery_time_lifetime_n,
    failed_deployment_recovery_time_lifetime_median_ms, failed_deployment_recovery_time_incident_n,
    failed_deployment_recovery_time_incident_median_ms, failed_deployment_recovery_time_reason,
    configuration_drift_observed_ms, configuration_drift_drifted_share, configuration_drift_drifted_ms,
    configuration_drift_checks, configuration_drift_episodes, configuration_drift_episodes_per_day,
    configuration_drift_reconcile_n, configuration_drift_reconcile_median_ms,
    configuration_drift_reconcile_median_lower, configuration_drift_reconcile_median_upper,
    configuration_drift_reason, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.dora_windows;

ALTER TABLE sluice.periods
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_n UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_coding_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_pickup_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_review_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_deploy_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_without_commits UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_clock_skew UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_deployed_before_merge UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS change_fail_rate_n UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_value Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_linked_by_time UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_day UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_three_days UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_week UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_unattributed UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_not_change_caused UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_provisional_until Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS change_fail_rate_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_clock_skew UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_lifetime_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_lifetime_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_incident_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_incident_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS configuration_drift_observed_ms Int64,
    ADD COLUMN IF NOT EXISTS configuration_drift_drifted_share Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_drifted_ms Int64,
    ADD COLUMN IF NOT EXISTS configuration_drift_checks UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_episodes UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_episodes_per_day Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_n UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reason LowCardinality(Nullable(String));

ALTER TABLE sluice.periods_history
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_n UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_coding_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_pickup_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_review_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_deploy_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_without_commits UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_clock_skew UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_deployed_before_merge UInt32,
    ADD COLUMN IF NOT EXISTS pull_request_lead_time_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS change_fail_rate_n UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_value Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_linked_by_time UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_day UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_three_days UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_failed_within_week UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_unattributed UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_not_change_caused UInt32,
    ADD COLUMN IF NOT EXISTS change_fail_rate_provisional_until Nullable(DateTime64(3, 'UTC')),
    ADD COLUMN IF NOT EXISTS change_fail_rate_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_p90_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_mean_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_clock_skew UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_lifetime_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_lifetime_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_incident_n UInt32,
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_incident_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS failed_deployment_recovery_time_reason LowCardinality(Nullable(String)),
    ADD COLUMN IF NOT EXISTS configuration_drift_observed_ms Int64,
    ADD COLUMN IF NOT EXISTS configuration_drift_drifted_share Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_drifted_ms Int64,
    ADD COLUMN IF NOT EXISTS configuration_drift_checks UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_episodes UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_episodes_per_day Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_n UInt32,
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_ms Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_lower Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reconcile_median_upper Nullable(Float64),
    ADD COLUMN IF NOT EXISTS configuration_drift_reason LowCardinality(Nullable(String));

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
    mean_time_to_deploy_time_to_success_median_ms, mean_time_to_deploy_reason, pull_request_lead_time_n,
    pull_request_lead_time_median_ms, pull_request_lead_time_median_lower, pull_request_lead_time_median_upper,
    pull_request_lead_time_p90_ms, pull_request_lead_time_mean_ms, pull_request_lead_time_coding_mean_ms,
    pull_request_lead_time_pickup_mean_ms, pull_request_lead_time_review_mean_ms,
    pull_request_lead_time_deploy_mean_ms, pull_request_lead_time_without_commits,
    pull_request_lead_time_clock_skew, pull_request_lead_time_deployed_before_merge, pull_request_lead_time_reason,
    change_fail_rate_n, change_fail_rate_value, change_fail_rate_lower, change_fail_rate_upper,
    change_fail_rate_failed, change_fail_rate_linked_by_time, change_fail_rate_failed_within_day,
    change_fail_rate_failed_within_three_days, change_fail_rate_failed_within_week, change_fail_rate_unattributed,
    change_fail_rate_not_change_caused, change_fail_rate_provisional_until, change_fail_rate_reason,
    failed_deployment_recovery_time_n, failed_deployment_recovery_time_median_ms,
    failed_deployment_recovery_time_median_lower, failed_deployment_recovery_time_median_upper,
    failed_deployment_recovery_time_p90_ms, failed_deployment_recovery_time_mean_ms,
    failed_deployment_recovery_time_clock_skew, failed_deployment_recovery_time_lifetime_n,
    failed_deployment_recovery_time_lifetime_median_ms, failed_deployment_recovery_time_incident_n,
    failed_deployment_recovery_time_incident_median_ms, failed_deployment_recovery_time_reason,
    configuration_drift_observed_ms, configuration_drift_drifted_share, configuration_drift_drifted_ms,
    configuration_drift_checks, configuration_drift_episodes, configuration_drift_episodes_per_day,
    configuration_drift_reconcile_n, configuration_drift_reconcile_median_ms,
    configuration_drift_reconcile_median_lower, configuration_drift_reconcile_median_upper,
    configuration_drift_reason, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.periods;

CREATE OR REPLACE VIEW dash.deployments AS
SELECT
    tenant, service, environment, id, result, kind, counted, excluded_reason, seed, queued_at, started_at,
    finished_at, version, repository, sha, digest, group_id, remediates, remediates_deployment_id, commits, flags,
    planned, rework, deploy_time_ms, queue_time_ms, time_to_success_ms, fail_rate_counted, failed, failure_rules,
    incident_ids, failure_distance_ms, impact, impact_started_at, restored_at, recovery_ms, failure_lifetime_ms,
    computed_at
FROM sluice.deployments FINAL;

CREATE OR REPLACE VIEW dash.current AS
SELECT
    tenant, service, environment, deployment_id, version, sha, digest, since, previous_version,
    previous_deployment_id, open_failures, oldest_open_failure_at, open_incidents, drifted, last_drift_check_at,
    computed_at
FROM sluice.current FINAL;

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
    mean_time_to_deploy_time_to_success_median_ms, mean_time_to_deploy_reason, pull_request_lead_time_n,
    pull_request_lead_time_median_ms, pull_request_lead_time_median_lower, pull_request_lead_time_median_upper,
    pull_request_lead_time_p90_ms, pull_request_lead_time_mean_ms, pull_request_lead_time_coding_mean_ms,
    pull_request_lead_time_pickup_mean_ms, pull_request_lead_time_review_mean_ms,
    pull_request_lead_time_deploy_mean_ms, pull_request_lead_time_without_commits,
    pull_request_lead_time_clock_skew, pull_request_lead_time_deployed_before_merge, pull_request_lead_time_reason,
    change_fail_rate_n, change_fail_rate_value, change_fail_rate_lower, change_fail_rate_upper,
    change_fail_rate_failed, change_fail_rate_linked_by_time, change_fail_rate_failed_within_day,
    change_fail_rate_failed_within_three_days, change_fail_rate_failed_within_week, change_fail_rate_unattributed,
    change_fail_rate_not_change_caused, change_fail_rate_provisional_until, change_fail_rate_reason,
    failed_deployment_recovery_time_n, failed_deployment_recovery_time_median_ms,
    failed_deployment_recovery_time_median_lower, failed_deployment_recovery_time_median_upper,
    failed_deployment_recovery_time_p90_ms, failed_deployment_recovery_time_mean_ms,
    failed_deployment_recovery_time_clock_skew, failed_deployment_recovery_time_lifetime_n,
    failed_deployment_recovery_time_lifetime_median_ms, failed_deployment_recovery_time_incident_n,
    failed_deployment_recovery_time_incident_median_ms, failed_deployment_recovery_time_reason,
    configuration_drift_observed_ms, configuration_drift_drifted_share, configuration_drift_drifted_ms,
    configuration_drift_checks, configuration_drift_episodes, configuration_drift_episodes_per_day,
    configuration_drift_reconcile_n, configuration_drift_reconcile_median_ms,
    configuration_drift_reconcile_median_lower, configuration_drift_reconcile_median_upper,
    configuration_drift_reason, computed_at
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
    mean_time_to_deploy_time_to_success_median_ms, mean_time_to_deploy_reason, pull_request_lead_time_n,
    pull_request_lead_time_median_ms, pull_request_lead_time_median_lower, pull_request_lead_time_median_upper,
    pull_request_lead_time_p90_ms, pull_request_lead_time_mean_ms, pull_request_lead_time_coding_mean_ms,
    pull_request_lead_time_pickup_mean_ms, pull_request_lead_time_review_mean_ms,
    pull_request_lead_time_deploy_mean_ms, pull_request_lead_time_without_commits,
    pull_request_lead_time_clock_skew, pull_request_lead_time_deployed_before_merge, pull_request_lead_time_reason,
    change_fail_rate_n, change_fail_rate_value, change_fail_rate_lower, change_fail_rate_upper,
    change_fail_rate_failed, change_fail_rate_linked_by_time, change_fail_rate_failed_within_day,
    change_fail_rate_failed_within_three_days, change_fail_rate_failed_within_week, change_fail_rate_unattributed,
    change_fail_rate_not_change_caused, change_fail_rate_provisional_until, change_fail_rate_reason,
    failed_deployment_recovery_time_n, failed_deployment_recovery_time_median_ms,
    failed_deployment_recovery_time_median_lower, failed_deployment_recovery_time_median_upper,
    failed_deployment_recovery_time_p90_ms, failed_deployment_recovery_time_mean_ms,
    failed_deployment_recovery_time_clock_skew, failed_deployment_recovery_time_lifetime_n,
    failed_deployment_recovery_time_lifetime_median_ms, failed_deployment_recovery_time_incident_n,
    failed_deployment_recovery_time_incident_median_ms, failed_deployment_recovery_time_reason,
    configuration_drift_observed_ms, configuration_drift_drifted_share, configuration_drift_drifted_ms,
    configuration_drift_checks, configuration_drift_episodes, configuration_drift_episodes_per_day,
    configuration_drift_reconcile_n, configuration_drift_reconcile_median_ms,
    configuration_drift_reconcile_median_lower, configuration_drift_reconcile_median_upper,
    configuration_drift_reason, computed_at
FROM sluice.periods FINAL;

CREATE OR REPLACE VIEW dash.incidents AS
SELECT
    tenant, service, environment, id, started_at, resolved_at, closed_gap_ms, severity, title, change_caused, rule,
    deployment_ids, distance_ms, unattributed_reason, time_to_restore_ms, computed_at
FROM sluice.incidents FINAL;

CREATE OR REPLACE VIEW dash.pull_requests AS
SELECT
    tenant, service, environment, repository, id, title, deployment_id, first_commit_at, ready_at, first_review_at,
    merged_at, finished_at, lead_time_ms, coding_ms, pickup_ms, review_ms, deploy_ms, counted, excluded_reason,
    flags, computed_at
FROM sluice.pull_requests FINAL;

CREATE OR REPLACE VIEW dash.drift_episodes AS
SELECT
    tenant, service, environment, resource, opened_at, closed_at, reconcile_ms, last_check_at, checks, fingerprints,
    detectors, computed_at
FROM sluice.drift_episodes FINAL;

-- As before, with the new metrics; configuration drift is the share of the observed time, n its checks.
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
        'pull_request_lead_time', pull_request_lead_time_median_ms / 1000, pull_request_lead_time_n,
        pull_request_lead_time_median_lower / 1000, pull_request_lead_time_median_upper / 1000
    ),
    (
        'change_fail_rate', change_fail_rate_value, change_fail_rate_n,
        change_fail_rate_lower, change_fail_rate_upper
    ),
    (
        'failed_deployment_recovery_time', failed_deployment_recovery_time_median_ms / 1000,
        failed_deployment_recovery_time_n, failed_deployment_recovery_time_median_lower / 1000,
        failed_deployment_recovery_time_median_upper / 1000
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
    ),
    (
        'configuration_drift', configuration_drift_drifted_share, configuration_drift_checks,
        CAST(NULL, 'Nullable(Float64)'), CAST(NULL, 'Nullable(Float64)')
    )
] AS point;

-- As before, with the new facts. A failed deployment counts in the quarter in which it ended, its recovery in the one
-- in which it was recovered from, an incident in the one in which it began.
CREATE OR REPLACE VIEW dash.quarters_from_facts AS
SELECT
    tenant,
    service,
    environment,
    concat(toString(toYear(at)), '-Q', toString(toQuarter(at))) AS label,
    countIf(what = 'deployment') AS deployments,
    uniqExactIf(toDate(at, 'UTC'), what = 'deployment') AS deploy_days,
    countIf(what = 'change') AS lead_n,
    if(lead_n = 0, NULL, quantileExactInclusiveIf(0.5)(ms, what = 'change')) AS lead_median_ms,
    if(lead_n = 0, NULL, quantileExactInclusiveIf(0.9)(ms, what = 'change')) AS lead_p90_ms,
    countIf(what = 'pull request') AS pull_request_n,
    if(pull_request_n = 0, NULL, quantileExactInclusiveIf(0.5)(ms, what = 'pull request')) AS pull_request_median_ms,
    countIf(what IN ('good', 'failed')) AS fail_rate_n,
    countIf(what = 'failed') AS failed,
    countIf(what = 'unattributed incident') AS unattributed,
    countIf(what = 'recovery') AS recovery_n,
    if(recovery_n = 0, NULL, quantileExactInclusiveIf(0.5)(ms, what = 'recovery')) AS recovery_median_ms
FROM
(
    SELECT tenant, service, environment, 'deployment' AS what, assumeNotNull(finished_at) AS at, toInt64(0) AS ms
    FROM sluice.deployments FINAL
    WHERE counted AND isNotNull(finished_at)
    UNION ALL
    SELECT tenant, service, environment, if(failed, 'failed', 'good') AS what, assumeNotNull(finished_at) AS at,
        toInt64(0) AS ms
    FROM sluice.deployments FINAL
    WHERE fail_rate_counted AND isNotNull(finished_at)
    UNION ALL
    SELECT tenant, service, environment, 'recovery' AS what, assumeNotNull(restored_at) AS at,
        assumeNotNull(recovery_ms) AS ms
    FROM sluice.deployments FINAL
    WHERE failed AND isNotNull(restored_at) AND isNotNull(recovery_ms)
    UNION ALL
    SELECT tenant, service, environment, 'change' AS what, assumeNotNull(finished_at) AS at,
        assumeNotNull(lead_time_ms) AS ms
    FROM sluice.changes FINAL
    WHERE counted AND isNotNull(finished_at) AND isNotNull(lead_time_ms)
    UNION ALL
    SELECT tenant, service, environment, 'pull request' AS what, assumeNotNull(finished_at) AS at,
        assumeNotNull(lead_time_ms) AS ms
    FROM sluice.pull_requests FINAL
    WHERE counted AND isNotNull(finished_at) AND isNotNull(lead_time_ms)
    UNION ALL
    SELECT tenant, service, environment, 'unattributed incident' AS what, assumeNotNull(started_at) AS at,
        toInt64(0) AS ms
    FROM sluice.incidents FINAL
    WHERE change_caused AND isNull(rule) AND isNotNull(started_at)
)
GROUP BY tenant, service, environment, label;
