"""When somebody is written to. Standard library only."""
