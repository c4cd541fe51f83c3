"""What a meeting has before it, gathered from every room of the plan."""
