SELECT
  at AS time,
  line.1 AS evidence,
  max(exp(multiIf(line.2 > 50, 50, line.2 < -50, -50, line.2))) AS e_value
FROM dash.canary_evidence
ARRAY JOIN :lines AS line
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
  AND metric IN (${metric:singlequote})
  AND $__timeFilter_ms(at)
GROUP BY time, evidence
ORDER BY time, evidence
