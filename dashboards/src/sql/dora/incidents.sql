SELECT
  count() AS incidents,
  countIf(change_caused AND isNull(rule)) AS unattributed,
  countIf(NOT change_caused) AS not_change_caused
FROM dash.incidents
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(started_at)
HAVING incidents > 0
