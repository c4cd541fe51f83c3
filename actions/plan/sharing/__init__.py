"""Views of a plan as at a day, shared with somebody who sees nothing live."""
