-- History: every version of every row, append-only. A materialised view copies each insert, so that no writer can
-- forget it; the same version twice (a replay) becomes one row. stored_at is when this database took it last.

CREATE TABLE IF NOT EXISTS sluice.deployments_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    id String,
    result LowCardinality(String),
    kind LowCardinality(Nullable(String)),
    counted Bool,
    excluded_reason LowCardinality(Nullable(String)),
    seed Bool,
    queued_at Nullable(DateTime64(3, 'UTC')),
    started_at Nullable(DateTime64(3, 'UTC')),
    finished_at Nullable(DateTime64(3, 'UTC')),
    version Nullable(String),
    repository LowCardinality(Nullable(String)),
    sha Nullable(String),
    digest Nullable(String),
    group_id Nullable(String),
    remediates Nullable(String),
    remediates_deployment_id Nullable(String),
    commits UInt32,
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
ORDER BY (tenant, service, environment, id, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.deployments_to_history TO sluice.deployments_history AS
SELECT
    tenant, service, environment, id, result, kind, counted, excluded_reason, seed, queued_at, started_at,
    finished_at, version, repository, sha, digest, group_id, remediates, remediates_deployment_id, commits,
    flags, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.deployments;

CREATE TABLE IF NOT EXISTS sluice.changes_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    repository LowCardinality(String),
    sha String,
    deployment_id Nullable(String),
    authored_at Nullable(DateTime64(3, 'UTC')),
    finished_at Nullable(DateTime64(3, 'UTC')),
    lead_time_ms Nullable(Int64),
    counted Bool,
    excluded_reason LowCardinality(Nullable(String)),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, service, environment, repository, sha, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.changes_to_history TO sluice.changes_history AS
SELECT
    tenant, service, environment, repository, sha, deployment_id, authored_at, finished_at, lead_time_ms,
    counted, excluded_reason, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.changes;

CREATE TABLE IF NOT EXISTS sluice.dora_windows_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    days UInt16,
    zone LowCardinality(String),
    as_of_day Date,
    from_day Date,
    to_day Date,
    deployment_frequency_count UInt32,
    deployment_frequency_per_day Float64,
    deployment_frequency_deploy_days UInt32,
    deployment_frequency_forward UInt32,
    deployment_frequency_config UInt32,
    deployment_frequency_rollback UInt32,
    deployment_frequency_redeploy UInt32,
    change_lead_time_n UInt32,
    change_lead_time_median_ms Nullable(Float64),
    change_lead_time_p90_ms Nullable(Float64),
    change_lead_time_clock_skew UInt32,
    change_lead_time_range_incomplete UInt32,
    change_lead_time_reason LowCardinality(Nullable(String)),
    deployment_success_rate_n UInt32,
    deployment_success_rate_value Nullable(Float64),
    deployment_success_rate_success UInt32,
    deployment_success_rate_failure UInt32,
    deployment_success_rate_cancelled UInt32,
    deployment_success_rate_skipped UInt32,
    deployment_success_rate_timed_out UInt32,
    deployment_success_rate_reason LowCardinality(Nullable(String)),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, service, environment, days, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.dora_windows_to_history TO sluice.dora_windows_history AS
SELECT
    tenant, service, environment, days, zone, as_of_day, from_day, to_day, deployment_frequency_count,
    deployment_frequency_per_day, deployment_frequency_deploy_days, deployment_frequency_forward,
    deployment_frequency_config, deployment_frequency_rollback, deployment_frequency_redeploy,
    change_lead_time_n, change_lead_time_median_ms, change_lead_time_p90_ms, change_lead_time_clock_skew,
    change_lead_time_range_incomplete, change_lead_time_reason, deployment_success_rate_n,
    deployment_success_rate_value, deployment_success_rate_success, deployment_success_rate_failure,
    deployment_success_rate_cancelled, deployment_success_rate_skipped, deployment_success_rate_timed_out,
    deployment_success_rate_reason, is_deleted, computed_at, row_generation, row_partition, row_offset,
    appended_at
FROM sluice.dora_windows;

CREATE TABLE IF NOT EXISTS sluice.periods_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    period LowCardinality(String),
    label String,
    zone LowCardinality(String),
    start Date,
    end Date,
    provisional Bool,
    deployment_frequency_count UInt32,
    deployment_frequency_per_day Float64,
    deployment_frequency_deploy_days UInt32,
    deployment_frequency_forward UInt32,
    deployment_frequency_config UInt32,
    deployment_frequency_rollback UInt32,
    deployment_frequency_redeploy UInt32,
    change_lead_time_n UInt32,
    change_lead_time_median_ms Nullable(Float64),
    change_lead_time_p90_ms Nullable(Float64),
    change_lead_time_clock_skew UInt32,
    change_lead_time_range_incomplete UInt32,
    change_lead_time_reason LowCardinality(Nullable(String)),
    deployment_success_rate_n UInt32,
    deployment_success_rate_value Nullable(Float64),
    deployment_success_rate_success UInt32,
    deployment_success_rate_failure UInt32,
    deployment_success_rate_cancelled UInt32,
    deployment_success_rate_skipped UInt32,
    deployment_success_rate_timed_out UInt32,
    deployment_success_rate_reason LowCardinality(Nullable(String)),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, service, environment, period, label, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.periods_to_history TO sluice.periods_history AS
SELECT
    tenant, service, environment, period, label, zone, start, end, provisional, deployment_frequency_count,
    deployment_frequency_per_day, deployment_frequency_deploy_days, deployment_frequency_forward,
    deployment_frequency_config, deployment_frequency_rollback, deployment_frequency_redeploy,
    change_lead_time_n, change_lead_time_median_ms, change_lead_time_p90_ms, change_lead_time_clock_skew,
    change_lead_time_range_incomplete, change_lead_time_reason, deployment_success_rate_n,
    deployment_success_rate_value, deployment_success_rate_success, deployment_success_rate_failure,
    deployment_success_rate_cancelled, deployment_success_rate_skipped, deployment_success_rate_timed_out,
    deployment_success_rate_reason, is_deleted, computed_at, row_generation, row_partition, row_offset,
    appended_at
FROM sluice.periods;

CREATE TABLE IF NOT EXISTS sluice.current_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    deployment_id Nullable(String),
    version Nullable(String),
    sha Nullable(String),
    digest Nullable(String),
    since Nullable(DateTime64(3, 'UTC')),
    previous_version Nullable(String),
    previous_deployment_id Nullable(String),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, service, environment, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.current_to_history TO sluice.current_history AS
SELECT
    tenant, service, environment, deployment_id, version, sha, digest, since, previous_version,
    previous_deployment_id, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.current;
