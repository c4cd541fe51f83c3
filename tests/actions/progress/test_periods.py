"""Update periods as the plan's meetings set them, and their pages."""

from datetime import date

import pytest
from django.urls import reverse

from actions.models import Body, Plan
from actions.records.history import load_history
from actions.rules.dates import PlanDate
from wsoa.oversight.models import Meeting


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
    return client.get(reverse("pages:period", args=[world.plan.slug]) + query)


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
    address = reverse("pages:periods", args=[world.plan.slug])
    sent = {"body": group.pk, "held_on": "12/1/2030", "papers_due_on": "13/1/2030"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Papers are due before the meeting" in answer.content.decode()
    client.post(address, sent | {"papers_due_on": "5/1/2030"})
    assert Meeting.objects.get().papers_due_on == date(2030, 1, 5)
