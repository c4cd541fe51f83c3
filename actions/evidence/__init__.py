"""What shows that something is done, and restricted notes: added, listed, withdrawn."""
