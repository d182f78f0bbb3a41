SELECT
  countIf(overridden) AS overrides,
  countIf(overridden AND override_requester = override_approver) AS by_one,
  countIf(exemptions > 0) AS exempted,
  count() AS decisions
FROM dash.gate_decisions
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(decided_at)
HAVING decisions > 0
