SELECT
  started_at,
  service,
  title,
  severity,
  ifNull(ifNull(rule, unattributed_reason), '') AS judgement,
  arrayStringConcat(deployment_ids, ', ') AS deployments,
  distance_ms / 1000 AS distance,
  resolved_at,
  time_to_restore_ms / 1000 AS time_to_restore,
  id
FROM dash.incidents
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(started_at)
ORDER BY started_at DESC, id
LIMIT 100
