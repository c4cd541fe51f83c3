"""Telling people what waits for them: mails made from My work, and what became of each."""
