SELECT
  toDateTime(start, 'UTC') AS time,
  part.2 AS stage,
  sum(part.3 * pull_request_lead_time_n) / n / 1000 AS value,
  sum(pull_request_lead_time_n) AS n
FROM dash.periods
ARRAY JOIN [
  (1, 'coding', pull_request_lead_time_coding_mean_ms),
  (2, 'pickup', pull_request_lead_time_pickup_mean_ms),
  (3, 'review', pull_request_lead_time_review_mean_ms),
  (4, 'deploy', pull_request_lead_time_deploy_mean_ms)
] AS part
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND dash.periods.period = ${period:singlequote}
  AND $__dateFilter(start)
  AND pull_request_lead_time_n > 0
GROUP BY start, part.1, part.2
ORDER BY time, part.1
