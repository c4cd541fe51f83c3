"""Files: those that people send, what they are and where they are kept, and those they take away."""
