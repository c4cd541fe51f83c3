"""What pages of a plan are made of: the plan on a day, its rows, tables, filters and formatting."""
