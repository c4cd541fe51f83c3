"""The month of each person: their work, their area, and who owes what."""
