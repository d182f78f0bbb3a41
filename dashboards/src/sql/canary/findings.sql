SELECT
  metric,
  kind,
  direction,
  verdict,
  reason
FROM dash.canary_evidence
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
  AND metric IN (${metric:singlequote})
ORDER BY at DESC, metric
LIMIT 1 BY metric
