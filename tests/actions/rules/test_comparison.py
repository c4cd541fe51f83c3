"""What moved between two days, worked by hand."""

from datetime import date

import pytest

from actions.rules.comparison import ChangeKind, Direction, changes_between, direction, direction_of
from actions.rules.dates import PlanDate
from actions.rules.state import state_at
from actions.rules.status import DateKind, Rating
from tests.actions.rules.pure_factories import (
    at,
    commitment,
    confirmed,
    history,
    key_date,
    mark,
    returned,
    update,
    withdrawal,
)

BEFORE, AFTER = "2022-09-30", "2022-12-31"


def changes(*commitments, before=BEFORE, after=AFTER):
    rows = history(*commitments)
    states = [state_at(rows, date.fromisoformat(day))[1] for day in (before, after)]
    return changes_between(*states)


def kinds(*commitments, **days):
    """Without the update that nobody sent, which is not what these cases are about."""
    return [
        change.kind
        for change in changes(*commitments, **days)
        if change.kind is not ChangeKind.UPDATE_OVERDUE
    ]


def test_a_rating_that_changed_and_one_that_was_said_again():
    green = update("green", "2022-09-01")
    moved = commitment(ref="1.1.1a", updates=[green, update("red", "2022-12-01")])
    same = commitment(ref="1.1.1b", updates=[green, update("green", "2022-12-01")])
    (change,) = [one for one in changes(moved, same) if one.kind is ChangeKind.RATED]
    assert (change.ref, change.was, change.now) == ("1.1.1a", Rating.GREEN, Rating.RED)


def test_there_and_back_again_is_no_change():
    back = commitment(
        updates=[
            update("green", "2022-09-01"),
            update("red", "2022-11-01"),
            update("green", "2022-12-20"),
        ]
    )
    assert kinds(back) == []


def test_a_blue_proposed_then_confirmed_then_returned():
    green, blue = update("green", "2022-09-01"), update("blue", "2022-11-01")
    assert kinds(commitment(updates=[green, blue])) == [ChangeKind.BLUE_PROPOSED]
    answered = commitment(updates=[green, blue], confirmations=[confirmed(blue, "2022-11-05")])
    assert kinds(answered) == [ChangeKind.RATED]
    sent_back = commitment(updates=[green, blue], confirmations=[returned(blue, "2022-11-05")])
    assert kinds(sent_back) == [ChangeKind.BLUE_RETURNED]


def test_a_date_that_moved_says_where_it_was_is_and_began():
    first = key_date("completion", "2022-10")
    second = key_date("completion", "2022-12", "2022-08-01", replaces=first)
    third = key_date("completion", "2023-03", "2022-11-01", replaces=second)
    (change,) = [
        one
        for one in changes(commitment(key_dates=[first, second, third]))
        if one.kind is ChangeKind.DATE_MOVED
    ]
    assert change.first == PlanDate.parse("2022-10")
    assert (change.was, change.now) == (PlanDate.parse("2022-12"), PlanDate.parse("2023-03"))
    assert change.date_kind is DateKind.COMPLETION


def test_dates_that_passed_were_met_or_delivered():
    completion, interim = key_date("completion", "2022-10"), key_date("interim", "2022-11")
    passed = commitment(key_dates=[completion, interim])
    assert kinds(passed) == [ChangeKind.DATE_MISSED, ChangeKind.OVERDUE]
    done = commitment(
        key_dates=[completion, interim],
        marks=[mark(completion, "delivered", "2022-10-20"), mark(interim, "met", "2022-11-20")],
    )
    assert kinds(done) == [ChangeKind.DELIVERED, ChangeKind.DATE_MET]


def test_an_update_that_nobody_sent():
    quiet = commitment(updates=[update("green", "2022-09-01")])
    assert [one.kind for one in changes(quiet)] == [ChangeKind.UPDATE_OVERDUE]


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([withdrawal("2022-11-01")], ChangeKind.WITHDRAWN),
        (
            [withdrawal("2022-08-01"), withdrawal("2022-11-01", is_withdrawn=False)],
            ChangeKind.REINSTATED,
        ),
    ],
)
def test_withdrawn_and_reinstated(rows, kind):
    assert kinds(commitment(withdrawals=rows)) == [kind]


def test_of_what_is_withdrawn_nothing_else_is_said():
    gone = commitment(
        updates=[update("green", "2022-09-01"), update("red", "2022-10-01")],
        withdrawals=[withdrawal("2022-11-01")],
    )
    assert kinds(gone) == [ChangeKind.WITHDRAWN]


def test_a_commitment_that_came_later():
    late = commitment(added_at=at("2022-11-01"), updates=[update("green", "2022-11-02")])
    assert kinds(late) == [ChangeKind.ADDED]


def test_the_same_day_twice_is_no_change():
    moved = commitment(updates=[update("green", "2022-09-01"), update("red", "2022-12-01")])
    assert changes(moved, before=AFTER) == []


def test_each_change_says_of_which_commitment_it_is():
    row = commitment(
        id=77,
        ref="3.2.1b",
        area=3,
        updates=[update("green", "2022-09-01"), update("red", "2022-12-01")],
    )
    (change,) = changes(row)
    assert (change.commitment, change.ref, change.area) == (77, "3.2.1b", 3)
    assert (change.date_kind, change.first) == (None, None)


