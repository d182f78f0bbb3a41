SELECT
  toDateTime(dateTrunc(${period:singlequote}, assumeNotNull(finished_day)), 'UTC') AS time,
  multiIf(failed, 'failed', kind = 'ROLLBACK', 'rollback', result = 'SUCCESS', 'good', lower(result)) AS outcome,
  count() AS attempts
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service = ${service:singlequote}
  AND isNotNull(finished_day)
  AND $__timeFilter(finished_at)
GROUP BY time, outcome
ORDER BY time, outcome
