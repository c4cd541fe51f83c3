"""My account: one's own name, password, second step, sessions."""
