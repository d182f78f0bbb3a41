SELECT
  countIf(standing != 'allowed') AS bypasses,
  countIf(standing = 'against') AS against,
  count() AS deployments
FROM dash.gate_deployments(
  tenant = ${tenant:singlequote},
  `from` = toDateTime64($__fromTime, 3, 'UTC'),
  to = toDateTime64($__toTime, 3, 'UTC')
)
WHERE environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND result = 'SUCCESS'
HAVING deployments > 0
