"""A report in each of its formats, made from its document alone."""
