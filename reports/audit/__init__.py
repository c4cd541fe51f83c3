"""The history of edits: who changed what in a plan and when, what it said before and after."""
