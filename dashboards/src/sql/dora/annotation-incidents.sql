SELECT
  started_at AS time,
  ifNull(resolved_at, $__toTime) AS timeEnd,
  service AS title,
  ifNull(incidents.title, id) AS text,
  'incident' AS tags
FROM dash.incidents
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(started_at)
ORDER BY time DESC
LIMIT 200
