SELECT
  time,
  service,
  value,
  n,
  if(uniqExact(service) OVER () = 1, lower, NULL) AS lower,
  if(uniqExact(service) OVER () = 1, upper, NULL) AS upper
FROM dash.dora_series
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND metric = 'pull_request_lead_time'
  AND period = ${period:singlequote}
  AND $__dateFilter(time)
  AND isNotNull(value)
ORDER BY time, service
