-- From a number to what it is made of, to the events that said so, and to the deliveries that they came in; now, and as it
-- was at any time since the history was kept.

ALTER TABLE sluice.events ADD INDEX IF NOT EXISTS subjects subject TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE sluice.events ADD INDEX IF NOT EXISTS received received_at TYPE minmax GRANULARITY 1;

-- What was known of some subjects at a time: events of deployments, commits, pull requests, incidents and checks by their
-- ids, each as the newest delivery of then said it.
CREATE OR REPLACE VIEW dash.events_of AS
SELECT
    id, delivery, type, subject, source, occurred_at, received_at,
    JSONExtractString(body, 'data', 'subject', 'content', 'repository') AS repository
FROM sluice.events FINAL
WHERE tenant = {tenant:String} AND subject IN (SELECT arrayJoin({subjects:Array(String)}))
    AND received_at <= {as_of:DateTime64(3, 'UTC')}
ORDER BY id, received_at DESC
LIMIT 1 BY id;

-- What came in during a time, with the service, environment and repository that it names.
CREATE OR REPLACE VIEW dash.events_between AS
SELECT
    id, delivery, type, subject, source, occurred_at, received_at,
    JSONExtractString(body, 'data', 'subject', 'content', 'repository') AS repository,
    JSONExtractString(body, 'data', 'subject', 'content', 'service') AS service,
    JSONExtractString(body, 'data', 'subject', 'content', 'environment') AS environment
FROM sluice.events FINAL
WHERE tenant = {tenant:String} AND received_at >= {since:DateTime64(3, 'UTC')}
    AND received_at <= {as_of:DateTime64(3, 'UTC')}
ORDER BY id, received_at DESC
LIMIT 1 BY id;

-- The rolling windows of a series as they stood at a time.
CREATE OR REPLACE VIEW dash.dora_windows_as_of AS
SELECT *
FROM
(
    SELECT *
    FROM sluice.dora_windows_history FINAL
    WHERE tenant = {tenant:String} AND service = {service:String} AND environment = {environment:String}
        AND appended_at <= {as_of:DateTime64(3, 'UTC')}
    ORDER BY days, row_generation DESC, row_offset DESC
    LIMIT 1 BY days
)
WHERE is_deleted = 0;

-- The periods of a series as they stood at a time.
CREATE OR REPLACE VIEW dash.periods_as_of AS
SELECT *
FROM
(
    SELECT *
    FROM sluice.periods_history FINAL
    WHERE tenant = {tenant:String} AND service = {service:String} AND environment = {environment:String}
        AND appended_at <= {as_of:DateTime64(3, 'UTC')}
    ORDER BY period, label, row_generation DESC, row_offset DESC
    LIMIT 1 BY period, label
)
WHERE is_deleted = 0;

-- The evidence of a series as it stood at a time: each deployment, change, pull request, incident and episode of drift,
-- once for each metric that looks at it, with the day on which it counts, whether it does, why or why not, its value
-- (milliseconds, or 1 for yes and 0 for no), and what else it is about. Those that have not ended are not there yet; but
-- an episode of drift counts on every day from `at` until `until`, and has no other.
CREATE OR REPLACE VIEW dash.dora_evidence AS
SELECT
    metric, kind, id, repository, subject, of_day AS day, at, until, counted, value, reasons, related
