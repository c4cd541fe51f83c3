"""The register of findings, and a page for each from its words to what it led to."""
