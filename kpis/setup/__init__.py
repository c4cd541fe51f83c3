"""KPIs, their data owners and targets as parts of a plan that is edited."""
