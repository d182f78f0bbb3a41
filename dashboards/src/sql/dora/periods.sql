SELECT
  label AS period,
  service,
  if(provisional, 'provisional', 'complete') AS state,
  nullIf(deployment_frequency_per_day, 0) * 7 AS per_week, deployment_frequency_count AS deployments,
  deployment_frequency_deploy_days AS deploy_days,
  change_lead_time_median_ms / 1000 AS lead_time_median, change_lead_time_p90_ms / 1000 AS lead_time_p90,
  change_lead_time_n AS changes,
  pull_request_lead_time_median_ms / 1000 AS pull_request_median, pull_request_lead_time_n AS pull_requests,
  change_fail_rate_value AS fail_rate, change_fail_rate_n AS judged,
  failed_deployment_recovery_time_median_ms / 1000 AS recovery_median,
  failed_deployment_recovery_time_n AS recoveries,
  deployment_rework_rate_value AS rework_rate, deployment_rework_rate_n AS with_rollbacks,
  deployment_success_rate_value AS success_rate, deployment_success_rate_n AS attempts,
  mean_time_to_deploy_mean_ms / 1000 AS time_to_deploy, mean_time_to_deploy_n AS timed,
  configuration_drift_drifted_share AS drifted_share, configuration_drift_checks AS checks,
  toString(start) AS day
FROM dash.periods
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND dash.periods.period = ${period:singlequote}
  AND $__dateFilter(start)
ORDER BY start DESC, service
LIMIT 500