FROM
(
    SELECT
        point.1 AS metric, 'deployment' AS kind, id, coalesce(source_repository, '') AS repository, id AS subject,
        point.2 AS of_day, point.3 AS at, point.4 AS counted, point.5 AS value, point.6 AS reasons,
        if(metric IN ('change_fail_rate', 'failed_deployment_recovery_time'), incident_ids, []) AS related,
        NULL AS until
    FROM
    (
        SELECT id, repository AS source_repository, incident_ids, arrayJoin(
        [
            (
                'deployment_frequency', finished_day, finished_at, counted, toNullable(toFloat64(1)),
                [coalesce(toString(excluded_reason), judged)]
            ),
            (
                'change_fail_rate', finished_day, finished_at, fail_rate_counted, toNullable(toFloat64(failed)),
                if(failed, arrayMap(rule -> toString(rule), failure_rules), [judged])
            ),
            (
                'failed_deployment_recovery_time', if(failed, coalesce(restored_day, finished_day), NULL),
                coalesce(restored_at, finished_at), isNotNull(recovery_ms), toFloat64(recovery_ms),
                if(isNull(restored_at), ['OPEN'], if(isNull(recovery_ms), ['CLOCK_SKEW'],
                    arrayMap(rule -> toString(rule), failure_rules)))
            ),
            (
                'deployment_rework_rate', finished_day, finished_at, rework_rate_counted, toNullable(toFloat64(rework)),
                [judged]
            ),
            (
                'deployment_success_rate', finished_day, finished_at, result IN ('SUCCESS', 'FAILURE'),
                toNullable(toFloat64(result = 'SUCCESS')), [toString(result)]
            ),
            (
                'mean_time_to_deploy', finished_day, finished_at, isNotNull(deploy_time_ms), toFloat64(deploy_time_ms),
                [if(result = 'SUCCESS' AND isNull(deploy_time_ms), 'NO_START', toString(result))]
            )
        ]) AS point
        FROM
        (
            SELECT *, coalesce(toString(kind), toString(result)) AS judged
            FROM sluice.deployments_history FINAL
            WHERE tenant = {tenant:String} AND service = {service:String} AND environment = {environment:String}
                AND appended_at <= {as_of:DateTime64(3, 'UTC')}
            ORDER BY id, row_generation DESC, row_offset DESC
            LIMIT 1 BY id
        )
        WHERE is_deleted = 0
    )
    UNION ALL
    SELECT
        'change_lead_time', 'change', concat(repository, ' ', sha), repository, sha, finished_day, finished_at,
        counted, toFloat64(lead_time_ms), [coalesce(toString(excluded_reason), 'COUNTED')],
        [coalesce(deployment_id, '')], NULL
    FROM
    (
        SELECT *
        FROM sluice.changes_history FINAL
        WHERE tenant = {tenant:String} AND service = {service:String} AND environment = {environment:String}
            AND appended_at <= {as_of:DateTime64(3, 'UTC')}
        ORDER BY repository, sha, row_generation DESC, row_offset DESC
        LIMIT 1 BY repository, sha
    )
    WHERE is_deleted = 0
    UNION ALL
    SELECT
        'pull_request_lead_time', 'pull_request', concat(repository, '#', id), repository, id, finished_day,
        finished_at, counted, toFloat64(lead_time_ms),
        arrayConcat([coalesce(toString(excluded_reason), 'COUNTED')], arrayMap(flag -> toString(flag), flags)),
        [coalesce(deployment_id, '')], NULL
    FROM
    (
        SELECT *
        FROM sluice.pull_requests_history FINAL
        WHERE tenant = {tenant:String} AND service = {service:String} AND environment = {environment:String}
            AND appended_at <= {as_of:DateTime64(3, 'UTC')}
        ORDER BY repository, id, row_generation DESC, row_offset DESC
        LIMIT 1 BY repository, id
    )
    WHERE is_deleted = 0
    UNION ALL
    SELECT
        'change_fail_rate', 'incident', id, '', id, started_day, started_at, false, NULL,
        [coalesce(toString(rule), toString(unattributed_reason), '')], deployment_ids, NULL
    FROM
    (
        SELECT *
        FROM sluice.incidents_history FINAL
        WHERE tenant = {tenant:String} AND service = {service:String} AND environment = {environment:String}
            AND appended_at <= {as_of:DateTime64(3, 'UTC')}
        ORDER BY id, row_generation DESC, row_offset DESC
        LIMIT 1 BY id
    )
    WHERE is_deleted = 0
    UNION ALL
    SELECT
        'configuration_drift', 'drift_episode', concat(resource, ' ', toString(opened_at)), '', resource,
        NULL, opened_at, true, toFloat64(reconcile_ms), if(isNull(closed_at), ['OPEN'], ['RECONCILED']), [],
        coalesce(closed_at, toDateTime64('2299-12-31', 3, 'UTC'))
    FROM
    (
        SELECT *
        FROM sluice.drift_episodes_history FINAL
        WHERE tenant = {tenant:String} AND service = {service:String} AND environment = {environment:String}
            AND appended_at <= {as_of:DateTime64(3, 'UTC')}
        ORDER BY resource, opened_at, row_generation DESC, row_offset DESC
        LIMIT 1 BY resource, opened_at
    )
    WHERE is_deleted = 0
)
WHERE isNotNull(of_day) OR isNotNull(until);
