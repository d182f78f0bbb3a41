SELECT
  finished_at AS time,
  service AS title,
  ifNull(version, left(sha, 12)) AS text,
  'deployment' AS tags
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND counted
  AND $__timeFilter(finished_at)
ORDER BY time DESC
LIMIT 200
