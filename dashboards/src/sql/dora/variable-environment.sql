SELECT DISTINCT environment FROM dash.services WHERE tenant = ${tenant:singlequote} ORDER BY environment
