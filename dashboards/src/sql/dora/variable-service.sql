SELECT DISTINCT service
FROM dash.services
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
  AND $__conditionalAll(service IN (
    SELECT service FROM dash.teams WHERE tenant = ${tenant:singlequote} AND team = ${team:singlequote}
  ), $team)
ORDER BY service
