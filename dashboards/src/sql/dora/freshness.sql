SELECT
  dateDiff('second', stored_through, now64(3, 'UTC')) AS behind,
  toUnixTimestamp64Milli(stored_through) AS stored_through_ms
FROM dash.freshness
WHERE isNotNull(stored_through)
