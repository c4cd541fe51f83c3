"""The picture of what was said by month: which of its labels are printed, and on which side."""

from datetime import date

import pytest

from actions.pages.timeline import said_and_done
from actions.rules.dates import PlanDate
from actions.rules.state import state_at, strip
from tests.actions.rules.pure_factories import commitment, history, key_date, update

STARTS, ENDS = PlanDate.parse("2022-01"), PlanDate.parse("2023-06")


def picture(updates, dates, on="2022-12-20", ends=ENDS):
    day = date.fromisoformat(on)
    told = commitment(updates=updates, key_dates=dates)
    (plan,) = state_at(history(told), day).values()
    return said_and_done(plan.commitments[0], strip(told, day), set(), STARTS, ends)


def moved(first, now):
    agreed = key_date("completion", first)
    return [agreed, key_date("completion", now, "2022-02-01", replaces=agreed)]


def test_a_run_of_one_colour_is_named_where_its_name_has_room():
    said = picture(
        [
            update("green", "2022-03-10"),
            update("amber", "2022-06-10"),  # one month: the next name would start under this one
            update("green", "2022-07-10"),
            update("red", "2022-12-10"),  # the last run has the months ahead to itself
        ],
        [key_date("completion", "2023-01")],
    )
    assert [cell.run for cell in said.months if cell.run] == ["Green", "Green", "Red"]


def test_a_name_needs_more_months_where_more_are_shown():
    said = picture(
        [
            update("green", "2022-03-10"),
            update("amber", "2022-05-10"),  # two months of 36: 36 pixels, too few for its name
            update("red", "2022-07-10"),
        ],
        [key_date("completion", "2023-01")],
        ends=PlanDate.parse("2024-12"),
    )
    assert [cell.run for cell in said.months if cell.run] == ["Red"]


@pytest.mark.parametrize(
    ("first", "now", "labels"),
    [
        ("2022-06", "2022-12", [("first agreed", False), ("due now", False)]),
        ("2022-06", "2022-07", [("first agreed", True), ("due now", False)]),
        ("2022-06", "2023-06", [("first agreed", True), ("due now", True)]),
        ("2023-05", "2023-06", [("", True), ("due now", True)]),
        ("2022-12", "2022-11", [("first agreed", False), ("due now", True)]),
        ("2023-06", "2023-05", [("", True), ("due now", True)]),
    ],
    ids=["apart", "next to it", "at the end", "both at the end", "earlier", "earlier at the end"],
)
def test_the_labels_of_first_agreed_and_due_never_meet(first, now, labels):
    said = picture([update("green", "2022-03-10")], moved(first, now))
    uprights = (said.first_agreed, said.due_now)
    assert [(marker.label, marker.is_late) for marker in uprights] == labels


def test_a_date_that_never_moved_has_one_upright():
    said = picture([update("green", "2022-03-10")], [key_date("completion", "2023-06")])
    assert said.first_agreed is None
    assert (said.due_now.label, said.due_now.is_late) == ("due", True)
