"""What waits for a person on a plan: one list, for their page, for the count in the menu."""
