SELECT
  canary_n / nullIf(baseline_n + canary_n, 0) AS share,
  baseline_n,
  canary_n,
  metric
FROM dash.canary_evidence
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
  AND kind != 'gauge'
ORDER BY at DESC, baseline_n + canary_n DESC NULLS LAST, metric
LIMIT 1
