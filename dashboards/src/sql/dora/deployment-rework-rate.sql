SELECT
  countIf(rework) / with_rollbacks AS rework_rate,
  count() AS with_rollbacks
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND $__conditionalAll(service IN (${service:singlequote}), $service)
  AND kind IN ('FORWARD', 'CONFIG', 'ROLLBACK')
  AND $__timeFilter(finished_at)
HAVING with_rollbacks > 0
