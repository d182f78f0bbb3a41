SELECT
  decided_at,
  service,
  ifNull(artifact_version, ifNull(left(artifact_commit, 12), left(artifact_digest, 19))) AS version,
  gate,
  decision,
  code,
  reason,
  principal,
  id
FROM dash.gate_decisions
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(decided_at)
ORDER BY decided_at DESC, id
LIMIT 100
