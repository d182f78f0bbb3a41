SELECT
  service,
  change_fail_rate_value AS fail_rate,
  change_fail_rate_lower AS lower,
  change_fail_rate_upper AS upper,
  change_fail_rate_failed AS failures,
  change_fail_rate_n AS judged,
  change_fail_rate_failed_within_day / nullIf(judged, 0) AS within_day,
  change_fail_rate_failed_within_three_days / nullIf(judged, 0) AS within_three_days,
  change_fail_rate_failed_within_week / nullIf(judged, 0) AS within_week,
  change_fail_rate_linked_by_time AS linked_by_time,
  change_fail_rate_unattributed AS unattributed,
  change_fail_rate_not_change_caused AS not_change_caused,
  change_fail_rate_provisional_until AS provisional_until
FROM dash.dora_windows
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND toString(days) = ${window:singlequote}
ORDER BY service
