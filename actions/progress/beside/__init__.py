"""What a form of an update needs of the record: its margin, and what it carries on."""
