SELECT state
FROM dash.canary_runs
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
