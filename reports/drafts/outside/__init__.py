"""What was said of a draft outside: recorded by one of the programme team, checked by another."""
