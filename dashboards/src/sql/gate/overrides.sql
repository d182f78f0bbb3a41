SELECT
  decided_at,
  service,
  artifact_version AS version,
  gate,
  override_requester AS requester,
  override_approver AS approver,
  multiIf(isNull(approver), 'nobody', requester = approver, 'the same', 'another') AS approved_by,
  override_reason AS reason,
  override_ticket AS ticket,
  override_expires_at AS expires_at,
  if(expires_at < $__toTime, 'expired', 'in force') AS force,
  id
FROM dash.gate_decisions
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND overridden
  AND $__timeFilter(decided_at)
ORDER BY decided_at DESC, id
LIMIT 100
