"""What each report says: the plan as it stood, read once and put into sections."""
