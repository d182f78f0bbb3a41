SELECT
  version,
  toUnixTimestamp64Milli(since) AS since_ms,
  open_failures AS failures,
  toUnixTimestamp64Milli(oldest_open_failure_at) AS oldest_ms,
  open_incidents AS incidents,
  if(isNull(drifted), 'never checked', if(drifted, 'drifted', 'as declared')) AS drift
FROM dash.current
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service = ${service:singlequote}
