SELECT
  deployments * 7 * 86400 / greatest(dateDiff('second', $__fromTime, $__toTime), 1) AS per_week,
  count() AS deployments
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND $__conditionalAll(service IN (${service:singlequote}), $service)
  AND counted
  AND $__timeFilter(finished_at)
HAVING deployments > 0
