-- Contract views: all that panels, the report and its API read. Views filter, count, sum and take quantiles; what
-- counts is judged in the rows. FINAL: replays, duplicates and replaced versions never show, deleted rows neither.

CREATE VIEW IF NOT EXISTS dash.deployments AS
SELECT
    tenant, service, environment, id, result, kind, counted, excluded_reason, seed, queued_at, started_at,
    finished_at, version, repository, sha, digest, group_id, remediates, remediates_deployment_id, commits, flags,
    computed_at
FROM sluice.deployments FINAL;

CREATE VIEW IF NOT EXISTS dash.changes AS
SELECT
    tenant, service, environment, repository, sha, deployment_id, authored_at, finished_at, lead_time_ms, counted,
    excluded_reason, computed_at
FROM sluice.changes FINAL;

CREATE VIEW IF NOT EXISTS dash.dora_windows AS
SELECT
    tenant, service, environment, days, zone, as_of_day, from_day, to_day,
    deployment_frequency_count, deployment_frequency_per_day, deployment_frequency_deploy_days,
    deployment_frequency_forward, deployment_frequency_config, deployment_frequency_rollback,
    deployment_frequency_redeploy,
    change_lead_time_n, change_lead_time_median_ms, change_lead_time_p90_ms, change_lead_time_clock_skew,
    change_lead_time_range_incomplete, change_lead_time_reason,
    deployment_success_rate_n, deployment_success_rate_value, deployment_success_rate_success,
    deployment_success_rate_failure, deployment_success_rate_cancelled, deployment_success_rate_skipped,
    deployment_success_rate_timed_out, deployment_success_rate_reason,
    computed_at
FROM sluice.dora_windows FINAL;

CREATE VIEW IF NOT EXISTS dash.periods AS
SELECT
    tenant, service, environment, period, label, zone, start, end, provisional,
    deployment_frequency_count, deployment_frequency_per_day, deployment_frequency_deploy_days,
    deployment_frequency_forward, deployment_frequency_config, deployment_frequency_rollback,
    deployment_frequency_redeploy,
    change_lead_time_n, change_lead_time_median_ms, change_lead_time_p90_ms, change_lead_time_clock_skew,
    change_lead_time_range_incomplete, change_lead_time_reason,
    deployment_success_rate_n, deployment_success_rate_value, deployment_success_rate_success,
    deployment_success_rate_failure, deployment_success_rate_cancelled, deployment_success_rate_skipped,
    deployment_success_rate_timed_out, deployment_success_rate_reason,
    computed_at
FROM sluice.periods FINAL;

-- What runs where.
CREATE VIEW IF NOT EXISTS dash.current AS
SELECT
    tenant, service, environment, deployment_id, version, sha, digest, since, previous_version,
    previous_deployment_id, computed_at
FROM sluice.current FINAL;

-- Every (tenant, service, environment) that anything is known of; for lists to choose from.
CREATE VIEW IF NOT EXISTS dash.services AS
SELECT DISTINCT tenant, service, environment
FROM
(
    SELECT tenant, service, environment FROM sluice.dora_windows FINAL
    UNION ALL
    SELECT tenant, service, environment FROM sluice.current FINAL
);

-- One row for each metric of each period, for graphs. A metric without data is NULL, never 0. value is in the
-- metric's own unit: deployments a day, seconds, share of 1; n is what it is computed from.
CREATE VIEW IF NOT EXISTS dash.dora_series AS
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
    point.3 AS n
FROM sluice.periods FINAL
ARRAY JOIN
[
    ('deployment_frequency', CAST(deployment_frequency_per_day, 'Nullable(Float64)'), deployment_frequency_count),
    ('change_lead_time', change_lead_time_median_ms / 1000, change_lead_time_n),
    ('deployment_success_rate', deployment_success_rate_value, deployment_success_rate_n)
] AS point;

-- Quarters computed from the facts alone: must equal the rows of dash.periods that the stream computed. Days and
-- quarters are those of UTC: for rows of another zone only the counts of whole data agree.
CREATE VIEW IF NOT EXISTS dash.quarters_from_facts AS
SELECT
    tenant,
    service,
    environment,
    concat(toString(toYear(finished_at)), '-Q', toString(toQuarter(finished_at))) AS label,
    countIf(is_deployment) AS deployments,
    uniqExactIf(toDate(finished_at, 'UTC'), is_deployment) AS deploy_days,
    countIf(NOT is_deployment) AS lead_n,
    if(lead_n = 0, NULL, quantileExactInclusiveIf(0.5)(lead_time, NOT is_deployment)) AS lead_median_ms,
    if(lead_n = 0, NULL, quantileExactInclusiveIf(0.9)(lead_time, NOT is_deployment)) AS lead_p90_ms
