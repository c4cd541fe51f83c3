"""Starting a plan, and what each kind of plan brings."""
