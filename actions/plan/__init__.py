"""The plan itself: written, agreed, amended, closed, read, rated by SROs, shared for reading."""
