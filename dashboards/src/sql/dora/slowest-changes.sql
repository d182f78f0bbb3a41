SELECT
  lead_time_ms / 1000 AS lead_time,
  service,
  repository,
  sha,
  authored_at,
  finished_at,
  deployment_id
FROM dash.changes
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND counted
  AND $__timeFilter(finished_at)
ORDER BY lead_time_ms DESC, repository, sha
LIMIT 50
