SELECT
  count() AS decisions,
  countIf(decision = 'deny') / decisions AS denied,
  countIf(decision = 'error') / decisions AS errors,
  countIf(decision = 'pending') AS pending
FROM dash.gate_decisions
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(decided_at)
HAVING decisions > 0
