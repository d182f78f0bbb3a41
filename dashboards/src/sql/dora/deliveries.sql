SELECT
  source,
  sum(received) AS received,
  sum(accepted) AS accepted,
  sum(duplicate) AS duplicate,
  sum(ignored) AS ignored,
  sum(dead_letter) AS dead_letter,
  sum(pending) AS pending
FROM dash.ingest_minute
WHERE tenant = ${tenant:singlequote}
  AND $__timeFilter(minute)
GROUP BY source
ORDER BY source
