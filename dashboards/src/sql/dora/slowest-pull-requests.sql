SELECT
  lead_time_ms / 1000 AS lead_time,
  coding_ms / 1000 AS coding,
  pickup_ms / 1000 AS pickup,
  review_ms / 1000 AS review,
  deploy_ms / 1000 AS deploy,
  service,
  repository,
  id,
  title,
  finished_at,
  arrayStringConcat(flags, ', ') AS flags
FROM dash.pull_requests
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND counted
  AND $__timeFilter(finished_at)
ORDER BY lead_time_ms DESC, repository, id
LIMIT 50
