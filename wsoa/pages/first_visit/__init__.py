"""What a page is for, said to who opens it for the first times, until they hide it."""
