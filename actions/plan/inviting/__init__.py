"""People are invited to a plan by mail, and become its members with one press."""
