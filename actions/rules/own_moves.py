"""How far a senior responsible officer may move a date without the steering group. Pure."""

from datetime import timedelta

from actions.rules.dates import PlanDate

# The most that a plan may leave to them.
MOST_WEEKS = 12


def is_within(weeks: int, now: PlanDate, wanted: PlanDate) -> bool:
    """Whether a date moves by no more than so many weeks, later or earlier.

    By last days, as everything that falls due: from December to January are 31 days, which four
    weeks do not cover.
    """
    return abs(wanted.last_day - now.last_day) <= timedelta(weeks=weeks)
