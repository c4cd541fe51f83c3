"""The page of a meeting, with what was asked and decided in it."""
