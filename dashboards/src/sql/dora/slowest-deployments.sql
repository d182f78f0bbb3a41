SELECT
  deploy_time_ms / 1000 AS deploy_time,
  queue_time_ms / 1000 AS queue_time,
  time_to_success_ms / 1000 AS time_to_success,
  service,
  ifNull(version, left(sha, 12)) AS version,
  kind,
  finished_at,
  id
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND isNotNull(deploy_time_ms)
  AND $__timeFilter(finished_at)
ORDER BY deploy_time_ms DESC, id
LIMIT 50
