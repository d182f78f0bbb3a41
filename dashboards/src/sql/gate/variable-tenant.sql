SELECT DISTINCT tenant FROM dash.gate_services ORDER BY tenant
