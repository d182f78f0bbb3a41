SELECT
  value / 1000 AS mean,
  p90 / 1000 AS p90,
  n AS timed
FROM dash.dora_ranges(
  tenant = ${tenant:singlequote},
  scope = multiIf(NOT $__conditionalAll(1=0, $service), 'service', NOT $__conditionalAll(1=0, $team), 'team', 'all'),
  name = arrayStringConcat(if($__conditionalAll(1=0, $service), [${team:singlequote}], [${service:singlequote}])),
  environment = ${environment:singlequote},
  bucket = 'range',
  `from` = toDate($__fromTime, 'UTC'),
  to = toDate($__toTime, 'UTC') + 1
)
WHERE metric = 'mean_time_to_deploy'
