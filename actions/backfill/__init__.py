"""Past updates from a file, so that a plan can start with its history."""
