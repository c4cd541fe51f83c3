"""Organisations that sign their own people in, by OpenID Connect, for addresses of theirs."""
