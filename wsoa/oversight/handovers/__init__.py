"""Passing all that is open with somebody who leaves to another."""
