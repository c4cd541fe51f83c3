"""All that stands out, and the points to check: each list whole, which the dashboard counts."""
