"""One update period: done, late, owed, overdue; and when it closes."""

from datetime import date

import pytest

from actions.rules.cycle import Cycle, UpdatePeriod
from actions.rules.periods import Met, owed_in
from actions.rules.state import PlanHistory
from tests.actions.rules.pure_factories import (
    AGREED,
    before_papers,
    commitment,
    confirmed,
    lead,
    update,
    withdrawal,
)


def january(plan, holidays=()) -> UpdatePeriod:
    period = plan.cycle.periods(holidays).on(date(2023, 1, 1))
    assert period is not None
    return period


def plan_of(*commitments, cycle=None, closed_on=None):
    return PlanHistory(
        id=1,
        agreed_on=AGREED,
        tracked_from=date(2022, 1, 1),
        closed_on=closed_on,
        commitments=commitments,
        cycle=cycle or Cycle(),
    )


def owed(plan, day, holidays=()):
    return owed_in(plan, january(plan, holidays), day)


def met(row, day, cycle=None):
    (one,) = owed(plan_of(row, cycle=cycle), date.fromisoformat(day))
    return one.met


# January 2023 closes on Tuesday 31; the five working days of grace end on Tuesday 7 February.


@pytest.mark.parametrize(
    ("written", "day", "what"),
    [
        ("2023-01-31", "2023-02-20", Met.DONE),
        ("2023-02-01", "2023-02-20", Met.LATE),
        ("2023-02-07", "2023-02-20", Met.LATE),
        # Late is late: what comes after the grace reopens nothing.
        ("2023-02-08", "2023-02-20", Met.OVERDUE),
        ("2022-12-31", "2023-01-20", Met.OWED),
        ("2022-12-31", "2023-02-07", Met.OWED),
        ("2022-12-31", "2023-02-08", Met.OVERDUE),
    ],
)
def test_an_update_is_done_late_owed_or_overdue(written, day, what):
    assert met(commitment(updates=[update("green", written)]), day) is what


def test_what_was_confirmed_blue_owes_nothing():
    blue = update("blue", "2022-12-01")
    row = commitment(updates=[blue], confirmations=[confirmed(blue, "2022-12-20")])
    assert owed(plan_of(row), date(2023, 1, 20)) == []


def test_what_a_closing_left_undone_within_its_grace_is_asked_of_nobody():
    def asked(closed_on, day):
        plan = plan_of(commitment(), closed_on=date.fromisoformat(closed_on))
        return [one.met for one in owed(plan, date.fromisoformat(day))]

    # Closed on 3 February, within the grace; on 10 February it was over, and stays overdue.
    assert asked("2023-02-03", "2023-02-02") == [Met.OWED]
    assert asked("2023-02-03", "2023-02-03") == asked("2023-02-03", "2023-05-01") == []
    assert asked("2023-02-10", "2023-05-01") == [Met.OVERDUE]


def test_a_period_may_close_before_the_papers_are_due():
    # Papers due on Thursday 19 January: five working days before is Thursday 12.
    cycle = before_papers(date(2023, 1, 19))
    row = commitment(updates=[update("green", "2023-01-16")])
    assert met(row, "2023-01-31", cycle) is Met.LATE
    silent = commitment(updates=[])
    assert met(silent, "2023-01-19", cycle) is Met.OWED
    assert met(silent, "2023-01-20", cycle) is Met.OVERDUE


def test_each_commitment_that_owed_one_is_told_with_its_leads_of_the_day():
    blue = update("blue", "2022-12-01")
    rows = [
        commitment(id=1, ref="1.1.1a", area=7, updates=[update("green", "2023-01-16")]),
        # Between others: what owes nothing takes nothing from those after it.
        commitment(id=2, updates=[blue], confirmations=[confirmed(blue, "2022-12-20")]),
        commitment(
            id=3,
            ref="2.1.1a",
            area=8,
            leads=[lead(1, 11, ends="2023-01-15"), lead(2, 12, starts="2023-01-16")],
        ),
        commitment(id=4, withdrawals=[withdrawal("2022-12-20")]),
        commitment(id=5, ref="2.1.1b", area=8),
    ]
    found = owed(plan_of(*rows), date(2023, 1, 16))
    assert [(one.commitment, one.ref, one.area) for one in found] == [
        (1, "1.1.1a", 7),
        (3, "2.1.1a", 8),
        (5, "2.1.1b", 8),
    ]
    assert [one.came_on for one in found] == [date(2023, 1, 16), None, None]
    assert [[lead.person for lead in one.leads] for one in found] == [[], [2], []]


def test_what_came_before_a_closing_stands_and_what_is_silent_beside_it_is_not_asked():
    written = commitment(id=1, updates=[update("green", "2023-01-16")])
    plan = plan_of(commitment(id=2), written, closed_on=date(2023, 2, 3))
    (one,) = owed(plan, date(2023, 5, 1))
    assert (one.commitment, one.met) == (1, Met.DONE)


@pytest.mark.parametrize(
    ("closed_on", "expected"),
    # On 7 February the grace is not over, on the 8th it is.
    [("2023-02-07", []), ("2023-02-08", [Met.OVERDUE])],
)
def test_a_plan_closed_on_the_last_day_of_grace_owes_nothing_more(closed_on, expected):
    plan = plan_of(commitment(), closed_on=date.fromisoformat(closed_on))
    assert [one.met for one in owed(plan, date(2023, 5, 1))] == expected


@pytest.mark.parametrize(
    ("days", "came_on"),
    [
        (["2022-12-31"], None),
        (["2023-01-01"], date(2023, 1, 1)),  # the first day of its month counts
        (["2023-01-20", "2023-01-09"], date(2023, 1, 9)),  # the first of several
        (["2023-02-07"], date(2023, 2, 7)),  # the last day of grace
        (["2023-02-08"], None),
    ],
)
def test_the_first_update_from_the_first_day_to_the_end_of_the_grace_meets_it(days, came_on):
    row = commitment(updates=[update("green", day) for day in days])
    (one,) = owed(plan_of(row), date(2023, 3, 1))
    assert one.came_on == came_on


def test_an_update_that_was_corrected_since_does_not_count_and_its_correction_does():
    wrong = update("green", "2023-01-10")
    right = update("red", "2023-01-10", "2023-01-12", corrects=wrong)
    (one,) = owed(plan_of(commitment(updates=[wrong, right])), date(2023, 1, 20))
    assert one.came_on == date(2023, 1, 10)


def test_a_holiday_puts_the_close_and_the_end_of_grace_off():
    # With Tuesday 31 January a holiday the month closes on Monday 30; five working days on is
    # Tuesday 7 February (1, 2, 3, 6, 7), as without it; with the 6th one too, the 8th.
    holidays = {date(2023, 1, 31), date(2023, 2, 6)}

    def on(written, day):
        row = commitment(updates=[update("green", written)])
        (one,) = owed(plan_of(row), date.fromisoformat(day), holidays)
        return one.met

    assert on("2023-01-30", "2023-02-20") is Met.DONE
    assert on("2023-01-31", "2023-02-20") is Met.LATE
    assert on("2023-02-08", "2023-02-20") is Met.LATE
    assert on("2023-02-09", "2023-02-20") is Met.OVERDUE


@pytest.mark.parametrize(
    ("met", "label"),
    [(Met.DONE, "Done"), (Met.LATE, "Late"), (Met.OWED, "Due"), (Met.OVERDUE, "Overdue")],
)
def test_each_outcome_has_its_word(met, label):
    assert met.label == label
