"""The whole plan on one page: its areas and actions by month."""
