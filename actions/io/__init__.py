"""Files that people send: what they are, where they are kept; and files that they take away."""
