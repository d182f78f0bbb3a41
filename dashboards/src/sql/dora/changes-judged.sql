SELECT
  if(counted, 'counted', ifNull(excluded_reason, '')) AS judgement,
  count() AS changes
FROM dash.changes
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(finished_at)
GROUP BY judgement
ORDER BY changes DESC, judgement
