SELECT
  quantileExactInclusive(0.5)(recovery_ms) / 1000 AS median,
  quantileExactInclusive(0.9)(recovery_ms) / 1000 AS p90,
  count() AS recoveries
FROM dash.deployments
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND $__conditionalAll(service IN (${service:singlequote}), $service)
  AND failed
  AND isNotNull(recovery_ms)
  AND $__timeFilter(restored_at)
HAVING recoveries > 0
