-- What the audit of gates is made of: policies, overrides and exemptions of a decision, and what was deployed without one.

-- Parts of the body as columns of their own: the body has all that was judged, and is long. override is empty or null without one.
ALTER TABLE sluice.decisions
    ADD COLUMN IF NOT EXISTS code LowCardinality(String) MATERIALIZED JSONExtractString(body, 'code'),
    ADD COLUMN IF NOT EXISTS policies String MATERIALIZED JSONExtractRaw(body, 'policies') CODEC(ZSTD(3)),
    ADD COLUMN IF NOT EXISTS rules String MATERIALIZED JSONExtractRaw(body, 'rules') CODEC(ZSTD(3)),
    ADD COLUMN IF NOT EXISTS override String MATERIALIZED JSONExtractRaw(body, 'override') CODEC(ZSTD(3));

-- One row is a decision as it was recorded last: a pending one that was resolved is what it became. overridden: people let it pass;
-- override_* is NULL otherwise, and where the record does not say. exemptions counts the rules that an exemption kept from deciding.
CREATE OR REPLACE VIEW dash.gate_decisions AS
SELECT
    tenant, id, gate, service, environment, artifact_version, artifact_digest, artifact_commit, decision, allowed,
    status, reason, score, freshness_age_ms, freshness_limit_ms, freshness_stale, principal, decided_at, expires_at,
    body, code,
    toBool(override NOT IN ('', 'null')) AS overridden,
    JSONExtract(override, 'id', 'Nullable(String)') AS override_id,
    JSONExtract(override, 'requester', 'Nullable(String)') AS override_requester,
    JSONExtract(override, 'approver', 'Nullable(String)') AS override_approver,
    JSONExtract(override, 'reason', 'Nullable(String)') AS override_reason,
    JSONExtract(override, 'ticket', 'Nullable(String)') AS override_ticket,
    parseDateTime64BestEffortOrNull(JSONExtractString(override, 'expires_at'), 3, 'UTC') AS override_expires_at,
    toUInt32(arrayCount(
        rule -> JSONExtractRaw(rule, 'exemption') NOT IN ('', 'null') AND JSONExtractString(rule, 'mode') = 'enforce'
            AND JSONExtractString(rule, 'outcome') != 'allow',
        JSONExtractArrayRaw(rules))) AS exemptions
FROM sluice.decisions FINAL;

-- The rules of every decision. decision is what the decision says as a whole; exemption is the id of what keeps the rule from deciding
-- unless it allows; exempted: it would have counted, and did not.
CREATE OR REPLACE VIEW dash.gate_rules AS
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
    JSONExtract(evaluated, 'n', 'Nullable(Int64)') AS n,
    JSONExtractString(evaluated, 'code') AS code,
    decision,
    toBool(JSONExtractRaw(evaluated, 'exemption') NOT IN ('', 'null') AND mode = 'enforce' AND outcome != 'allow') AS exempted,
    JSONExtract(JSONExtractRaw(evaluated, 'exemption'), 'id', 'Nullable(String)') AS exemption
FROM sluice.decisions FINAL
ARRAY JOIN JSONExtractArrayRaw(rules) AS evaluated;

-- The policies of every decision. outcome is the worst of the policy's enforced rules, of which an exempted one allows; NULL where none
-- was judged, as of a service that nothing is known of.
CREATE OR REPLACE VIEW dash.gate_policies AS
SELECT
    tenant, decision_id, gate, service, environment, decided_at, decision, policy, version, digest,
    multiIf(
        has(outcomes, 'error'), 'error',
        has(outcomes, 'deny'), 'deny',
        has(outcomes, 'pending'), 'pending',
        notEmpty(outcomes), 'allow',
        NULL) AS outcome
FROM
(
    SELECT
        tenant,
        id AS decision_id,
        gate,
        service,
        environment,
        decided_at,
        decision,
        JSONExtractString(stated, 'name') AS policy,
        JSONExtractString(stated, 'version') AS version,
        JSONExtractString(stated, 'digest') AS digest,
        arrayMap(
            rule -> if(JSONExtractRaw(rule, 'exemption') IN ('', 'null'), JSONExtractString(rule, 'outcome'), 'allow'),
            arrayFilter(
                rule -> JSONExtractString(rule, 'policy') = policy AND JSONExtractString(rule, 'mode') = 'enforce',
                JSONExtractArrayRaw(rules))) AS outcomes
    FROM sluice.decisions FINAL
    ARRAY JOIN JSONExtractArrayRaw(policies) AS stated
);

