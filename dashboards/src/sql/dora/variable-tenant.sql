SELECT DISTINCT tenant FROM dash.services ORDER BY tenant
