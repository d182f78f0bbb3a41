SELECT
  standing,
  deployments,
  value,
  lower,
  upper,
  failed,
  n
FROM dash.gate_quality(
  tenant = ${tenant:singlequote},
  service = arrayStringConcat(if($__conditionalAll(1=0, $service), [''], [${service:singlequote}])),
  environment = ${environment:singlequote},
  `from` = toDateTime64($__fromTime, 3, 'UTC'),
  to = toDateTime64($__toTime, 3, 'UTC')
)
ORDER BY deployments DESC, standing
