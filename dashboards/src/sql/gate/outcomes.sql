SELECT
  $__timeInterval(decided_at) AS time,
  decision,
  count() AS decisions
FROM dash.gate_decisions
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(decided_at)
GROUP BY time, decision
ORDER BY time, decision
