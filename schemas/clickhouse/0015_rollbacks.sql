-- Orders to roll back, each as it stands last, and what came of sending them. body is the row of the topic; since is when the order came to
-- stand as it does.
CREATE TABLE IF NOT EXISTS sluice.rollbacks
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    id String,
    state LowCardinality(String),
    trigger LowCardinality(String),
    trigger_id String,
    reason String,
    principal Nullable(String),
    from_version Nullable(String),
    from_deployment_id Nullable(String),
    to_version Nullable(String),
    to_deployment_id Nullable(String),
    ordered_at DateTime64(3, 'UTC'),
    expires_at DateTime64(3, 'UTC'),
    attempts UInt32,
    body String CODEC(ZSTD(3)),
    since DateTime64(3, 'UTC')
        MATERIALIZED parseDateTime64BestEffort(JSONExtractString(JSONExtractArrayRaw(body, 'order', 'steps')[-1], 'at'), 3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, id);

CREATE TABLE IF NOT EXISTS sluice.rollback_attempts
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    environment LowCardinality(String),
    order_id String,
    outcome LowCardinality(String),
    at DateTime64(3, 'UTC'),
    attempt UInt32,
    words String,
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, order_id, at, row_partition, row_offset)
TTL toDateTime(at) + INTERVAL 400 DAY;

CREATE VIEW IF NOT EXISTS dash.rollbacks AS
SELECT
    o.tenant AS tenant,
    o.service AS service,
    o.environment AS environment,
    o.id AS id,
    lower(o.state) AS state,
    lower(o.trigger) AS trigger,
    o.trigger_id AS trigger_id,
    o.reason AS reason,
    o.principal AS principal,
    o.from_version AS from_version,
    o.from_deployment_id AS from_deployment_id,
    o.to_version AS to_version,
    o.to_deployment_id AS to_deployment_id,
    o.ordered_at AS ordered_at,
    o.expires_at AS expires_at,
    o.since AS since,
    o.attempts AS attempts,
    JSONExtractRaw(o.body, 'order', 'steps') AS steps
FROM sluice.rollbacks AS o FINAL;

-- An outcome that is said again until it is heard is one row.
CREATE VIEW IF NOT EXISTS dash.rollback_attempts AS
SELECT
    a.tenant AS tenant,
    a.service AS service,
    a.environment AS environment,
    a.order_id AS order_id,
    lower(a.outcome) AS outcome,
    min(a.at) AS at,
    a.attempt AS attempt,
    any(a.words) AS words
FROM sluice.rollback_attempts AS a FINAL
GROUP BY a.tenant, a.service, a.environment, a.order_id, a.outcome, a.attempt;
