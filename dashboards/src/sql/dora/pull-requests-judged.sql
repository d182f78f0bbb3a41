SELECT
  if(counted, 'counted', ifNull(excluded_reason, '')) AS judgement,
  count() AS pull_requests
FROM dash.pull_requests
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(finished_at)
GROUP BY judgement
ORDER BY pull_requests DESC, judgement
