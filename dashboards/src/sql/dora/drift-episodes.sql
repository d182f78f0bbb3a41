SELECT
  opened_at,
  service,
  resource,
  closed_at,
  reconcile_ms / 1000 AS reconcile,
  last_check_at,
  checks,
  arrayStringConcat(detectors, ', ') AS detectors,
  arrayStringConcat(fingerprints, ', ') AS fingerprints
FROM dash.drift_episodes
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND service IN (${service:singlequote})
  AND $__timeFilter(opened_at)
ORDER BY opened_at DESC, service, resource
LIMIT 100
