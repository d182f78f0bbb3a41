SELECT
  time,
  service,
  value * 7 AS per_week,
  n,
  if(uniqExact(service) OVER () = 1, lower * 7, NULL) AS lower,
  if(uniqExact(service) OVER () = 1, upper * 7, NULL) AS upper
FROM dash.dora_series
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND metric = 'deployment_frequency'
  AND period = ${period:singlequote}
  AND $__dateFilter(time)
  AND n > 0
ORDER BY time, service
