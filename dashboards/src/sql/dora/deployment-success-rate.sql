SELECT
  countIf(result = 'SUCCESS') / attempts AS success_rate,
  countIf(result IN ('SUCCESS', 'FAILURE')) AS attempts
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND $__conditionalAll(service IN (${service:singlequote}), $service)
  AND $__timeFilter(finished_at)
HAVING attempts > 0
