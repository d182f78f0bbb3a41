INSERT INTO sluice.deployments
(
    tenant, service, environment, id, result, kind, counted, excluded_reason, seed, started_at, finished_at,
    finished_day, commits, flags, rework_rate_counted, rework, deploy_time_ms, fail_rate_counted, failed,
    failure_rules, incident_ids, restored_at, restored_day, recovery_ms, is_deleted, computed_at, row_generation,
    row_partition, row_offset, appended_at
)
SELECT
    'default', concat('service-', toString(number % {services:UInt32})), 'production',
    concat('benchmark/', toString(number)), if(failure, 'FAILURE', 'SUCCESS'), if(failure, NULL, 'FORWARD'),
    NOT failure, if(failure, 'FAILURE', NULL), false, finished - INTERVAL 5 MINUTE, finished, toDate(finished), 3, [],
    NOT failure, number % 13 = 0 AND NOT failure, if(failure, NULL, 300000 + cityHash64(number) % 600000),
    NOT failure, bad, if(bad, ['IMPACT'], []), [], if(bad, finished + INTERVAL 2 HOUR, NULL),
    if(bad, toDate(finished + INTERVAL 2 HOUR), NULL), if(bad, 3600000 + cityHash64(number) % 7200000, NULL), 0,
    now64(), 1, 0, number, now64()
FROM
(
    SELECT
        number,
        number % 11 = 0 AS failure,
        NOT failure AND cityHash64(number, 'bad') % 10 = 0 AS bad,
        toDateTime64(today(), 3, 'UTC') - toIntervalSecond(cityHash64(number, 'at') % 31536000) AS finished
    FROM numbers({deployments:UInt64})
);

INSERT INTO sluice.changes
(
    tenant, service, environment, repository, sha, deployment_id, authored_at, finished_at, finished_day, lead_time_ms,
    counted, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
)
SELECT
    'default', concat('service-', toString(number % {services:UInt32})), 'production', 'acme/benchmark',
    lower(hex(cityHash64(number, 'sha'))), concat('benchmark/', toString(number)), finished - INTERVAL 1 DAY, finished,
    toDate(finished), 60000 + cityHash64(number, 'lead') % 259200000, true, 0, now64(), 1, 0, number, now64()
FROM
(
    SELECT
        number,
        toDateTime64(today(), 3, 'UTC') - toIntervalSecond(cityHash64(number, 'at') % 31536000) AS finished
    FROM numbers({deployments:UInt64})
);

INSERT INTO sluice.pull_requests
(
    tenant, service, environment, repository, id, deployment_id, first_commit_at, merged_at, finished_at, finished_day,
    lead_time_ms, counted, flags, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
)
SELECT
    'default', concat('service-', toString(number % {services:UInt32})), 'production', 'acme/benchmark',
    toString(number), concat('benchmark/', toString(number)), finished - INTERVAL 1 DAY, finished - INTERVAL 1 HOUR,
    finished, toDate(finished), 60000 + cityHash64(number, 'pull request') % 259200000, true, [], 0, now64(), 1, 0,
    number, now64()
FROM
(
    SELECT
        number,
        toDateTime64(today(), 3, 'UTC') - toIntervalSecond(cityHash64(number, 'at') % 31536000) AS finished
    FROM numbers({deployments:UInt64})
    WHERE cityHash64(number, 'reviewed') % 3 = 0
);

INSERT INTO sluice.incidents
(
    tenant, service, environment, id, started_at, started_day, resolved_at, closed_gap_ms, severity, title,
    change_caused, rule, deployment_ids, unattributed_reason, is_deleted, computed_at, row_generation, row_partition,
    row_offset, appended_at
)
SELECT
    'default', concat('service-', toString(number % {services:UInt32})), 'production',
    concat('incident-', toString(number)), started, toDate(started), started + INTERVAL 2 HOUR, 0, 'major',
    'Payments fail', true, if(linked, 'TIME', NULL), if(linked, [concat('benchmark/', toString(number))], []),
    if(linked, NULL, 'OUTSIDE_WINDOW'), 0, now64(), 1, 0, number, now64()
FROM
(
    SELECT
        number,
        cityHash64(number, 'linked') % 4 != 0 AS linked,
        toDateTime64(today(), 3, 'UTC') - toIntervalSecond(cityHash64(number, 'at') % 31536000) AS started
    FROM numbers({deployments:UInt64})
    WHERE cityHash64(number, 'incident') % 20 = 0
);

INSERT INTO sluice.shifts
(
    tenant, service, environment, metric, direction, began, detected, reported_at, before_n, before_value, after_n,
    after_value, log_evidence, withdrawn, is_deleted, computed_at, row_generation, row_partition, row_offset,
    appended_at
)
SELECT
    'default', concat('service-', toString(number)), 'production', 'change_lead_time', 'IMPROVEMENT',
    now64() - INTERVAL 60 DAY, now64() - INTERVAL 40 DAY, now64() - INTERVAL 39 DAY, 90, 172800000, 24, 86400000, 5.5,
    false, 0, now64(), 1, 0, number, now64()
FROM numbers({services:UInt32})
WHERE number % 10 = 7;

INSERT INTO sluice.dora_windows
(
    tenant, service, environment, days, zone, as_of_day, from_day, to_day, deployment_frequency_count,
    deployment_frequency_per_day, deployment_frequency_forward, change_lead_time_n, change_lead_time_median_ms,
    change_lead_time_p90_ms, change_fail_rate_n, change_fail_rate_value, deployment_success_rate_n,
    deployment_success_rate_value, is_deleted, computed_at, row_generation, row_partition, row_offset, appended_at
)
SELECT
    'default', concat('service-', toString(number)), 'production', days, 'UTC', today(), today() - days + 1, today(),
    days * 2, 2, days * 2, days * 6, 129600000, 233280000, days * 2, 0.1, days * 2, 0.9, 0, now64(), 1, 0, number,
    now64()
FROM numbers({services:UInt32})
ARRAY JOIN [7, 30, 90] AS days;

INSERT INTO sluice.assignments
(
    tenant, kind, subject, from_day, value, valid_from, is_deleted, computed_at, row_generation, row_partition,
    row_offset, appended_at
)
SELECT
    'default', 'SERVICE_TEAM', concat('service-', toString(number)), toDate('2020-01-01'),
    concat('team-', toString(intDiv(number, 10))), toDateTime64('2020-01-01', 3, 'UTC'), 0, now64(), 1, 0, number,
    now64()
FROM numbers({services:UInt32});

INSERT INTO sluice.current
(
    tenant, service, environment, deployment_id, since, open_failures, open_incidents, is_deleted, computed_at,
    row_generation, row_partition, row_offset, appended_at
)
SELECT
    'default', concat('service-', toString(number)), 'production', concat('benchmark/', toString(number)), now64(), 0,
    0, 0, now64(), 1, 0, number, now64()
FROM numbers({services:UInt32});

OPTIMIZE TABLE sluice.deployments FINAL;

OPTIMIZE TABLE sluice.changes FINAL;

OPTIMIZE TABLE sluice.pull_requests FINAL;

OPTIMIZE TABLE sluice.incidents FINAL;
