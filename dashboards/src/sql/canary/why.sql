SELECT
  said.1 AS what,
  said.2 AS text
FROM dash.canary_runs
ARRAY JOIN arrayConcat(
  arrayMap(one -> ('reason', one), reasons),
  arrayMap(one -> ('doubt', one), doubts),
  arrayMap(one -> ('condition', assumeNotNull(one)), arrayFilter(one -> isNotNull(one), [condition])),
  arrayMap(one -> ('note', one), notes)
) AS said
WHERE tenant = ${tenant:singlequote}
  AND run = ${run:singlequote}