FROM
(
    SELECT
        tenant, service, environment, assumeNotNull(deployments.finished_at) AS finished_at,
        toInt64(0) AS lead_time, true AS is_deployment
    FROM sluice.deployments FINAL
    WHERE counted AND isNotNull(deployments.finished_at)
    UNION ALL
    SELECT
        tenant, service, environment, assumeNotNull(changes.finished_at) AS finished_at,
        assumeNotNull(lead_time_ms) AS lead_time, false AS is_deployment
    FROM sluice.changes FINAL
    WHERE counted AND isNotNull(changes.finished_at) AND isNotNull(lead_time_ms)
)
GROUP BY tenant, service, environment, label;

-- Normalised events; the same event of two deliveries shows once, as its newest delivery said it.
CREATE VIEW IF NOT EXISTS dash.events AS
SELECT tenant, id, delivery, type, subject, source, occurred_at, received_at, body
FROM sluice.events FINAL
ORDER BY tenant, id, received_at DESC
LIMIT 1 BY tenant, id;

CREATE VIEW IF NOT EXISTS dash.dead_letters AS
SELECT
    tenant, delivery, disposition, source, connection, delivery_key, event, reason, detail, pointer, received_at
FROM sluice.dead_letters FINAL;

-- Every delivery with what became of it: status is events, dead_letter, ignored, duplicate or pending.
CREATE VIEW IF NOT EXISTS dash.deliveries AS
SELECT
    d.tenant AS tenant,
    d.id AS id,
    d.source AS source,
    d.connection AS connection,
    d.delivery_key AS delivery_key,
    d.event AS event,
    d.principal AS principal,
    d.received_at AS received_at,
    length(d.body) AS body_bytes,
    multiIf(e.events > 0, 'events', l.disposition != '', lower(l.disposition), 'pending') AS status,
    e.events AS events,
    nullIf(l.reason, '') AS reason,
    nullIf(l.detail, '') AS detail,
    l.pointer AS pointer
FROM (SELECT * FROM sluice.deliveries FINAL) AS d
LEFT JOIN
(
    SELECT tenant, delivery, count() AS events FROM sluice.events FINAL GROUP BY tenant, delivery
) AS e ON e.tenant = d.tenant AND e.delivery = d.id
LEFT JOIN (SELECT * FROM sluice.dead_letters FINAL) AS l ON l.tenant = d.tenant AND l.delivery = d.id;

-- Deliveries a minute, by source and by what became of them.
CREATE VIEW IF NOT EXISTS dash.ingest_minute AS
SELECT
    toStartOfMinute(toDateTime(received_at, 'UTC')) AS minute,
    tenant,
    source,
    count() AS received,
    countIf(status = 'events') AS accepted,
    countIf(status = 'duplicate') AS duplicate,
    countIf(status = 'ignored') AS ignored,
    countIf(status = 'dead_letter') AS dead_letter,
    countIf(status = 'pending') AS pending
FROM dash.deliveries
GROUP BY minute, tenant, source;

CREATE VIEW IF NOT EXISTS dash.gate_decisions AS
SELECT
    tenant, id, gate, service, environment, artifact_version, artifact_digest, artifact_commit, decision, allowed,
    status, reason, score, freshness_age_ms, freshness_limit_ms, freshness_stale, principal, decided_at, expires_at,
    body
FROM sluice.decisions FINAL;

-- The rules of every decision.
CREATE VIEW IF NOT EXISTS dash.gate_rules AS
SELECT
    tenant,
    id AS decision_id,
    gate,
    service,
    environment,
    decided_at,
    JSONExtractString(evaluated, 'policy') AS policy,
    JSONExtractString(evaluated, 'rule') AS rule,
    JSONExtractString(evaluated, 'mode') AS mode,
    JSONExtractString(evaluated, 'outcome') AS outcome,
    JSONExtractString(evaluated, 'reason') AS reason,
    JSONExtract(evaluated, 'metric', 'Nullable(String)') AS metric,
    JSONExtract(evaluated, 'window', 'Nullable(String)') AS window,
    JSONExtract(evaluated, 'operator', 'Nullable(String)') AS operator,
    JSONExtract(evaluated, 'threshold', 'Nullable(Float64)') AS threshold,
    JSONExtract(evaluated, 'value', 'Nullable(Float64)') AS value,
    JSONExtract(evaluated, 'n', 'Nullable(Int64)') AS n
FROM sluice.decisions FINAL
ARRAY JOIN JSONExtractArrayRaw(body, 'rules') AS evaluated;

-- One row: everything received before stored_through is in these views; NULL before the first report.
CREATE VIEW IF NOT EXISTS dash.freshness AS
SELECT max(reached) AS stored_through
FROM
(
    SELECT if(count() = max(writers), min(through), NULL) AS reached
    FROM sluice.store_progress FINAL
    GROUP BY generation
);

CREATE VIEW IF NOT EXISTS dash.job_progress AS
SELECT job, partition, at, generation
FROM sluice.job_progress FINAL;

-- The first offset of each topic partition that is not stored yet.
CREATE VIEW IF NOT EXISTS dash.stored_offsets AS
SELECT topic, partition, next_offset
FROM sluice.store_offsets FINAL;

CREATE VIEW IF NOT EXISTS dash.unreadable AS
SELECT topic, partition, offset, target, reason, record_key, appended_at
FROM sluice.unreadable FINAL;
