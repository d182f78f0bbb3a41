SELECT DISTINCT service
FROM dash.gate_services
WHERE tenant = ${tenant:singlequote}
  AND environment = ${environment:singlequote}
ORDER BY service
