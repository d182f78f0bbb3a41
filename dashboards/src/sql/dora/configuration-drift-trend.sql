SELECT time, service, value, n
FROM dash.dora_series
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND metric = 'configuration_drift'
  AND period = ${period:singlequote}
  AND $__dateFilter(time)
  AND isNotNull(value)
ORDER BY time, service
