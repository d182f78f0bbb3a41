SELECT DISTINCT team FROM dash.teams WHERE tenant = ${tenant:singlequote} ORDER BY team
