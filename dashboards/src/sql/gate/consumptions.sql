SELECT
  consumed_at,
  service,
  artifact_version AS version,
  consumer,
  principal,
  dateDiff('millisecond', decided_at, consumed_at) / 1000 AS after,
  claims,
  decision_id
FROM dash.gate_consumptions
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(consumed_at)
ORDER BY consumed_at DESC, decision_id
LIMIT 100
