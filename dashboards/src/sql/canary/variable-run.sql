SELECT
  run,
  concat(service, ' ', ifNull(canary_version, '(version not said)'), ', ', formatDateTime(started_at, '%F %R'), ', ', run) AS label
FROM dash.canary_runs
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND started_at <= $__toTime
ORDER BY started_at DESC, run
LIMIT 200
