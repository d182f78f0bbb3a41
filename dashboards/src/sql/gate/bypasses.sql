SELECT
  at,
  service,
  ifNull(version, left(sha, 12)) AS version,
  kind,
  deployment_kind,
  if(failed, 'failed', '') AS failure,
  gate,
  decision,
  decided_at,
  expires_at,
  decision_id,
  id
FROM dash.gate_bypasses(
  tenant = ${tenant:singlequote},
  `from` = toDateTime64($__fromTime, 3, 'UTC'),
  to = toDateTime64($__toTime, 3, 'UTC')
)
WHERE environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
ORDER BY at DESC, id
LIMIT 100
