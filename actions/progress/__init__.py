"""The month: updates, their drafts, Blue and its second person, risks, history in words."""
