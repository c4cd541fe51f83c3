"""Meetings of boards and groups: when they are, and by when their papers are due."""
