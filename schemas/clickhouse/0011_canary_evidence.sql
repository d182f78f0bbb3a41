-- How the verdicts of canary runs came about. A number of a run is null where there is none, or it is infinite.

-- A run as it stood last: at a later end of a bucket, and of one bucket as it was said last. The log may tell what is past again.
CREATE TABLE IF NOT EXISTS sluice.canary_runs
(
    tenant LowCardinality(String),
    run String,
    at DateTime64(3, 'UTC'),
    state LowCardinality(String),
    log_e Nullable(Float64),
    log_e_to_fail Nullable(Float64),
    log_e_to_pass Nullable(Float64),
    service LowCardinality(String),
    environment LowCardinality(String),
    baseline_version Nullable(String),
    canary_version Nullable(String),
    config_digest String,
    alpha Float64,
    started_at DateTime64(3, 'UTC'),
    ended Bool,
    reasons Array(String),
    notes Array(String),
    doubts Array(String),
    condition Nullable(String),
    twin LowCardinality(Nullable(String)),
    seconds_to_pass Nullable(Float64),
    seconds_to_fail Nullable(Float64),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(at)), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, run)
TTL toDateTime(at) + INTERVAL 400 DAY;

-- A metric of a run at the end of a bucket: of the ten seconds before, of the decision, or of the end.
CREATE TABLE IF NOT EXISTS sluice.canary_evidence
(
    tenant LowCardinality(String),
    run String,
    at DateTime64(3, 'UTC'),
    state LowCardinality(String),
    log_e Nullable(Float64),
    log_e_to_fail Nullable(Float64),
    log_e_to_pass Nullable(Float64),
    metric LowCardinality(String),
    kind LowCardinality(String),
    direction LowCardinality(String),
    scale LowCardinality(Nullable(String)),
    verdict LowCardinality(String),
    estimate Nullable(Float64),
    lower Nullable(Float64),
    upper Nullable(Float64),
    tolerance Nullable(Float64),
    margin Nullable(Float64),
    log_e_fail Nullable(Float64),
    log_e_pass Nullable(Float64),
    baseline_n Nullable(Float64),
    baseline_events Nullable(Float64),
    canary_n Nullable(Float64),
    canary_events Nullable(Float64),
    resolution_floor Nullable(Float64),
    reason String CODEC(ZSTD(3)),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version)
ORDER BY (tenant, run, metric, at)
TTL toDateTime(at) + INTERVAL 400 DAY;

-- One row is a run as it stands.
CREATE VIEW IF NOT EXISTS dash.canary_runs AS
SELECT
    tenant, run, service, environment, baseline_version, canary_version, config_digest, alpha, started_at, at, ended, state,
    reasons, notes, doubts, condition, twin, log_e, log_e_to_fail, log_e_to_pass, seconds_to_pass, seconds_to_fail
FROM sluice.canary_runs FINAL;

-- One row is a metric of a run at the end of a bucket. estimate is the canary's value by the baseline's, with its confidence
-- sequence lower to upper; tolerance and margin are relative. For a gauge on the linear scale (scale = 'linear') it is their
-- difference, and tolerance and margin are absolute. state, log_e, log_e_to_fail and log_e_to_pass are of the run.
CREATE VIEW IF NOT EXISTS dash.canary_evidence AS
SELECT
    tenant, run, metric, at, kind, direction, scale, verdict, estimate, lower, upper, tolerance, margin, log_e_fail, log_e_pass,
    baseline_n, baseline_events, canary_n, canary_events, resolution_floor, reason, state, log_e, log_e_to_fail,
    log_e_to_pass
FROM sluice.canary_evidence FINAL;

-- Of the runs that ended from `from` to before `to`, how many had an A/A twin and in how many it failed, which is a false alarm
-- of the same tests; value is their share, with its 95 % interval (Wilson), and alpha the bound that the runs promise, as a
-- mean. One row; none without a twin.
CREATE VIEW IF NOT EXISTS dash.canary_twins AS
WITH 1.959963984540054 AS z
SELECT
    n,
    failed,
    failed / n AS value,
    if(failed = 0, 0, greatest(0, (value + z * z / (2 * n) - reach) / (1 + z * z / n))) AS lower,
    if(failed = n, 1, least(1, (value + z * z / (2 * n) + reach) / (1 + z * z / n))) AS upper,
    promised AS alpha
FROM
(
    SELECT
        toUInt32(count()) AS n,
        toUInt32(countIf(twin = 'Failed')) AS failed,
        avg(alpha) AS promised,
        z * sqrt(failed / n * (1 - failed / n) / n + z * z / (4 * n * n)) AS reach
    FROM sluice.canary_runs FINAL
    WHERE tenant = {tenant:String} AND environment = {environment:String} AND ended AND twin IS NOT NULL
        AND ({service:String} = '' OR service = {service:String})
        AND at >= {from:DateTime64(3, 'UTC')} AND at < {to:DateTime64(3, 'UTC')}
    HAVING n > 0
);
