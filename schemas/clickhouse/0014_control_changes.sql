-- Who has set up what, or ended it: each change of what people and pipelines say. body is the whole record of the audit log.
CREATE TABLE IF NOT EXISTS sluice.control_changes
(
    tenant LowCardinality(String),
    what LowCardinality(String),
    id String,
    principal LowCardinality(String),
    at DateTime64(3, 'UTC'),
    deleted Bool,
    body String CODEC(ZSTD(3)),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, at, what, id, row_partition, row_offset)
TTL toDateTime(at) + INTERVAL 400 DAY;

CREATE VIEW IF NOT EXISTS dash.control_changes AS
SELECT tenant, what, id, principal, at, deleted, JSONExtractRaw(body, 'document') AS document
FROM sluice.control_changes FINAL;
