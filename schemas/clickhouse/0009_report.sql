-- What a report shows beside the metrics of its scope: those of each service of it, which services belong to it, and
-- what is in no metric, with the reason.

-- The metrics of a service, a team, a group of teams or of all over the days from `from` to the day before `to`, a row for
-- each metric and bucket that there is anything of. bucket is week, month, quarter, half for two of equal length, or range
-- for all days in one; start is its first day, to which it is not cut. value is a count a day, milliseconds, or a share of 1,
-- n what it is computed from; lower and upper bound it with 95 % confidence, for at most 10000 values. A deployment of several
-- services counts once: it failed where one of them did, and succeeded where all did. Where by is 'service', each service of
-- the scope is a part, and such a deployment counts for each of them; else part is empty.
CREATE OR REPLACE VIEW dash.dora_parts AS
SELECT
    start,
    metric,
    part,
    n,
    multiIf(kind = 'count', n / days, kind = 'median', median, total / n) AS value,
    multiIf(
        kind = 'count', frequency_lower / days,
        kind = 'rate', if(n < 5, NULL, if(total = 0, 0, greatest(0, (centre - reach) / scale))),
        kind = 'mean' OR coalesce(median_rank, 0) = 0, NULL,
        sorted[median_rank]) AS lower,
    multiIf(
        kind = 'count', frequency_upper / days,
        kind = 'rate', if(n < 5, NULL, if(total = n, 1, least(1, (centre + reach) / scale))),
        kind = 'mean' OR coalesce(median_rank, 0) = 0, NULL,
        sorted[n - median_rank + 1]) AS upper,
    if(kind IN ('median', 'mean'), p90, NULL) AS p90,
    n < 5 AS insufficient
FROM
(
    SELECT
        start,
        metric,
        part,
        multiIf(
            metric = 'deployment_frequency', 'count',
            metric = 'mean_time_to_deploy', 'mean',
            metric LIKE '%_rate', 'rate',
            'median') AS kind,
        toUInt32(count()) AS n,
        sum(value) AS total,
        quantileExactInclusive(0.5)(value) AS median,
        quantileExactInclusive(0.9)(value) AS p90,
        arraySort(if(kind = 'median' AND n <= 10000, groupArray(value), [])) AS sorted,
        multiIf(
            {bucket:String} = 'week', 7,
            {bucket:String} = 'month', dateDiff('day', start, addMonths(start, 1)),
            {bucket:String} = 'quarter', dateDiff('day', start, addMonths(start, 3)),
            {bucket:String} = 'half', intDiv(dateDiff('day', {from:Date}, {to:Date}), 2),
            dateDiff('day', {from:Date}, {to:Date})) AS days,
        1.959963984540054 AS z,
        total / n + z * z / (2 * n) AS centre,
        z * sqrt(greatest(0, total / n * (1 - total / n)) / n + z * z / (4 * n * n)) AS reach,
        1 + z * z / n AS scale
    FROM
    (
        SELECT
            metric,
            if({by:String} = 'service', service, '') AS part,
            if({by:String} = 'service', concat(environment, ' ', id), unit) AS counted_once,
            addDays({from:Date}, intDiv(dateDiff('day', {from:Date}, {to:Date}), 2)) AS middle,
            {bucket:String} = 'half' AND day >= middle AS later,
            multiIf(
                {bucket:String} = 'week', toMonday(max(day)),
                {bucket:String} = 'month', toStartOfMonth(max(day)),
                {bucket:String} = 'quarter', toStartOfQuarter(max(day)),
                later, middle,
                {from:Date}) AS start,
            if(metric = 'deployment_success_rate', min(value), max(value)) AS value
        FROM dash.dora_points_of(
            tenant = {tenant:String}, scope = {scope:String}, name = {name:String},
            environment = {environment:String}, `from` = {from:Date}, to = {to:Date})
        GROUP BY metric, part, counted_once, later
    )
    GROUP BY start, metric, part
) AS numbers
LEFT JOIN
(
    SELECT
        n, toNullable(median_rank) AS median_rank, toNullable(frequency_lower) AS frequency_lower,
        toNullable(frequency_upper) AS frequency_upper
    FROM sluice.interval_bounds FINAL
) AS bounds ON bounds.n = numbers.n;

