SELECT
  reason,
  source,
  count() AS deliveries,
  max(received_at) AS last_received,
  argMax(detail, received_at) AS last_detail,
  argMax(delivery, received_at) AS last_delivery
FROM dash.dead_letters
WHERE tenant = ${tenant:singlequote}
  AND disposition = 'DEAD_LETTER'
  AND $__timeFilter(received_at)
GROUP BY reason, source
ORDER BY deliveries DESC, reason, source
LIMIT 100
