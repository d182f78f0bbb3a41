SELECT
  result,
  kind,
  if(counted, 'counted', ifNull(excluded_reason, '')) AS judgement,
  multiIf(rework, 'rework', kind IN ('FORWARD', 'CONFIG', 'ROLLBACK'), 'no rework', '') AS reworked,
  multiIf(NOT fail_rate_counted, '', failed, 'failed', 'not failed') AS failure,
  count() AS attempts,
  count(deploy_time_ms) AS timed
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(finished_at)
GROUP BY result, kind, judgement, reworked, failure
ORDER BY attempts DESC, result, kind, judgement, reworked, failure
