SELECT
  value * :factor AS value,
  lower * :factor AS lower,
  upper * :factor AS upper,
  n
FROM dash.dora_ranges(
  tenant = ${tenant:singlequote},
  scope = multiIf(NOT $__conditionalAll(1=0, $service), 'service', NOT $__conditionalAll(1=0, $team), 'team', 'all'),
  name = arrayStringConcat(if($__conditionalAll(1=0, $service), [${team:singlequote}], [${service:singlequote}])),
  environment = ${environment:singlequote},
  bucket = 'range',
  `from` = toDate($__fromTime, 'UTC'),
  to = toDate($__toTime, 'UTC') + 1
)
WHERE metric = :metric
