"""What is asked after the password of those whose role wants it: a code from an app."""
