SELECT
  ifNull(ifNull(rule, unattributed_reason), '') AS judgement,
  if(change_caused, 'a change', 'something else') AS cause,
  count() AS incidents
FROM dash.incidents
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(started_at)
GROUP BY judgement, cause
ORDER BY incidents DESC, judgement, cause
