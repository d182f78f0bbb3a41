SELECT
  detected,
  service,
  replaceAll(metric, '_', ' ') AS shifted,
  if(withdrawn, 'withdrawn', direction) AS verdict,
  began,
  after_value / nullIf(before_value, 0) AS factor,
  if(metric LIKE '%rate', before_value, NULL) AS share_before,
  if(metric LIKE '%rate', after_value, NULL) AS share_after,
  if(metric LIKE '%time%', before_value / 1000, NULL) AS time_before,
  if(metric LIKE '%time%', after_value / 1000, NULL) AS time_after,
  if(metric = 'deployment_frequency', before_value, NULL) AS weekly_before,
  if(metric = 'deployment_frequency', after_value, NULL) AS weekly_after,
  before_n,
  after_n,
  exp(log_evidence) AS evidence
FROM dash.shifts
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(detected)
ORDER BY detected DESC, service, metric
LIMIT 100
