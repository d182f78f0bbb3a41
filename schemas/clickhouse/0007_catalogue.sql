-- The catalogue: what is set for services, and which team, group and class things belong to, each for a time. Facts get the
-- day on which they count, in the zone of their service, so that any range of days is added up as the stream does it.

-- What is set for services.
CREATE TABLE IF NOT EXISTS sluice.service_settings
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    zone LowCardinality(String),
    link_window_ms Int64,
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, service);

CREATE TABLE IF NOT EXISTS sluice.service_settings_history
(
    tenant LowCardinality(String),
    service LowCardinality(String),
    zone LowCardinality(String),
    link_window_ms Int64,
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, service, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.service_settings_to_history TO sluice.service_settings_history AS
SELECT
    tenant, service, zone, link_window_ms, is_deleted, computed_at, row_generation, row_partition, row_offset,
    appended_at
FROM sluice.service_settings;

-- What belongs to what, from valid_from until valid_to: SERVICE_TEAM, TEAM_GROUP, ENVIRONMENT_CLASS.
CREATE TABLE IF NOT EXISTS sluice.assignments
(
    tenant LowCardinality(String),
    kind LowCardinality(String),
    subject LowCardinality(String),
    from_day Date,
    value LowCardinality(Nullable(String)),
    valid_from Nullable(DateTime64(3, 'UTC')),
    valid_to Nullable(DateTime64(3, 'UTC')),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    row_version UInt128 MATERIALIZED bitOr(bitShiftLeft(toUInt128(row_generation), 64), toUInt128(row_offset))
)
ENGINE = ReplacingMergeTree(row_version, is_deleted)
ORDER BY (tenant, kind, subject, from_day);

CREATE TABLE IF NOT EXISTS sluice.assignments_history
(
    tenant LowCardinality(String),
    kind LowCardinality(String),
    subject LowCardinality(String),
    from_day Date,
    value LowCardinality(Nullable(String)),
    valid_from Nullable(DateTime64(3, 'UTC')),
    valid_to Nullable(DateTime64(3, 'UTC')),
    is_deleted UInt8,
    computed_at DateTime64(3, 'UTC'),
    row_generation UInt64,
    row_partition UInt16,
    row_offset UInt64,
    appended_at DateTime64(3, 'UTC'),
    stored_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree
ORDER BY (tenant, kind, subject, from_day, row_generation, row_offset);

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.assignments_to_history TO sluice.assignments_history AS
SELECT
    tenant, kind, subject, from_day, value, valid_from, valid_to, is_deleted, computed_at, row_generation,
    row_partition, row_offset, appended_at
FROM sluice.assignments;

-- Bounds of intervals by how many values there are, which the program writes when it starts: median_rank counts the
-- sorted values from 1, 0 where there is no interval; the others bound the rate of so many events in one unit of time.
CREATE TABLE IF NOT EXISTS sluice.interval_bounds
(
    n UInt32,
    median_rank UInt32,
    frequency_lower Float64,
    frequency_upper Float64
)
ENGINE = ReplacingMergeTree
ORDER BY n;

ALTER TABLE sluice.deployments
    ADD COLUMN IF NOT EXISTS finished_day Nullable(Date),
    ADD COLUMN IF NOT EXISTS rework_rate_counted Bool,
    ADD COLUMN IF NOT EXISTS restored_day Nullable(Date);

ALTER TABLE sluice.deployments_history
    ADD COLUMN IF NOT EXISTS finished_day Nullable(Date),
    ADD COLUMN IF NOT EXISTS rework_rate_counted Bool,
    ADD COLUMN IF NOT EXISTS restored_day Nullable(Date);

ALTER TABLE sluice.changes
    ADD COLUMN IF NOT EXISTS finished_day Nullable(Date);

ALTER TABLE sluice.changes_history
    ADD COLUMN IF NOT EXISTS finished_day Nullable(Date);

ALTER TABLE sluice.incidents
    ADD COLUMN IF NOT EXISTS started_day Nullable(Date);

ALTER TABLE sluice.incidents_history
    ADD COLUMN IF NOT EXISTS started_day Nullable(Date);

ALTER TABLE sluice.pull_requests
    ADD COLUMN IF NOT EXISTS finished_day Nullable(Date);

ALTER TABLE sluice.pull_requests_history
    ADD COLUMN IF NOT EXISTS finished_day Nullable(Date);

DROP VIEW IF EXISTS sluice.deployments_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.deployments_to_history TO sluice.deployments_history AS
SELECT
    tenant, service, environment, id, result, kind, counted, excluded_reason, seed, queued_at, started_at,
    finished_at, finished_day, version, repository, sha, digest, group_id, remediates, remediates_deployment_id,
    commits, flags, planned, rework_rate_counted, rework, deploy_time_ms, queue_time_ms, time_to_success_ms,
    fail_rate_counted, failed, failure_rules, incident_ids, failure_distance_ms, impact, impact_started_at,
    restored_at, restored_day, recovery_ms, failure_lifetime_ms, is_deleted, computed_at, row_generation,
    row_partition, row_offset, appended_at
FROM sluice.deployments;

DROP VIEW IF EXISTS sluice.changes_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.changes_to_history TO sluice.changes_history AS
SELECT
    tenant, service, environment, repository, sha, deployment_id, authored_at, finished_at, finished_day,
    lead_time_ms, counted, excluded_reason, is_deleted, computed_at, row_generation, row_partition, row_offset,
    appended_at
FROM sluice.changes;

DROP VIEW IF EXISTS sluice.incidents_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.incidents_to_history TO sluice.incidents_history AS
SELECT
    tenant, service, environment, id, started_at, started_day, resolved_at, closed_gap_ms, severity, title,
    change_caused, rule, deployment_ids, distance_ms, unattributed_reason, time_to_restore_ms, is_deleted,
    computed_at, row_generation, row_partition, row_offset, appended_at
FROM sluice.incidents;

DROP VIEW IF EXISTS sluice.pull_requests_to_history;

CREATE MATERIALIZED VIEW IF NOT EXISTS sluice.pull_requests_to_history TO sluice.pull_requests_history AS
SELECT
    tenant, service, environment, repository, id, title, deployment_id, first_commit_at, ready_at,
    first_review_at, merged_at, finished_at, finished_day, lead_time_ms, coding_ms, pickup_ms, review_ms,
    deploy_ms, counted, excluded_reason, flags, is_deleted, computed_at, row_generation, row_partition,
    row_offset, appended_at
FROM sluice.pull_requests;

CREATE OR REPLACE VIEW dash.deployments AS
SELECT
    tenant, service, environment, id, result, kind, counted, excluded_reason, seed, queued_at, started_at,
    finished_at, finished_day, version, repository, sha, digest, group_id, remediates, remediates_deployment_id,
    commits, flags, planned, rework_rate_counted, rework, deploy_time_ms, queue_time_ms, time_to_success_ms,
    fail_rate_counted, failed, failure_rules, incident_ids, failure_distance_ms, impact, impact_started_at,
    restored_at, restored_day, recovery_ms, failure_lifetime_ms, computed_at
FROM sluice.deployments FINAL;

CREATE OR REPLACE VIEW dash.changes AS
SELECT
    tenant, service, environment, repository, sha, deployment_id, authored_at, finished_at, finished_day,
    lead_time_ms, counted, excluded_reason, computed_at
FROM sluice.changes FINAL;

CREATE OR REPLACE VIEW dash.incidents AS
SELECT
    tenant, service, environment, id, started_at, started_day, resolved_at, closed_gap_ms, severity, title,
    change_caused, rule, deployment_ids, distance_ms, unattributed_reason, time_to_restore_ms, computed_at
FROM sluice.incidents FINAL;

CREATE OR REPLACE VIEW dash.pull_requests AS
SELECT
    tenant, service, environment, repository, id, title, deployment_id, first_commit_at, ready_at,
    first_review_at, merged_at, finished_at, finished_day, lead_time_ms, coding_ms, pickup_ms, review_ms,
    deploy_ms, counted, excluded_reason, flags, computed_at
FROM sluice.pull_requests FINAL;

CREATE OR REPLACE VIEW dash.service_settings AS
SELECT
    tenant, service, zone, link_window_ms, computed_at
FROM sluice.service_settings FINAL;

CREATE OR REPLACE VIEW dash.assignments AS
SELECT
    tenant, kind, subject, from_day, value, valid_from, valid_to, computed_at
FROM sluice.assignments FINAL;

-- The class of every environment that anything is known of, by time: as it was assigned; by the words of its name, as people
-- use to give it, before that and where it never was. A word of what is before or beside production outweighs production.
CREATE OR REPLACE VIEW dash.environment_classes AS
SELECT
    tenant,
    environment,
    class,
    valid_from,
    leadInFrame(toNullable(valid_from), 1, NULL) OVER
        (PARTITION BY tenant, environment ORDER BY valid_from ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS valid_to
FROM
(
    SELECT tenant, subject AS environment, value AS class, assumeNotNull(valid_from) AS valid_from
    FROM sluice.assignments FINAL
    WHERE kind = 'ENVIRONMENT_CLASS'
    UNION ALL
    WITH extractAll(lowerUTF8(environment), '\\pL+') AS words
    SELECT DISTINCT
        tenant,
        environment,
        multiIf(
            hasAny(words, ['test', 'testing', 'qa', 'dev', 'development', 'review', 'preview']), 'TEST',
            hasAny(words, ['pre', 'non', 'not', 'stag', 'stage', 'staging', 'uat'])
                OR arrayExists(word -> match(word, '^(pre|non)(prod|production|live)$'), words), 'STAGING',
            hasAny(words, ['prod', 'production', 'live']), 'PRODUCTION',
            'OTHER') AS class,
        toDateTime64('1900-01-01', 3, 'UTC') AS valid_from
    FROM dash.services
);

-- Which team a service belongs to, and which group a team, by time.
CREATE OR REPLACE VIEW dash.teams AS
SELECT tenant, subject AS service, value AS team, assumeNotNull(valid_from) AS valid_from, valid_to
FROM sluice.assignments FINAL
WHERE kind = 'SERVICE_TEAM' AND isNotNull(value);

CREATE OR REPLACE VIEW dash.team_groups AS
SELECT tenant, subject AS team, value AS team_group, assumeNotNull(valid_from) AS valid_from, valid_to
FROM sluice.assignments FINAL
WHERE kind = 'TEAM_GROUP' AND isNotNull(value);

-- What each metric is made of: one row for each deployment, change, pull request or recovery that it counts, with the day
-- on which it does, its value (milliseconds, or 1 for yes and 0 for no), and its unit: the group of a deployment that has
-- one, else what it is itself.
CREATE OR REPLACE VIEW dash.dora_points AS
SELECT
    tenant, service, environment, metric, assumeNotNull(of_day) AS day, assumeNotNull(at) AS at, id, unit, value
FROM
(
    SELECT
        tenant, service, environment, point.1 AS metric, point.2 AS of_day, point.3 AS at, id,
        coalesce(group_id, concat(service, ' ', id)) AS unit, point.4 AS value
    FROM sluice.deployments FINAL
    ARRAY JOIN arrayFilter(p -> p.5,
    [
        ('deployment_frequency', finished_day, finished_at, toFloat64(1), counted),
        ('change_fail_rate', finished_day, finished_at, toFloat64(failed), fail_rate_counted),
        (
            'failed_deployment_recovery_time', restored_day, restored_at, toFloat64(coalesce(recovery_ms, 0)),
            failed AND isNotNull(recovery_ms)
        ),
        ('deployment_rework_rate', finished_day, finished_at, toFloat64(rework), rework_rate_counted),
        (
            'deployment_success_rate', finished_day, finished_at, toFloat64(result = 'SUCCESS'),
            result IN ('SUCCESS', 'FAILURE')
        ),
        (
            'mean_time_to_deploy', finished_day, finished_at, toFloat64(coalesce(deploy_time_ms, 0)),
            isNotNull(deploy_time_ms)
        )
    ]) AS point
    UNION ALL
    SELECT
        tenant, service, environment, 'change_lead_time' AS metric, finished_day AS of_day, finished_at AS at,
        concat(repository, ' ', sha) AS id, concat(service, ' ', id) AS unit,
        toFloat64(assumeNotNull(lead_time_ms)) AS value
    FROM sluice.changes FINAL
    WHERE counted
    UNION ALL
    SELECT
        tenant, service, environment, 'pull_request_lead_time' AS metric, finished_day AS of_day, finished_at AS at,
        concat(repository, '#', pull_requests.id) AS id, concat(service, ' ', id) AS unit,
        toFloat64(assumeNotNull(lead_time_ms)) AS value
    FROM sluice.pull_requests FINAL
    WHERE counted
)
WHERE isNotNull(of_day);

-- The same of a service, a team, a group of teams, or of all, by whom the service belonged to then. scope is service,
-- team, group or all; environment is an environment, or a class of environments (PRODUCTION, STAGING, TEST, OTHER). Where
-- scope is series, it is the service in the environment of that name, whatever else is called so.
-- Of several services, what has the same unit counts once. Each attempt of one service has its own: of a group, the first
-- attempts of its services are one unit, the second ones another. A commit or pull request that reached several
-- environments of a class is there with the first of them only, also where that was before `from`.
CREATE OR REPLACE VIEW dash.dora_points_of AS
SELECT p.service AS service, p.environment AS environment, p.metric AS metric, p.day AS day, p.at AS at, p.id AS id,
    concat(p.unit, ' ', toString(p.turn)) AS unit, p.value AS value
FROM
(
    SELECT
        q.service AS service, q.environment AS environment, q.metric AS metric, q.day AS day, q.at AS at, q.id AS id,
        q.unit AS unit, q.value AS value, q.once AS once,
        row_number() OVER
            (PARTITION BY q.metric, q.service, q.unit ORDER BY q.at, q.environment, q.id) AS turn
    FROM
    (
        SELECT *, metric IN ('change_lead_time', 'pull_request_lead_time') AS once
        FROM dash.dora_points
        WHERE tenant = {tenant:String} AND day < {to:Date}
            AND (day >= {from:Date} OR (once AND {environment:String} IN ('PRODUCTION', 'STAGING', 'TEST', 'OTHER')))
            AND ({scope:String} = 'all' OR service IN
            (
                SELECT {name:String} WHERE {scope:String} IN ('service', 'series')
                UNION ALL
                SELECT service FROM dash.teams
                WHERE tenant = {tenant:String} AND team IN
                (
                    SELECT {name:String} WHERE {scope:String} = 'team'
                    UNION ALL
                    SELECT team FROM dash.team_groups
                    WHERE {scope:String} = 'group' AND tenant = {tenant:String} AND team_group = {name:String}
                )
            ))
    ) AS q
    LEFT ASOF JOIN (SELECT * FROM dash.environment_classes WHERE tenant = {tenant:String}) AS c
        ON c.environment = q.environment AND q.at >= c.valid_from
    WHERE q.environment = {environment:String} OR (c.class = {environment:String} AND {scope:String} != 'series')
) AS p
LEFT ASOF JOIN (SELECT * FROM dash.teams WHERE tenant = {tenant:String}) AS t
    ON t.service = p.service AND p.at >= t.valid_from
LEFT ASOF JOIN (SELECT * FROM dash.team_groups WHERE tenant = {tenant:String}) AS g
    ON g.team = t.team AND p.at >= g.valid_from
WHERE p.day >= {from:Date} AND (p.turn = 1 OR NOT p.once)
    AND multiIf(
        {scope:String} = 'team', t.team = {name:String} AND coalesce(p.at < t.valid_to, true),
        {scope:String} = 'group',
            g.team_group = {name:String} AND coalesce(p.at < t.valid_to, true) AND coalesce(p.at < g.valid_to, true),
        true);

-- As before, by the days of each service's zone.
CREATE OR REPLACE VIEW dash.quarters_from_facts AS
SELECT
    tenant,
    service,
    environment,
    concat(toString(toYear(day)), '-Q', toString(toQuarter(day))) AS label,
    countIf(what = 'deployment') AS deployments,
    uniqExactIf(day, what = 'deployment') AS deploy_days,
    countIf(what = 'change') AS lead_n,
    if(lead_n = 0, NULL, quantileExactInclusiveIf(0.5)(ms, what = 'change')) AS lead_median_ms,
    if(lead_n = 0, NULL, quantileExactInclusiveIf(0.9)(ms, what = 'change')) AS lead_p90_ms,
    countIf(what = 'pull request') AS pull_request_n,
    if(pull_request_n = 0, NULL, quantileExactInclusiveIf(0.5)(ms, what = 'pull request')) AS pull_request_median_ms,
    countIf(what IN ('good', 'failed')) AS fail_rate_n,
    countIf(what = 'failed') AS failed,
    countIf(what = 'unattributed incident') AS unattributed,
    countIf(what = 'recovery') AS recovery_n,
    if(recovery_n = 0, NULL, quantileExactInclusiveIf(0.5)(ms, what = 'recovery')) AS recovery_median_ms
FROM
(
    SELECT
        tenant, service, environment, day,
        multiIf(
            metric = 'deployment_frequency', 'deployment',
            metric = 'change_fail_rate', if(value > 0, 'failed', 'good'),
            metric = 'change_lead_time', 'change',
            metric = 'pull_request_lead_time', 'pull request',
            metric = 'failed_deployment_recovery_time', 'recovery',
            'another') AS what,
        toInt64(value) AS ms
    FROM dash.dora_points
    UNION ALL
    SELECT
        tenant, service, environment, assumeNotNull(started_day) AS day, 'unattributed incident' AS what,
        toInt64(0) AS ms
    FROM sluice.incidents FINAL
    WHERE change_caused AND isNull(rule) AND isNotNull(started_day)
)
GROUP BY tenant, service, environment, label;
