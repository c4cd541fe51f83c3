"""Choosing when updates are asked for: what was asked for until then stays as it was."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from actions.models import Body, PeriodTreatment, Plan, UpdateCycle
from actions.plan import update_cycle
from actions.records.history import cycle_of, load_history
from actions.rules.cycle import EVERY_MONTH
from actions.rules.state import state_at
from tests.factories import at, make_cycle, make_plan, make_update
from wsoa.oversight.models import Meeting

# A Wednesday. The month of March has begun, April has not.
TODAY = date(2027, 3, 10)


@pytest.fixture
def board(world):
    return Body.objects.create(plan=world.plan, position=1, name="Board", kind=Body.Kind.BOARD)


def choose(world, by="officer", **given: Any):
    values: dict[str, Any] = {"starts_on": date(2027, 4, 1), "kind": "termly"}
    return update_cycle.set_cycle(
        plan=world.plan, by=world.users[by], today=TODAY, **values | given
    )


def treat(world, day, treatment, by="officer"):
    return update_cycle.treat_period(
        plan=world.plan, by=world.users[by], today=TODAY, day=day, treatment=treatment
    )


def refused(call, *given, **named):
    with pytest.raises(ValidationError) as refusal:
        call(*given, **named)
    error = refusal.value
    return error.message_dict if hasattr(error, "error_dict") else error.messages


def named(world, day):
    periods = update_cycle.periods_of(cycle_of(world.plan), TODAY)
    period = periods.on(day)
    return period and period.name


def test_a_plan_is_asked_every_month_until_another_cycle_begins(world):
    assert cycle_of(world.plan) == EVERY_MONTH
    choose(world)
    assert named(world, date(2027, 3, 31)) == "March 2027"
    assert named(world, date(2027, 4, 1)) == "Summer term 2027"
    choose(world, kind="weeks", weeks=6, grace_days=3)
    assert named(world, date(2027, 4, 1)) == "1 April to 12 May 2027"
    # The one before stays on record.
    assert [row.kind for row in UpdateCycle.objects.order_by("pk")] == ["termly", "weeks"]


def test_what_another_kind_needs_is_not_kept(world, board):
    row = choose(
        world,
        kind="weeks",
        weeks=4,
        body=board,
        closing_days=[date(2027, 5, 1)],
        is_before_papers=True,
        days_before_papers=3,
    )
    assert (row.weeks, row.body, row.closing_days) == (4, None, [])
    assert (row.is_before_papers, row.days_before_papers) == (False, None)


@pytest.mark.parametrize(
    ("starts_on", "words"),
    [
        (date(2027, 3, 10), "Choose a day to come"),
        (date(2027, 3, 1), "Choose a day to come"),
        # March has begun, so it stays as it is to its end.
        (date(2027, 3, 11), "Choose the first day of an update period, for example 1 April 2027"),
        (date(2027, 4, 2), "Choose the first day of an update period, for example 1 May 2027"),
    ],
)
def test_a_cycle_begins_with_a_period_that_has_not_begun(world, starts_on, words):
    assert refused(choose, world, starts_on=starts_on)["starts_on"][0].startswith(words)
    assert not UpdateCycle.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"kind": "weeks"}, "weeks", "Enter a number of weeks from 1 to 26"),
        ({"kind": "weeks", "weeks": 0}, "weeks", "Enter a number of weeks from 1 to 26"),
        ({"kind": "weeks", "weeks": 27}, "weeks", "Enter a number of weeks from 1 to 26"),
        ({"kind": "meetings"}, "body", "Choose the board or group"),
        ({"kind": "dates"}, "closing_days", "Enter at least one date"),
        (
            {"kind": "dates", "closing_days": [date(2027, 5, 1), date(2027, 3, 31)]},
            "closing_days",
            "Every date must be 1 April 2027 or later",
        ),
        ({"grace_days": 11}, "grace_days", "Enter a number of working days from 0 to 10"),
        ({"grace_days": -1}, "grace_days", "Enter a number of working days from 0 to 10"),
        (
            {"kind": "monthly", "is_before_papers": True, "days_before_papers": 21},
            "days_before_papers",
            "Enter a number of working days from 0 to 20",
        ),
        ({"kind": "monthly"}, "kind", "Updates are asked for in this way already"),
    ],
)
def test_a_cycle_that_lacks_something_is_refused_at_its_question(world, given, field, words):
    assert refused(choose, world, **given) == {field: [words]}
    assert not UpdateCycle.objects.exists()


def test_a_board_of_another_plan_and_one_that_is_gone_are_refused(world, board):
    other = Body.objects.create(plan=make_plan(), position=1, name="Theirs", kind=Body.Kind.BOARD)
    words = {"body": ["Choose a board or group of this plan"]}
    assert refused(choose, world, kind="meetings", body=other) == words
    board.withdrawn_at = world.commitment.added_at
    board.save()
    assert refused(choose, world, kind="meetings", body=board) == words


@pytest.mark.parametrize("by", ["lead", "sro", "chair", "member", "forum"])
def test_nobody_but_the_programme_team_chooses(world, by):
    assert refused(choose, world, by=by) == [update_cycle.NOT_YOURS]
    assert refused(treat, world, date(2027, 8, 1), "skipped", by=by) == [update_cycle.NOT_YOURS]


def test_a_closed_plan_asks_for_nothing(world):
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on=date(2027, 3, 1))
    words = ["This plan is closed, so no update is asked for."]
    assert refused(choose, world) == refused(treat, world, date(2027, 8, 1), "skipped") == words


def test_a_draft_begins_as_it_likes_for_it_owes_nothing(world):
    Plan.objects.filter(pk=world.plan.pk).update(state="draft")
    choose(world, kind="weeks", weeks=4, starts_on=date(2027, 1, 5))
    assert named(world, date(2027, 1, 5)) == "5 January to 1 February 2027"


def test_first_days_are_offered_to_choose_from(world, board):
    def offered():
        found = update_cycle.first_days(world.plan, cycle_of(world.plan), TODAY)
        return [one.day for one in found]

    assert offered()[:3] == [date(2027, 4, 1), date(2027, 5, 1), date(2027, 6, 1)]
    choose(world, kind="meetings", body=board)
    Meeting.objects.create(
        plan=world.plan, body=board, held_on=date(2027, 5, 18), papers_due_on=date(2027, 5, 12)
    )
    # Five working days before Wednesday 12 May are 11, 10, 7, 6, Wednesday 5. What comes after that
    # is open: the next day, and each month.
    assert offered()[:3] == [date(2027, 4, 1), date(2027, 5, 6), date(2027, 6, 1)]
    assert refused(choose, world, starts_on=date(2027, 5, 5))["starts_on"]
    choose(world, starts_on=date(2027, 5, 20))
    assert named(world, date(2027, 5, 20)) == "Summer term 2027"


# --- Single periods ---------------------------------------------------------------------------


def test_a_period_ahead_is_skipped_joined_and_as_usual_again(world):
    treat(world, date(2027, 8, 1), "skipped")
    periods = update_cycle.periods_of(cycle_of(world.plan), TODAY)
    assert periods.begun_by(date(2027, 8, 1)).is_skipped
    treat(world, date(2027, 8, 1), "joined")
    assert named(world, date(2027, 8, 1)) == "August and September 2027"
    treat(world, date(2027, 8, 1), "usual")
    assert named(world, date(2027, 8, 1)) == "August 2027"
    assert PeriodTreatment.objects.count() == 3


@pytest.mark.parametrize("day", [date(2027, 3, 1), date(2027, 2, 1), date(2027, 4, 2)])
def test_a_period_that_has_begun_stays_as_it_was(world, day):
    words = {"period": ["Choose an update period that has not begun"]}
    assert refused(treat, world, day, "skipped") == words


def test_a_period_is_not_treated_twice_and_not_joined_with_nothing(world, board):
    august, july = date(2027, 8, 1), date(2027, 7, 1)

    def words(day, treatment):
        return refused(treat, world, day, treatment)["treatment"][0]

    assert words(august, "usual") == "This period is as usual already"
    treat(world, august, "skipped")
    assert words(august, "skipped") == "No updates are asked for in this period already"
    assert words(july, "joined") == "No updates are asked for in the next period, August 2027"
    treat(world, august, "joined")
    assert words(august, "joined") == "These periods are joined. Choose “As usual” first"
    choose(world, kind="dates", closing_days=[date(2027, 5, 1)])
    assert words(date(2027, 4, 1), "joined").startswith("The period after it is not known yet")


# --- What it means for the record -------------------------------------------------------------


def test_what_was_owed_before_a_change_is_owed_after_it(world):
    """Silent since 20 December 2022; from 1 March 2023 the plan is asked each term."""
    make_update(
        world.commitment,
        world.users["lead"],
        brag="green",
        progress="Begun.",
        effective_at=at("2022-12-20 12:00"),
        source="minutes",
    )

    def states(day):
        history = load_history([world.plan], day)
        state = next(
            row
            for row in state_at(history, day)[world.plan.pk].commitments
            if row.id == world.commitment.pk
        )
        return state.update_due_since, state.update_due_now

    days = [date(2023, 2, 7), date(2023, 2, 8), date(2023, 2, 28)]
    before = [states(day) for day in days]
    # January closed on Tuesday 31; its grace ended on Tuesday 7 February.
    assert before == [
        (None, True),
        (date(2023, 2, 8), True),
        (date(2023, 2, 8), True),
    ]
    make_cycle(world.plan, date(2023, 3, 1), "termly")
    assert [states(day) for day in days] == before
    # Of March, which is spring term now, until it is over on Thursday 6 April and its grace: 11 to
    # 14 April and Monday 17, for Friday and Monday are holidays.
    assert states(date(2023, 4, 17)) == (date(2023, 2, 8), True)


def test_a_report_with_a_cut_off_knows_the_cycle_that_was_on_record_then(world):
    row = make_cycle(world.plan, date(2022, 1, 1), "termly")
    row.refresh_from_db()

    def kinds(known_at):
        (plan,) = load_history([world.plan], date(2023, 1, 31), known_at=known_at).plans
        return [rule.kind for rule in plan.cycle.rules]

    assert kinds(world.commitment.added_at) == []
    assert kinds(row.recorded_at) == ["termly"]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "weeks"},
        {"kind": "weeks", "weeks": 27},
        {"kind": "termly", "weeks": 2},
        {"kind": "meetings"},
        {"kind": "dates"},
        {"kind": "termly", "is_before_papers": True},
        {"kind": "termly", "days_before_papers": 5},
        {"kind": "monthly", "is_before_papers": True, "days_before_papers": 21},
        {"kind": "termly", "grace_days": 11},
    ],
)
def test_the_database_keeps_no_cycle_that_does_not_hold_together(world, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        UpdateCycle.objects.create(
            plan=world.plan, starts_on=date(2027, 4, 1), source="test", **fields
        )
