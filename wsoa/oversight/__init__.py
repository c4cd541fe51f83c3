"""Oversight of a plan: questions, decisions, meetings, changes, reviews and its risk register."""
