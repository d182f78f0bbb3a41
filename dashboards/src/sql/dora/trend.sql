SELECT
  toDateTime(start, 'UTC') AS time,
  value * :factor AS value,
  n,
  lower * :factor AS lower,
  upper * :factor AS upper
FROM dash.dora_ranges(
  tenant = ${tenant:singlequote},
  scope = multiIf(NOT $__conditionalAll(1=0, $service), 'service', NOT $__conditionalAll(1=0, $team), 'team', 'all'),
  name = arrayStringConcat(if($__conditionalAll(1=0, $service), [${team:singlequote}], [${service:singlequote}])),
  environment = ${environment:singlequote},
  bucket = ${period:singlequote},
  `from` = dateTrunc(${period:singlequote}, toDate($__fromTime, 'UTC')),
  to = addDays(
    addMonths(
      dateTrunc(${period:singlequote}, toDate($__toTime, 'UTC')),
      multiIf(${period:singlequote} = 'month', 1, ${period:singlequote} = 'quarter', 3, 0)),
    if(${period:singlequote} = 'week', 7, 0))
)
WHERE metric = :metric
ORDER BY time
