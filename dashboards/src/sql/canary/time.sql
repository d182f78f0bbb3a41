SELECT
  dateDiff('second', started_at, at) AS elapsed,
  seconds_to_pass,
  seconds_to_fail,
  toUnixTimestamp64Milli(at) AS at_ms
FROM dash.canary_runs
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
