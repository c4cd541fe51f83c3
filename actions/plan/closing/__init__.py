"""Closing a plan: what becomes of each open commitment, and the end of the plan."""
