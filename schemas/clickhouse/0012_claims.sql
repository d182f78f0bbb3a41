-- Who was the first to have something of which there is one, such as the use of a decision: what = 'consumption', id = the decision.
-- Of the claims to one thing the first in the log holds; a later one holds only where the one before was forgotten (valid_until).
CREATE TABLE IF NOT EXISTS sluice.claims
(
    tenant LowCardinality(String),
    record String,
    what LowCardinality(String),
    id String,
    claimant String,
    principal LowCardinality(String),
    at DateTime64(3, 'UTC'),
    valid_until DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, what, id, record)
TTL toDateTime(at) + INTERVAL 400 DAY;

-- A decision that was consumed, and by whom.
CREATE VIEW IF NOT EXISTS dash.gate_consumptions AS
SELECT
    tenant,
    id AS decision_id,
    argMin(claimant, row_offset) AS consumer,
    argMin(principal, row_offset) AS principal,
    argMin(at, row_offset) AS consumed_at,
    count() AS claims
FROM sluice.claims FINAL
WHERE what = 'consumption'
GROUP BY tenant, id;
