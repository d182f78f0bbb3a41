SELECT
  quantileExactInclusive(0.5)(lead_time_ms) / 1000 AS median,
  quantileExactInclusive(0.9)(lead_time_ms) / 1000 AS p90,
  count() AS pull_requests
FROM dash.pull_requests
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND $__conditionalAll(service IN (${service:singlequote}), $service)
  AND counted
  AND $__timeFilter(finished_at)
HAVING pull_requests > 0
