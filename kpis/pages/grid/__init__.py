"""All KPIs at a glance, a cell each."""
