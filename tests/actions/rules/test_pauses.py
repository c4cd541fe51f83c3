"""Rule 7: what is set aside for a time; and what a plan's colour key says of Blue."""

from datetime import date

import pytest

from actions.rules.state import Cell, CommitmentState, History, changed_at, count, state_at, strip
from actions.rules.status import BlueRule, Rating, has_run_out, pause_of, shown_ratings
from tests.actions.rules.pure_factories import (
    at,
    commitment,
    confirmed,
    history,
    key_date,
    mark,
    pause,
    restart,
    update,
)


def on(of: History, day: str) -> CommitmentState:
    (state,) = state_at(of, date.fromisoformat(day))[1].commitments
    return state


def test_the_newest_decision_says_whether_it_is_paused():
    first, again = pause("2022-03-01"), pause("2022-06-01")
    end = restart("2022-05-01")
    assert pause_of([]) is None
    assert pause_of([first]) is first
    assert pause_of([end, first]) is None
    assert pause_of([first, end, again]) is again


@pytest.mark.parametrize(
    ("restarts", "day", "has"),
    [
        (None, "2030-01-01", False),
        ("2022-09", "2022-09-30", False),
        ("2022-09", "2022-10-01", True),
    ],
)
def test_a_pause_has_run_out_once_the_month_to_go_on_in_has_passed(restarts, day, has):
    assert has_run_out(pause("2022-03-01", restarts), date.fromisoformat(day)) is has
    assert not has_run_out(None, date.fromisoformat(day))


def paused_row() -> History:
    """Red and three months late when it was paused on 10 June; taken up again on 20 September."""
    return history(
        commitment(
            updates=[update("red", "2022-05-10")],
            key_dates=[key_date("completion", "2022-02"), key_date("interim", "2022-03")],
            pauses=[pause("2022-06-10", "2022-08"), restart("2022-09-20")],
        )
    )


def test_what_is_paused_is_not_late_and_owes_nothing():
    before, during = on(paused_row(), "2022-06-09"), on(paused_row(), "2022-08-31")

    assert (before.rating, before.is_overdue, len(before.missed_dates)) == (Rating.RED, True, 1)
    assert during.rating is Rating.PAUSED
    assert during.standing.rating is Rating.RED
    assert (during.is_overdue, during.missed_dates, during.update_overdue) == (False, (), False)
    assert (during.tracked, during.is_withdrawn) == (True, False)
    # From 1 September on the month has passed.
    assert not during.pause_has_run_out
    assert on(paused_row(), "2022-09-01").pause_has_run_out


def test_taken_up_again_its_last_rating_stands_and_it_is_as_late_as_it_is():
    after = on(paused_row(), "2022-09-20")
    assert (after.rating, after.is_overdue, len(after.missed_dates)) == (Rating.RED, True, 1)
    assert after.overdue_since == date(2022, 3, 1)
    # September began while it was paused, so its first update is October's.
    assert not after.update_due_now
    assert on(paused_row(), "2022-10-01").update_due_now


def test_the_months_of_a_pause_are_not_owed_afterwards():
    # Grace of October ends on 7 November 2022 (31 October was the last working day).
    assert on(paused_row(), "2022-11-07").update_due_since is None
    assert on(paused_row(), "2022-11-08").update_due_since == date(2022, 11, 8)


def test_help_once_asked_is_set_aside_too():
    row = commitment(
        updates=[update("red", "2022-05-10", asks_help=True)], pauses=[pause("2022-06-10")]
    )
    assert on(history(row), "2022-06-09").help_asked_since == date(2022, 5, 10)
    assert on(history(row), "2022-06-10").help_asked_since is None


def test_a_paused_row_is_counted_as_paused_and_stays_in_the_total():
    red = commitment(updates=[update("red", "2022-05-10")])
    aside = commitment(updates=[update("green", "2022-05-10")], pauses=[pause("2022-05-20")])
    states = state_at(history(red, aside), date(2022, 5, 31))[1].commitments
    counts = count(states)
    assert counts.total == 2
    assert (counts.ratings[Rating.RED], counts.ratings[Rating.GREEN]) == (1, 0)
    assert counts.ratings[Rating.PAUSED] == 1
    assert counts.doubtful == 0
    assert counts.shown[-1] is Rating.PAUSED


def test_paused_is_shown_only_where_something_is():
    assert Rating.PAUSED not in shown_ratings({Rating.RED: 2, Rating.PAUSED: 0}, {})
    assert shown_ratings({Rating.RED: 2}, {Rating.PAUSED: 1})[-1] is Rating.PAUSED
    assert len(shown_ratings()) == 6


def test_the_strip_has_the_months_that_ended_paused():
    (row,) = paused_row().plans[0].commitments
    cells = {str(month.month): month for month in strip(row, date(2022, 9, 30))}
    assert (cells["May 2022"].cell, cells["May 2022"].rating) == (Cell.WRITTEN, Rating.RED)
    assert (cells["June 2022"].cell, cells["June 2022"].rating) == (Cell.PAUSED, Rating.PAUSED)
    assert cells["August 2022"].cell is Cell.PAUSED
    assert (cells["September 2022"].cell, cells["September 2022"].rating) == (
        Cell.CARRIED,
        Rating.RED,
    )


def test_a_pause_is_a_change_of_its_day():
    (row,) = paused_row().plans[0].commitments
    assert changed_at(row, date(2022, 6, 30)) == at("2022-06-10")


def test_a_paused_row_is_not_due_soon():
    row = commitment(key_dates=[key_date("completion", "2022-07")], pauses=[pause("2022-06-10")])
    assert on(history(row), "2022-06-20").is_due_soon is False
    assert on(history(commitment(key_dates=row.key_dates)), "2022-06-20").is_due_soon is True


# --- What a colour key says of Blue -----------------------------------------------------------


def blue_row() -> History:
    said = update("blue", "2022-03-10")
    return history(
        commitment(updates=[said], confirmations=[confirmed(said, "2022-03-15")]),
    )


@pytest.mark.parametrize(
    ("rule", "day", "lapsed"),
    [
        (BlueRule(), "2022-09-15", False),
        (BlueRule(), "2022-09-16", True),
        (BlueRule(lasts_months=3), "2022-06-15", False),
        (BlueRule(lasts_months=3), "2022-06-16", True),
        # Complete, and not embedded: for good.
        (BlueRule(lasts_months=None), "2024-12-31", False),
    ],
)
def test_a_plan_says_how_long_a_confirmed_blue_stands(rule, day, lapsed):
    (row,) = blue_row().plans[0].commitments
    assert on(history(row, blue=rule), day).is_lapsed is lapsed


def test_without_a_blue_what_is_delivered_owes_no_more_updates():
    date_due = key_date("completion", "2022-03")
    row = commitment(
        updates=[update("green", "2022-03-10")],
        key_dates=[date_due],
        marks=[mark(date_due, "delivered", "2022-03-20")],
    )
    known, unknown = history(row), history(row, blue=BlueRule(is_known=False, lasts_months=None))

    assert on(known, "2022-04-10").update_due_now
    assert not on(unknown, "2022-04-10").update_due_now
    # Still to become Blue where there is one.
    assert on(known, "2022-04-10").delivered_not_embedded
    assert not on(unknown, "2022-04-10").delivered_not_embedded
    # March itself was owed: on its first day it was not delivered.
    undelivered = commitment(updates=[], key_dates=[date_due])
    assert on(
        history(undelivered, blue=BlueRule(is_known=False, lasts_months=None)), "2022-03-10"
    ).update_due_now