-- A decision that was consumed, by whom, and what it was of.
CREATE OR REPLACE VIEW dash.gate_consumptions AS
SELECT
    used.tenant AS tenant,
    used.decision_id AS decision_id,
    used.consumer AS consumer,
    used.principal AS principal,
    used.consumed_at AS consumed_at,
    used.claims AS claims,
    decided.gate AS gate,
    decided.service AS service,
    decided.environment AS environment,
    decided.artifact_version AS artifact_version,
    decided.artifact_digest AS artifact_digest,
    decided.artifact_commit AS artifact_commit,
    decided.decided_at AS decided_at
FROM
(
    SELECT
        tenant,
        id AS decision_id,
        argMin(claimant, row_offset) AS consumer,
        argMin(principal, row_offset) AS principal,
        argMin(at, row_offset) AS consumed_at,
        count() AS claims
    FROM sluice.claims FINAL
    WHERE what = 'consumption'
    GROUP BY tenant, id
) AS used
LEFT JOIN
(
    SELECT
        tenant, id, gate, service, environment, artifact_version, artifact_digest, artifact_commit, decided_at
    FROM sluice.decisions FINAL
) AS decided ON decided.tenant = used.tenant AND decided.id = used.decision_id;

-- Every (tenant, service, environment) that a gate was asked about or that anything is known of.
CREATE OR REPLACE VIEW dash.gate_services AS
SELECT DISTINCT tenant, service, environment
FROM
(
    SELECT tenant, service, environment FROM sluice.decisions FINAL
    UNION ALL
    SELECT tenant, service, environment FROM dash.services
);

-- Deployments that succeeded or did harm, that began from `from` to before `to` in an environment whose gates had been asked by then, and
-- how each stands to the decisions. at is its start; its finish where the start is not known. A decision is of a deployment if both
-- name the version, the digest or the commit and they differ in none of them. It counts if it was made by the deployment's start, and is
-- in force until an hour after it expires: a pipeline takes a while to begin. One that allows is enough, also where another gate denied.
-- (A decision is looked up by what it names, and one that names nothing by the hours in which it is in force, 90 days of them at most:
-- comparing each deployment with all decisions of its service would take minutes.)
-- standing: 'allowed', a decision that allows was in force; 'expired', the last one allows but was not; 'against', the last one does
-- not allow; 'unnamed', there is none of the deployment, but one that allows was in force and names nothing that could be compared;
-- 'without', there is none. decision* and gate are of that decision, NULL where there is none.
CREATE OR REPLACE VIEW dash.gate_deployments AS
WITH multiIf(allowing > 0, allowed_by, earlier > 0, newest, unnamed_by) AS decided
SELECT
    {tenant:String} AS tenant,
    service,
    environment,
    id,
    at,
    started_at,
    finished_at,
    result,
    deployment_kind,
    version,
    sha,
    digest,
    fail_rate_counted,
    failed,
    multiIf(
        allowing > 0, 'allowed',
        earlier > 0 AND newest.3 = 'allow', 'expired',
        earlier > 0, 'against',
        unnamed > 0, 'unnamed',
        'without') AS standing,
    nullIf(decided.1, '') AS decision_id,
    if(decided.1 = '', NULL, decided.2) AS gate,
    if(decided.1 = '', NULL, decided.3) AS decision,
    if(decided.1 = '', NULL, decided.4) AS decided_at,
    if(decided.1 = '', NULL, decided.5) AS expires_at
