"""The plan itself: written, agreed, amended, closed, read, rated by its SROs and shared for reading."""
