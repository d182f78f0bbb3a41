SELECT
  count() AS decisions,
  outcome,
  policy,
  rule,
  code,
  argMax(reason, decided_at) AS last_reason
FROM dash.gate_rules
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND mode = 'enforce'
  AND outcome != 'allow'
  AND NOT exempted
  AND $__timeFilter(decided_at)
GROUP BY outcome, policy, rule, code
ORDER BY decisions DESC, policy, rule, code, outcome
LIMIT 20
