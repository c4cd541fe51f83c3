"""How far an SRO may move a date: whole weeks, from last day to last day."""

import pytest

from actions.rules.dates import PlanDate
from actions.rules.own_moves import is_within


@pytest.mark.parametrize(
    ("weeks", "now", "wanted", "within"),
    [
        # 31 January is 31 days after 31 December: four weeks are 28 days, five are 35.
        (4, "2026-12", "2027-01", False),
        (5, "2026-12", "2027-01", True),
        # 28 February is 28 days after 31 January.
        (4, "2027-01", "2027-02", True),
        (4, "2027-01-04", "2027-02-01", True),
        (4, "2027-01-04", "2027-02-02", False),
        # A day in the month after is nearer than the end of it.
        (2, "2026-12", "2027-01-14", True),
        # Earlier counts as later does.
        (4, "2027-02", "2027-01", True),
        (4, "2027-01", "2026-12", False),
        (0, "2026-12", "2027-01", False),
    ],
)
def test_a_date_moves_by_so_many_weeks_at_most(weeks, now, wanted, within):
    assert is_within(weeks, PlanDate.parse(now), PlanDate.parse(wanted)) is within
