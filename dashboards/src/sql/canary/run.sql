SELECT
  service,
  baseline_version,
  canary_version,
  if(ended, 'has ended', 'goes on') AS rollout,
  length(doubts) AS doubts
FROM dash.canary_runs
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