FROM
(
    WITH
        (g.id, g.gate, g.decision, g.decided_at, g.expires_at) AS made,
        d.version = g.artifact_version AS same_version,
        d.digest = g.artifact_digest AS same_digest,
        d.sha = g.artifact_commit AS same_commit,
        ifNull(same_version, true) AND ifNull(same_digest, true) AND ifNull(same_commit, true) AS differ_in_none,
        coalesce(g.artifact_version, g.artifact_digest, g.artifact_commit) IS NULL AS names_nothing,
        g.id != '' AND g.decided_at <= d.moment AS is_earlier,
        is_earlier AND NOT names_nothing AND differ_in_none AS is_of_it,
        is_earlier AND g.decision = 'allow' AND d.moment < g.held_until AS holds
    SELECT
        d.service AS service,
        d.environment AS environment,
        d.id AS id,
        any(d.moment) AS at,
        any(d.started_at) AS started_at,
        any(d.finished_at) AS finished_at,
        any(d.result) AS result,
        any(d.kind) AS deployment_kind,
        any(d.version) AS version,
        any(d.sha) AS sha,
        any(d.digest) AS digest,
        any(d.fail_rate_counted) AS fail_rate_counted,
        any(d.failed) AS failed,
        countIf(is_of_it) AS earlier,
        countIf(is_of_it AND holds) AS allowing,
        countIf(names_nothing AND holds) AS unnamed,
        argMaxIf(made, g.decided_at, is_of_it) AS newest,
        argMaxIf(made, g.decided_at, is_of_it AND holds) AS allowed_by,
        argMaxIf(made, g.decided_at, names_nothing AND holds) AS unnamed_by
    FROM
    (
        SELECT
            service, environment, id, assumeNotNull(coalesce(deployments.started_at, deployments.finished_at)) AS moment,
            started_at, finished_at, result, kind, version, sha, digest, fail_rate_counted, failed,
            arrayJoin(arrayConcat(
                if(isNull(version), [], [concat('version ', assumeNotNull(version))]),
                if(isNull(digest), [], [concat('digest ', assumeNotNull(digest))]),
                if(isNull(sha), [], [concat('commit ', assumeNotNull(sha))]),
                [concat('hour ', toString(intDiv(toUnixTimestamp(moment), 3600)))])) AS name
        FROM sluice.deployments FINAL
        WHERE tenant = {tenant:String} AND (result = 'SUCCESS' OR fail_rate_counted)
            AND coalesce(deployments.started_at, deployments.finished_at) >= {from:DateTime64(3, 'UTC')}
            AND coalesce(deployments.started_at, deployments.finished_at) < {to:DateTime64(3, 'UTC')}
    ) AS d
    INNER JOIN
    (
        SELECT environment, min(decided_at) AS since
        FROM sluice.decisions FINAL
        WHERE tenant = {tenant:String}
        GROUP BY environment
    ) AS guarded ON guarded.environment = d.environment
    LEFT JOIN
    (
        SELECT
            id, gate, service, environment, artifact_version, artifact_digest, artifact_commit, decision, decided_at, expires_at,
            ifNull(expires_at, decided_at) + INTERVAL 1 HOUR AS held_until,
            arrayJoin(if(
                coalesce(artifact_version, artifact_digest, artifact_commit) IS NULL,
                arrayMap(
                    hour -> concat('hour ', toString(hour)),
                    range(
                        intDiv(toUnixTimestamp(decided_at), 3600),
                        if(decision = 'allow', intDiv(toUnixTimestamp(least(held_until, decided_at + INTERVAL 90 DAY)), 3600) + 1, 0))),
                arrayConcat(
                    if(isNull(artifact_version), [], [concat('version ', assumeNotNull(artifact_version))]),
                    if(isNull(artifact_digest), [], [concat('digest ', assumeNotNull(artifact_digest))]),
                    if(isNull(artifact_commit), [], [concat('commit ', assumeNotNull(artifact_commit))])))) AS name
        FROM sluice.decisions FINAL
        WHERE tenant = {tenant:String} AND decided_at < {to:DateTime64(3, 'UTC')}
    ) AS g ON g.service = d.service AND g.environment = d.environment AND g.name = d.name
    WHERE d.moment >= guarded.since
    GROUP BY d.service, d.environment, d.id
);

-- What was deployed past the gates: the successful deployments of dash.gate_deployments that no decision in force allowed. kind is why:
-- 'without', 'against', 'expired' or 'unnamed', as standing there.
CREATE OR REPLACE VIEW dash.gate_bypasses AS
SELECT
    tenant, standing AS kind, service, environment, id, at, started_at, finished_at, deployment_kind, version, sha, digest, failed,
    decision_id, gate, decision, decided_at, expires_at
FROM dash.gate_deployments(tenant = {tenant:String}, `from` = {from:DateTime64(3, 'UTC')}, to = {to:DateTime64(3, 'UTC')})
WHERE standing != 'allowed' AND result = 'SUCCESS';

-- How the deployments of dash.gate_deployments turned out, a row for each standing. n is those that change fail rate judges, failed
-- those of them that failed, value their share with its 95 % interval (Wilson), which fewer than five have not; deployments counts the
-- successful ones. service is empty for all.
CREATE OR REPLACE VIEW dash.gate_quality AS
WITH 1.959963984540054 AS z
SELECT
    standing,
    deployments,
    n,
    failed,
    failed / nullIf(n, 0) AS value,
    if(n < 5, NULL, if(failed = 0, 0, greatest(0, (value + z * z / (2 * n) - reach) / (1 + z * z / n)))) AS lower,
    if(n < 5, NULL, if(failed = n, 1, least(1, (value + z * z / (2 * n) + reach) / (1 + z * z / n)))) AS upper
FROM
(
    SELECT
        standing,
        toUInt32(countIf(result = 'SUCCESS')) AS deployments,
        toUInt32(countIf(fail_rate_counted)) AS n,
        toUInt32(countIf(fail_rate_counted AND gate_deployments.failed)) AS failed,
        z * sqrt(failed / n * (1 - failed / n) / n + z * z / (4 * n * n)) AS reach
    FROM dash.gate_deployments(
        tenant = {tenant:String}, `from` = {from:DateTime64(3, 'UTC')}, to = {to:DateTime64(3, 'UTC')}) AS gate_deployments
    WHERE environment = {environment:String} AND ({service:String} = '' OR service = {service:String})
    GROUP BY standing
);
