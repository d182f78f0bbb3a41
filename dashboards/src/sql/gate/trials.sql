SELECT
  policy,
  rule,
  mode,
  countIf(outcome != 'allow') AS stopped,
  countIf(outcome != 'allow' AND decision = 'allow') AS stopped_alone,
  stopped / count() AS share,
  count() AS decisions
FROM dash.gate_rules
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND mode != 'enforce'
  AND $__timeFilter(decided_at)
GROUP BY policy, rule, mode
ORDER BY stopped_alone DESC, policy, rule, mode
LIMIT 20
