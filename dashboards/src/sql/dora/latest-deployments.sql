SELECT
  finished_at,
  service,
  ifNull(version, left(sha, 12)) AS version,
  result,
  kind,
  if(counted, 'counted', ifNull(excluded_reason, '')) AS frequency,
  multiIf(rework, 'rework', kind IN ('FORWARD', 'CONFIG', 'ROLLBACK'), 'no rework', '') AS reworked,
  multiIf(failed, arrayStringConcat(failure_rules, ', '), fail_rate_counted, 'not failed', '') AS failure,
  commits,
  dateDiff('millisecond', started_at, finished_at) / 1000 AS duration,
  arrayStringConcat(flags, ', ') AS flags,
  id
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(finished_at)
ORDER BY finished_at DESC, id
LIMIT 100
