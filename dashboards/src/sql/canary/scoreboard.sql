SELECT
  metric,
  verdict,
  estimate,
  lower,
  upper,
  tolerance,
  margin,
  resolution_floor,
  log_e_fail, log_e_to_fail,
  log_e_pass, log_e_to_pass,
  baseline_n, baseline_events, baseline_events / nullIf(baseline_n, 0) AS baseline_share,
  canary_n, canary_events, canary_events / nullIf(canary_n, 0) AS canary_share
FROM dash.canary_evidence
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
  AND metric IN (${metric:singlequote})
ORDER BY at DESC, metric
LIMIT 1 BY metric
