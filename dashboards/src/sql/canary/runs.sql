SELECT
  started_at,
  service,
  run,
  state,
  baseline_version,
  canary_version,
  dateDiff('second', started_at, at) AS duration,
  twin,
  arrayElementOrNull(reasons, 1) AS reason,
  arrayStringConcat(doubts, ', ') AS doubts,
  if(ended, toString(toUnixTimestamp64Milli(at)), 'now') AS until
FROM dash.canary_runs
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND started_at <= $__toTime
  AND at >= $__fromTime
ORDER BY started_at DESC, run
LIMIT 100
