SELECT DISTINCT metric
FROM dash.canary_evidence
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
ORDER BY metric
