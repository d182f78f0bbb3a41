SELECT DISTINCT service
FROM dash.services
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
ORDER BY service