def test_a_date_that_came_and_one_that_was_dropped():
    stays, dropped = key_date("completion", "2023-10"), key_date("interim", "2023-06")
    came = key_date("launch", "2023-05", "2022-11-01")
    row = commitment(
        key_dates=[stays, dropped, came], marks=[mark(dropped, "withdrawn", "2022-11-02")]
    )
    found = [
        (one.kind, one.date_kind, one.was, one.now)
        for one in changes(row)
        if one.kind is not ChangeKind.UPDATE_OVERDUE
    ]
    assert found == [
        (ChangeKind.DATE_ADDED, DateKind.LAUNCH, None, PlanDate.parse("2023-05")),
        (ChangeKind.DATE_DROPPED, DateKind.INTERIM, PlanDate.parse("2023-06"), None),
    ]


def test_what_a_new_date_does_is_said_of_those_after_it_too():
    # Another date came before it in the plan's order, and takes nothing from it.
    came = key_date("interim", "2022-10", "2022-10-01")
    passed = key_date("launch", "2022-11")
    assert kinds(commitment(key_dates=[came, passed])) == [
        ChangeKind.DATE_ADDED,
        ChangeKind.DATE_MISSED,
    ]


def test_a_date_that_was_met_or_missed_before_is_said_no_more():
    met, missed = key_date("interim", "2022-08"), key_date("launch", "2022-08")
    row = commitment(key_dates=[met, missed], marks=[mark(met, "met", "2022-08-20")])
    assert kinds(row) == []


def test_what_held_before_is_no_change():
    completion = key_date("completion", "2022-08")
    assert kinds(commitment(key_dates=[completion])) == []
    done = commitment(key_dates=[completion], marks=[mark(completion, "delivered", "2022-08-20")])
    assert kinds(done) == []
    blue = update("blue", "2022-08-01")
    assert kinds(commitment(updates=[blue])) == []
    sent_back = commitment(updates=[blue], confirmations=[returned(blue, "2022-08-05")])
    assert kinds(sent_back) == []
    lapsed = update("blue", "2022-03-01")
    assert (
        kinds(commitment(updates=[lapsed], confirmations=[confirmed(lapsed, "2022-03-02")])) == []
    )
    silent = commitment(updates=[update("green", "2022-06-01")])
    assert changes(silent) == []


def test_a_blue_that_lapsed_since():
    # Six months on from 20 June is 20 December.
    blue = update("blue", "2022-06-20")
    row = commitment(updates=[blue], confirmations=[confirmed(blue, "2022-06-20")])
    assert kinds(row) == [ChangeKind.BLUE_LAPSED]


def test_a_blue_proposed_again_after_its_return_is_another():
    first, second = update("blue", "2022-08-01"), update("blue", "2022-11-01")
    row = commitment(updates=[first, second], confirmations=[returned(first, "2022-08-05")])
    assert kinds(row) == [ChangeKind.BLUE_PROPOSED]
    waits_on = commitment(updates=[first, second])
    assert kinds(waits_on) == [ChangeKind.BLUE_PROPOSED]
    twice = commitment(
        updates=[first, second],
        confirmations=[returned(first, "2022-08-05"), returned(second, "2022-11-05")],
    )
    assert kinds(twice) == [ChangeKind.BLUE_RETURNED]


def test_what_was_withdrawn_before_says_nothing():
    row = commitment(withdrawals=[withdrawal("2022-08-01")], updates=[update("red", "2022-12-01")])
    assert kinds(row) == []


def test_changes_stand_in_the_plans_order_and_then_in_that_of_their_kinds():
    late = key_date("completion", "2022-10")
    one = commitment(
        ref="1.1.1a", key_dates=[late], updates=[update("green", "2022-09-01")], withdrawals=[]
    )
    other = commitment(
        ref="1.1.1b",
        key_dates=[key_date("interim", "2022-10"), key_date("completion", "2022-11")],
        updates=[update("green", "2022-09-01"), update("red", "2022-10-03")],
    )
    assert [(change.ref, change.kind) for change in changes(one, other)] == [
        ("1.1.1a", ChangeKind.OVERDUE),
        ("1.1.1a", ChangeKind.UPDATE_OVERDUE),
        ("1.1.1b", ChangeKind.RATED),
        ("1.1.1b", ChangeKind.DATE_MISSED),
        ("1.1.1b", ChangeKind.OVERDUE),
        ("1.1.1b", ChangeKind.UPDATE_OVERDUE),
    ]


# --- Which way --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now", "way"),
    [
        ("amber", "red", "worse"),
        ("blue", "green", "worse"),
        ("red", "amber", "better"),
        ("green", "blue", "better"),
        ("grey", "green", "begun"),
        ("grey", "red", "begun"),
        ("not_yet_rated", "amber", "begun"),
        ("green", "grey", "other"),
        ("green", "paused", "other"),
        ("paused", "green", "other"),
    ],
)
def test_which_way_a_rating_went(was, now, way):
    assert direction_of(Rating(was), Rating(now)) is Direction(way)


def test_only_a_rating_goes_a_way():
    first = key_date("completion", "2023-01")
    moved = changes(
        commitment(
            updates=[update("green", "2022-09-01"), update("amber", "2022-12-01")],
            key_dates=[first, key_date("completion", "2023-04", "2022-11-01", replaces=first)],
        )
    )
    assert {change.kind: direction(change) for change in moved}[ChangeKind.RATED] is Direction.WORSE
    assert all(direction(change) is None for change in moved if change.kind is not ChangeKind.RATED)
