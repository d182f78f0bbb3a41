SELECT
  result,
  kind,
  if(counted, 'counted', ifNull(excluded_reason, '')) AS judgement,
  count() AS attempts
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND $__conditionalAll(service IN (${service:singlequote}), $service)
  AND $__timeFilter(finished_at)
GROUP BY result, kind, judgement
ORDER BY attempts DESC, result, kind, judgement
