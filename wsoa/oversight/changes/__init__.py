"""Changing what was agreed: asked, supported, decided."""
