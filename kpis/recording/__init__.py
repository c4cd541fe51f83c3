"""Figures on record: read as history, typed, uploaded, due, checked by a second person, rebased."""
