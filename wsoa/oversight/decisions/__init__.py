"""Decisions of meetings: recorded, listed, done."""
