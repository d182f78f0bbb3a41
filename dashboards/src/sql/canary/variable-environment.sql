SELECT DISTINCT environment FROM dash.canary_runs WHERE tenant = ${tenant:singlequote} ORDER BY environment
