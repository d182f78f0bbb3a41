SELECT
  finished_at,
  service,
  ifNull(version, left(sha, 12)) AS version,
  arrayStringConcat(failure_rules, ', ') AS rules,
  failure_distance_ms / 1000 AS distance,
  impact_started_at,
  restored_at,
  recovery_ms / 1000 AS recovery,
  failure_lifetime_ms / 1000 AS lifetime,
  arrayStringConcat(incident_ids, ', ') AS incidents,
  id
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND failed
  AND $__timeFilter(finished_at)
ORDER BY finished_at DESC, id
LIMIT 100
