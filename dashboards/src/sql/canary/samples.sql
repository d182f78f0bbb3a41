SELECT
  at AS time,
  side.1 AS arm,
  side.2 AS samples
FROM dash.canary_evidence
ARRAY JOIN [('baseline', baseline_n), ('canary', canary_n)] AS side
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
  AND metric = ${metric:singlequote}
  AND $__timeFilter_ms(at)
ORDER BY time, arm
