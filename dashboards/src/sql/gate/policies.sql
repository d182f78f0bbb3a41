SELECT
  policy,
  version,
  left(digest, 19) AS content,
  countIf(outcome = 'allow') AS allowed,
  countIf(outcome = 'deny') AS denied,
  countIf(outcome = 'pending') AS pending,
  countIf(outcome = 'error') AS errors,
  countIf(isNull(outcome)) AS not_judged,
  denied / count() AS share,
  count() AS decisions
FROM dash.gate_policies
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(decided_at)
GROUP BY policy, version, digest
ORDER BY policy, max(decided_at) DESC, digest
LIMIT 100
