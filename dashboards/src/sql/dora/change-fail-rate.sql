SELECT
  failures / judged AS fail_rate,
  countIf(failed) AS failures,
  count() AS judged
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND $__conditionalAll(service IN (${service:singlequote}), $service)
  AND fail_rate_counted
  AND $__timeFilter(finished_at)
HAVING judged > 0
