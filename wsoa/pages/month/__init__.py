"""The update period of each person: their work, their area, and who owes what."""
