-- Shifts: lasting changes of a metric. A value is a rate from 0 to 1, milliseconds, or a count a week, as its metric is.

CREATE TABLE IF NOT EXISTS sluice.shifts
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    metric LowCardinality(String),
    direction LowCardinality(String),
    began DateTime64(3, 'UTC'),
    detected DateTime64(3, 'UTC'),
    reported_at DateTime64(3, 'UTC'),
    before_n UInt32,
    before_value Float64,
    before_lower Nullable(Float64),
    before_upper Nullable(Float64),
    after_n UInt32,
    after_value Float64,
    after_lower Nullable(Float64),
    after_upper Nullable(Float64),
    log_evidence Float64,
    withdrawn Bool,
    withdrawn_at Nullable(DateTime64(3, 'UTC')),
    moved_to Nullable(DateTime64(3, 'UTC')),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service, environment, metric, direction, began);

CREATE TABLE IF NOT EXISTS sluice.shifts_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    metric LowCardinality(String),
    direction LowCardinality(String),
    began DateTime64(3, 'UTC'),
    detected DateTime64(3, 'UTC'),
    reported_at DateTime64(3, 'UTC'),
    before_n UInt32,
    before_value Float64,
    before_lower Nullable(Float64),
    before_upper Nullable(Float64),
    after_n UInt32,
    after_value Float64,
    after_lower Nullable(Float64),
    after_upper Nullable(Float64),
    log_evidence Float64,
    withdrawn Bool,
    withdrawn_at Nullable(DateTime64(3, 'UTC')),
    moved_to Nullable(DateTime64(3, 'UTC')),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, service, environment, metric, direction, began, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.shifts_to_history TO sluice.shifts_history AS
SELECT
    tenant, service, environment, metric, direction, began, detected, reported_at, before_n, before_value, before_lower,
    before_upper, after_n, after_value, after_lower, after_upper, log_evidence, withdrawn, withdrawn_at, moved_to,
    is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.shifts;

-- Those that were withdrawn are there too, and say so.
CREATE OR REPLACE VIEW dash.shifts AS
SELECT
    tenant, service, environment, metric, direction, began, detected, reported_at, before_n, before_value, before_lower,
    before_upper, after_n, after_value, after_lower, after_upper, log_evidence, withdrawn, withdrawn_at, moved_to,
    computed_at
FROM sluice.shifts FINAL;
