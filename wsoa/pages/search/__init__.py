"""Searching plans."""
