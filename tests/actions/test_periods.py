"""One update period: done, late, owed, overdue; and when it closes."""

from datetime import date

import pytest
from django.urls import reverse

from actions.history import load_history
from actions.models import Body, Meeting, Plan
from actions.rules.dates import PlanDate
from actions.rules.periods import Met, owed_in
from actions.rules.state import PlanHistory
from tests.actions.rules.pure_factories import AGREED, commitment, confirmed, update

JANUARY = PlanDate.parse("2023-01")


def plan_of(*commitments, closings=None, closed_on=None):
    return PlanHistory(
        id=1,
        agreed_on=AGREED,
        tracked_from=date(2022, 1, 1),
        closed_on=closed_on,
        commitments=commitments,
        closings=closings or {},
    )


def met(row, day, closings=None):
    (one,) = owed_in(plan_of(row, closings=closings), JANUARY, date.fromisoformat(day), ())
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
    assert owed_in(plan_of(row), JANUARY, date(2023, 1, 20), ()) == []


def test_what_a_closing_left_undone_within_its_grace_is_asked_of_nobody():
    def owed(closed_on, day):
        plan = plan_of(commitment(), closed_on=date.fromisoformat(closed_on))
        return [one.met for one in owed_in(plan, JANUARY, date.fromisoformat(day), ())]

    # Closed on 3 February, within the grace; on 10 February it was over, and stays overdue.
    assert owed("2023-02-03", "2023-02-02") == [Met.OWED]
    assert owed("2023-02-03", "2023-02-03") == owed("2023-02-03", "2023-05-01") == []
    assert owed("2023-02-10", "2023-05-01") == [Met.OVERDUE]


def test_a_period_may_close_before_the_papers_are_due():
    closings = {JANUARY.month_number: date(2023, 1, 12)}
    row = commitment(updates=[update("green", "2023-01-16")])
    assert met(row, "2023-01-31", closings) is Met.LATE
    silent = commitment(updates=[])
    assert met(silent, "2023-01-19", closings) is Met.OWED
    assert met(silent, "2023-01-20", closings) is Met.OVERDUE


def test_papers_need_five_working_days_in_england(world):
    group = Body.objects.create(
        plan=world.plan, position=1, name="Steering group", kind=Body.Kind.STEERING_GROUP
    )
    board = Body.objects.create(plan=world.plan, position=2, name="Board", kind=Body.Kind.BOARD)
    # Papers on Thursday 5 January 2023: Monday 2 is a holiday, so the fifth working day before
    # is Wednesday 28 December (5 < 4, 3, 30, 29, 28).
    Meeting.objects.create(
        plan=world.plan, body=group, held_on=date(2023, 1, 12), papers_due_on=date(2023, 1, 5)
    )
    Meeting.objects.create(
        plan=world.plan, body=board, held_on=date(2022, 12, 8), papers_due_on=date(2022, 12, 1)
    )
    (plan,) = load_history([world.plan], date(2023, 2, 1)).plans
    assert plan.closings == {}
    world.plan.updates_close = Plan.Closing.BEFORE_PAPERS
    (plan,) = load_history([world.plan], date(2023, 2, 1)).plans
    assert plan.closings == {PlanDate.parse("2022-12").month_number: date(2022, 12, 28)}


def page(client, world, query=""):
    return client.get(reverse("actions:period", args=[world.plan.slug]) + query)


def test_an_officer_sees_who_owes_what_and_records_for_them(client, world):
    client.force_login(world.users["officer"])
    shown = page(client, world).content.decode()
    for ref in ("1.1.1a", "1.1.1b", "2.1.1a"):
        assert reverse("actions:record_update", args=[world.plan.slug, ref]) in shown
    assert "The other lead" in shown


def test_an_earlier_month_is_shown_as_it_ended(client, world):
    client.force_login(world.users["officer"])
    shown = page(client, world, "?period=2022-02").content.decode()
    assert "Updates for February 2022" in shown
    assert "late until" in shown


@pytest.mark.parametrize("period", ["2999-01", "soon", "2022-13", "2022-01-05"])
def test_a_month_that_cannot_be_shown_is_answered_in_words(client, world, period):
    client.force_login(world.users["officer"])
    answer = page(client, world, f"?period={period}")
    assert answer.status_code == 400
    assert "month" in answer.content.decode()


def test_an_officer_adds_a_meeting_and_is_told_what_is_wrong_with_one(client, world):
    group = Body.objects.create(
        plan=world.plan, position=1, name="Steering group", kind=Body.Kind.STEERING_GROUP
    )
    client.force_login(world.users["officer"])
    address = reverse("actions:periods", args=[world.plan.slug])
    sent = {"body": group.pk, "held_on": "12/1/2030", "papers_due_on": "13/1/2030"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Papers are due before the meeting" in answer.content.decode()
    client.post(address, sent | {"papers_due_on": "5/1/2030"})
    assert Meeting.objects.get().papers_due_on == date(2030, 1, 5)
