SELECT
  finished_at AS time,
  multiIf(failed, 'failed', kind = 'ROLLBACK', 'rolled back', 'good') AS deployment
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service = ${service:singlequote}
  AND result = 'SUCCESS'
  AND $__timeFilter(finished_at)
ORDER BY time
LIMIT 1000
