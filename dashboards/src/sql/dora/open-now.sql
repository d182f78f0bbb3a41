SELECT
  sum(open_failures) AS failures,
  toUnixTimestamp64Milli(min(oldest_open_failure_at)) AS oldest_ms,
  sum(open_incidents) AS incidents,
  countIf(drifted) AS drifted
FROM dash.current
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
HAVING count() > 0
