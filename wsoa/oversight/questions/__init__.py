"""Questions about commitments, areas and KPIs: asked, answered, closed, listed."""
