SELECT
  avg(deploy_time_ms) / 1000 AS mean,
  quantileExactInclusive(0.5)(deploy_time_ms) / 1000 AS median,
  quantileExactInclusive(0.9)(deploy_time_ms) / 1000 AS p90,
  count() AS timed
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND $__conditionalAll(service IN (${service:singlequote}), $service)
  AND isNotNull(deploy_time_ms)
  AND $__timeFilter(finished_at)
HAVING timed > 0
