"""One plan after another: what is brought over, and how both tell of each other."""
