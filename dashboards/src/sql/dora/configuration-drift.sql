SELECT
  sum(configuration_drift_drifted_ms) / nullIf(sum(configuration_drift_observed_ms), 0) AS drifted_share,
  sum(configuration_drift_episodes) AS episodes,
  sum(configuration_drift_checks) AS checks
FROM dash.dora_windows
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND toString(days) = ${window:singlequote}
HAVING checks > 0
