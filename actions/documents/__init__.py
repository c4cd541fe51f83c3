"""Documents beside a plan: letters, papers, versions for others."""
