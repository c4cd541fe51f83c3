"""A month's updates on sheets: made for a person, read back, checked and recorded."""
