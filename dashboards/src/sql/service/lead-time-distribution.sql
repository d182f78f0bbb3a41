SELECT
  toDateTime(dateTrunc(${period:singlequote}, assumeNotNull(finished_day)), 'UTC') AS time,
  multiIf(
    lead_time_ms < 3600e3, 'below 1 hour',
    lead_time_ms < 86400e3, '1 hour to 1 day',
    lead_time_ms < 7 * 86400e3, '1 to 7 days',
    lead_time_ms < 30 * 86400e3, '7 to 30 days',
    '30 days or more') AS took,
  count() AS changes
FROM dash.changes
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service = ${service:singlequote}
  AND counted
  AND isNotNull(finished_day)
  AND $__timeFilter(finished_at)
GROUP BY time, took
ORDER BY time, min(lead_time_ms)
