SELECT
  at AS time,
  pair.1 AS subject,
  max(transform(pair.2, ['Pending', 'Running', 'Successful', 'Failed', 'Inconclusive', 'Error'], [1, 2, 3, 4, 5, 6], NULL))
    AS standing
FROM dash.canary_evidence
ARRAY JOIN [('The run', state), (metric, verdict)] AS pair
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
  AND metric IN (${metric:singlequote})
  AND $__timeFilter_ms(at)
GROUP BY time, subject
ORDER BY time, subject
