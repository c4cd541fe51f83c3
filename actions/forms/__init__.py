"""What forms are made of: fields for text and dates, and a verb's refusal put at its question."""
