SELECT
  count() AS measured,
  countIf(isNotNull(lower)) AS bounded,
  countIf(insufficient) AS insufficient,
  min(n) AS fewest
FROM dash.dora_ranges(
  tenant = ${tenant:singlequote},
  scope = multiIf(NOT $__conditionalAll(1=0, $service), 'service', NOT $__conditionalAll(1=0, $team), 'team', 'all'),
  name = arrayStringConcat(if($__conditionalAll(1=0, $service), [${team:singlequote}], [${service:singlequote}])),
  environment = ${environment:singlequote},
  bucket = 'range',
  `from` = toDate($__fromTime, 'UTC'),
  to = toDate($__toTime, 'UTC') + 1
)
HAVING measured > 0
