"""What the rules keep from one question to the next is forgotten between tests."""

import pytest

from actions.rules import cycle


@pytest.fixture(autouse=True)
def no_kept_periods():
    """Kept periods would answer for a rule that is broken, as `tests/mutants.py` breaks them."""
    cycle._periods_of.cache_clear()
