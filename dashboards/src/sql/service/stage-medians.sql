SELECT
  toDateTime(dateTrunc(${period:singlequote}, assumeNotNull(finished_day)), 'UTC') AS time,
  part.2 AS stage,
  quantileExactInclusive(0.5)(part.3) / 1000 AS value,
  count() AS n
FROM dash.pull_requests
ARRAY JOIN [(1, 'coding', coding_ms), (2, 'pickup', pickup_ms), (3, 'review', review_ms), (4, 'deploy', deploy_ms)] AS part
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service = ${service:singlequote}
  AND counted
  AND isNotNull(finished_day)
  AND $__timeFilter(finished_at)
GROUP BY time, part.1, part.2
ORDER BY time, part.1
