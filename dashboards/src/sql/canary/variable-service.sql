SELECT DISTINCT service
FROM dash.canary_runs
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
ORDER BY service
