SELECT DISTINCT tenant FROM dash.canary_runs ORDER BY tenant
