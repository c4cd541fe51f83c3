"""What waits for the group, read: words, questions, decisions to carry out, reports to come."""
