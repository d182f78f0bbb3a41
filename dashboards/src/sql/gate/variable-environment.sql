SELECT DISTINCT environment FROM dash.gate_services WHERE tenant = ${tenant:singlequote} ORDER BY environment