-- The same, of the scope as a whole.
CREATE OR REPLACE VIEW dash.dora_ranges AS
SELECT start, metric, n, value, lower, upper, p90, insufficient
FROM dash.dora_parts(
    tenant = {tenant:String}, scope = {scope:String}, name = {name:String}, environment = {environment:String},
    bucket = {bucket:String}, by = '', `from` = {from:Date}, to = {to:Date});

-- The services of a scope in its environments, each for a time in which it belonged to it, as in dash.dora_points_of.
CREATE OR REPLACE VIEW dash.dora_members AS
SELECT
    s.service AS service,
    s.environment AS environment,
    greatest(c.valid_from, t.valid_from, g.valid_from) AS since,
    least(
        coalesce(c.valid_to, toDateTime64('2299-12-31', 3, 'UTC')),
        coalesce(t.valid_to, toDateTime64('2299-12-31', 3, 'UTC')),
        coalesce(g.valid_to, toDateTime64('2299-12-31', 3, 'UTC'))) AS until
FROM (SELECT service, environment FROM dash.services WHERE tenant = {tenant:String}) AS s
INNER JOIN (SELECT * FROM dash.environment_classes WHERE tenant = {tenant:String}) AS c ON c.environment = s.environment
LEFT JOIN
(
    SELECT * FROM dash.teams WHERE tenant = {tenant:String} AND {scope:String} IN ('team', 'group')
) AS t ON t.service = s.service
LEFT JOIN
(
    SELECT * FROM dash.team_groups WHERE tenant = {tenant:String} AND {scope:String} = 'group'
) AS g ON g.team = t.team
WHERE (s.environment = {environment:String} OR (c.class = {environment:String} AND {scope:String} != 'series'))
    AND multiIf(
        {scope:String} IN ('service', 'series'), s.service = {name:String},
        {scope:String} = 'team', t.team = {name:String},
        {scope:String} = 'group', g.team_group = {name:String},
        true)
    AND since < until;

-- What of a scope is in no metric, by what it is and the reason.
CREATE OR REPLACE VIEW dash.dora_excluded AS
SELECT e.what AS what, e.reason AS reason, count() AS n
FROM
(
    SELECT service, environment, 'deployment' AS what, coalesce(excluded_reason, result) AS reason, finished_at AS at
    FROM dash.deployments
    WHERE tenant = {tenant:String} AND NOT counted AND finished_day >= {from:Date} AND finished_day < {to:Date}
    UNION ALL
    SELECT service, environment, 'change' AS what, coalesce(excluded_reason, '') AS reason, finished_at AS at
    FROM dash.changes
    WHERE tenant = {tenant:String} AND NOT counted AND finished_day >= {from:Date} AND finished_day < {to:Date}
    UNION ALL
    SELECT service, environment, 'pull request' AS what, coalesce(excluded_reason, '') AS reason, finished_at AS at
    FROM dash.pull_requests
    WHERE tenant = {tenant:String} AND NOT counted AND finished_day >= {from:Date} AND finished_day < {to:Date}
    UNION ALL
    SELECT service, environment, 'incident' AS what, coalesce(unattributed_reason, '') AS reason, started_at AS at
    FROM dash.incidents
    WHERE tenant = {tenant:String} AND isNull(rule) AND started_day >= {from:Date} AND started_day < {to:Date}
) AS e
INNER JOIN dash.dora_members(
    tenant = {tenant:String}, scope = {scope:String}, name = {name:String}, environment = {environment:String}) AS m
    ON m.service = e.service AND m.environment = e.environment
WHERE e.at >= m.since AND e.at < m.until
    AND e.service IN
    (
        SELECT service FROM dash.dora_members(
            tenant = {tenant:String}, scope = {scope:String}, name = {name:String},
            environment = {environment:String})
    )
GROUP BY what, reason;
