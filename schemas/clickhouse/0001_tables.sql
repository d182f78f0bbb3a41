-- Databases first: one for the tables, one for the contract views.

CREATE DATABASE IF NOT EXISTS sluice ENGINE = Atomic;

CREATE DATABASE IF NOT EXISTS dash ENGINE = Atomic;

-- Tables: the newest version of every row, by identity.
--
-- Every table ends with the same four columns: where the row stands in Kafka.
--   row_generation  start of the job attempt that wrote it, ms since the epoch; 0 where the topic has no generations
--   row_partition   partition of its topic
--   row_offset      offset in the partition
--   appended_at     the record's timestamp
-- row_version orders the versions of a row: a newer generation first, then the offset. A row that a dead attempt
-- still managed to write after its successor began never shows.

CREATE TABLE IF NOT EXISTS sluice.deployments
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
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service, environment, id);

CREATE TABLE IF NOT EXISTS sluice.changes
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
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service, environment, repository, sha);

-- One row for each rolling window; from_day and to_day are the row's "from" and "to", which SQL reserves.
CREATE TABLE IF NOT EXISTS sluice.dora_windows
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
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service, environment, days);

CREATE TABLE IF NOT EXISTS sluice.periods
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
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service, environment, period, label);

CREATE TABLE IF NOT EXISTS sluice.current
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
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service, environment);

-- Deliveries as they came: the archive from which the raw topic can be played again.
-- received_at is the broker's append time, which no correction changes: it may partition the table. It is part of
-- the identity so that a new Kafka, whose offsets begin again, does not overwrite the archive.
CREATE TABLE IF NOT EXISTS sluice.deliveries
(
    tenant LowCardinality(String),
    partition UInt16,
    offset UInt64,
    id String,
    source LowCardinality(String),
    connection LowCardinality(String),
    delivery_key String,
    event LowCardinality(String),
    principal LowCardinality(String),
    content_type LowCardinality(String),
    accepted_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    body String CODEC(ZSTD(3))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (partition, offset, received_at)
TTL toDateTime(received_at) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;

-- Normalised events. Two deliveries may say the same (one id): each keeps its own row.
CREATE TABLE IF NOT EXISTS sluice.events
(
    tenant LowCardinality(String),
    delivery String,
    id String,
    type LowCardinality(String),
    subject String,
    source LowCardinality(String),
    occurred_at DateTime64(3, 'UTC'),
    received_at DateTime64(3, 'UTC'),
    body String CODEC(ZSTD(3)),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, delivery, id);

CREATE TABLE IF NOT EXISTS sluice.dead_letters
(
    tenant LowCardinality(String),
    delivery String,
    disposition LowCardinality(String),
    source LowCardinality(String),
    connection LowCardinality(String),
    delivery_key String,
    event LowCardinality(String),
    reason LowCardinality(String),
    detail String,
    pointer Nullable(String),
    received_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, delivery);

-- The audit log. body is the whole decision; the columns are what panels filter and group by.
CREATE TABLE IF NOT EXISTS sluice.decisions
(
    tenant LowCardinality(String),
    id String,
    gate LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    artifact_version Nullable(String),
    artifact_digest Nullable(String),
    artifact_commit Nullable(String),
    decision LowCardinality(String),
    allowed Bool,
    status LowCardinality(String),
    reason String,
    score Nullable(Float64),
    freshness_age_ms Nullable(Int64),
    freshness_limit_ms Nullable(Int64),
    freshness_stale Nullable(Bool),
    principal LowCardinality(String),
    decided_at DateTime64(3, 'UTC'),
    expires_at Nullable(DateTime64(3, 'UTC')),
    body String CODEC(ZSTD(3)),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, id);

-- How far each job says that it has come (topic sluice.progress.v1).
CREATE TABLE IF NOT EXISTS sluice.job_progress
(
    job LowCardinality(String),
    partition UInt16,
    at DateTime64(3, 'UTC'),
    generation UInt64,
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (job, partition);

-- How far the writers of these tables have come: everything received before "through" that reaches the writer is
-- stored. A generation speaks once all of its writers have spoken.
CREATE TABLE IF NOT EXISTS sluice.store_progress
(
    generation UInt64,
    writer UInt16,
    writers UInt16,
    through DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(through)
ORDER BY (generation, writer);

-- The first offset of each topic partition that is not stored yet.
CREATE TABLE IF NOT EXISTS sluice.store_offsets
(
    topic LowCardinality(String),
    partition UInt16,
    next_offset UInt64
)
ENGINE = ReplacingMergeTree(next_offset)
ORDER BY (topic, partition);

-- Records that could not be made into rows, with the reason; value is the record's value as it came.
CREATE TABLE IF NOT EXISTS sluice.unreadable
(
    topic LowCardinality(String),
    partition UInt16,
    offset UInt64,
    target LowCardinality(String),
    reason String,
    record_key Nullable(String),
    value String CODEC(ZSTD(3)),
    appended_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(appended_at)
ORDER BY (topic, partition, offset, target, appended_at)
TTL toDateTime(appended_at) + INTERVAL 400 DAY
SETTINGS ttl_only_drop_parts = 1;
