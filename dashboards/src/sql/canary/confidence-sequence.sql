SELECT
  at AS time,
  if(e.upper - e.lower > 10 * margin, NULL, e.estimate) AS estimate,
  if(e.upper - e.lower > 10 * margin, NULL, e.lower) AS lower,
  if(e.upper - e.lower > 10 * margin, NULL, e.upper) AS upper,
  if(scale = 'linear', 0., 1.) AS no_difference,
  no_difference + if(direction = 'decrease', -tolerance, tolerance) AS tolerated,
  no_difference + if(direction = 'decrease', -margin, margin) AS too_bad,
  if(direction = 'either', no_difference - tolerance, NULL) AS tolerated_below,
  if(direction = 'either', no_difference - margin, NULL) AS too_bad_below
FROM dash.canary_evidence AS e
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
  AND metric = ${metric:singlequote}
  AND $__timeFilter_ms(at)
ORDER BY time
