"""The steering group's pages: the dashboard and its timeline."""
