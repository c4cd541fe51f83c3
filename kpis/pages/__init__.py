"""The pages of KPIs: their list, one KPI with its figures and charts, charts of commitments."""
