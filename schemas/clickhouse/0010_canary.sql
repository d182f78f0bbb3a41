-- Canary runs: each bucket as it was judged, so that a verdict can be computed again. The body has what both arms did.

CREATE TABLE IF NOT EXISTS sluice.canary_buckets
(
    tenant LowCardinality(String),
    run String,
    begin DateTime64(3, 'UTC'),
    body String CODEC(ZSTD(3)),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, run, begin)
TTL toDateTime(begin) + INTERVAL 400 DAY;
