"""The agenda of a meeting: what waits for it, in its order, each with where it is settled."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.progress.update_answers import NewRisk
from actions.rules.dates import PlanDate
from tests.factories import (
    make_kpi,
    make_meeting,
    make_plan,
    make_target,
    make_update,
    make_world,
    record_figure,
)
from wsoa.oversight.changes import change_requests
from wsoa.oversight.changes.change_requests import Step
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import ChangeRequest
from wsoa.oversight.questions import questions

TODAY = timezone.localdate()


@pytest.fixture
def world(db):
    world = make_world()
    world.before = make_meeting(world.plan, days=-30)
    world.next = make_meeting(world.plan, days=10)
    make_meeting(world.plan, days=50)
    return world


def agenda(client, world, meeting=None, who="chair", query=""):
    client.force_login(world.users[who])
    meeting = meeting or world.next
    address = reverse("pages:agenda", args=[world.plan.slug, meeting.pk])
    response = client.get(address + query)
    assert response.status_code == 200
    return response


def items(response):
    return {item.title: item for group in response.context["groups"] for item in group.items}


def say(world, commitment, brag="red", days=0, **fields):
    return make_update(
        commitment,
        world.users["officer"],
        brag=brag,
        progress="Something happened.",
        late_reason="The tender ran twice.",
        on_behalf_of=world.people["lead"],
        source="minutes",
        effective_at=timezone.now() - timedelta(days=days),
        **fields,
    )


def test_where_nothing_waits_the_standing_items_stand(client, world):
    response = agenda(client, world)
    titles = [item for item in items(response) if not item.startswith("Points")]
    later = PlanDate.of_day(TODAY + timedelta(days=50))
    held = PlanDate.of_day(world.before.held_on)
    assert titles == [
        "Welcome, apologies, declarations of interest",
        f"Minutes of {held}",
        "From the parent carer forum and young people",
        f"Any other business; next meeting {later}",
    ]
    numbers = [item.number for item in items(response).values()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_support_needed_has_its_newest_words_and_its_true_age(client, world):
    risk = NewRisk("The provider left")
    say(world, world.commitment, days=40, risk=risk, help_needed="A locum")
    say(world, world.commitment, days=5, risk=risk, help_needed="Two locums until March")
    (thing,) = items(agenda(client, world))["Support needed"].things
    assert (thing.ref, thing.text) == ("1.1.1a", "Two locums until March")
    assert thing.note.endswith("5 weeks")


def test_a_change_says_from_what_to_what_and_who_supports_it(client, world):
    later = PlanDate.month_of(TODAY + timedelta(days=200))
    due = world.commitment.key_dates.get(kind="completion")
    request = change_requests.ask(
        commitment=world.commitment,
        by=world.users["lead"],
        kind="date",
        key_date=due,
        wanted=later,
        reason="The tender ran twice.",
        today=TODAY,
    )
    # It waits for the SRO first, and is not the group's yet.
    assert "Changes to decide" not in items(agenda(client, world))
    change_requests.support(request=request, by=world.users["sro"], is_supported=True)
    (thing,) = items(agenda(client, world))["Changes to decide"].things
    assert thing.text.endswith(f"{due.when} to {later}")
    assert thing.note.startswith("supported")
    assert thing.url == reverse("oversight:change", args=[world.plan.slug, request.pk])


def test_a_change_decided_since_was_still_to_decide_on_the_day_of_its_meeting(client, world):
    request = change_requests.ask(
        commitment=world.commitment,
        by=world.users["lead"],
        kind="date",
        key_date=world.commitment.key_dates.get(kind="completion"),
        wanted=PlanDate.month_of(TODAY + timedelta(days=200)),
        reason="The tender ran twice.",
        today=TODAY,
    )
    change_requests.support(request=request, by=world.users["sro"], is_supported=True)
    asked = change_requests.said_of(request, "support", None).effective_at
    ended = asked + timedelta(seconds=1)
    assert change_requests.step_of(request, ended) is Step.TO_DECIDE
    assert change_requests.step_of(request, asked) is Step.TO_SUPPORT
    change_requests.decide(
        request=request,
        by=world.users["chair"],
        is_agreed=True,
        reason="It holds.",
        meeting=None,
        is_between_meetings=True,
        today=TODAY,
    )
    again = ChangeRequest.objects.get(pk=request.pk)
    assert change_requests.step_of(again) is Step.IN_EFFECT
    assert change_requests.step_of(again, again.decision.effective_at) is Step.TO_DECIDE
    assert "Changes to decide" not in items(agenda(client, world))


def test_decisions_not_carried_out_come_overdue_first(client, world):
    for text, days in (("Later", 20), ("Late", -3)):
        decisions.record_decision(
            plan=world.plan,
            by=world.users["officer"],
            meeting=world.before,
            text=text,
            minute="item 1",
            owner=world.people["sro"],
            due_on=TODAY + timedelta(days=days),
            today=TODAY,
        )
    things = items(agenda(client, world))["Decisions not carried out yet"].things
    assert [thing.text.split()[0] for thing in things] == ["Late", "Later"]
    assert things[0].note.startswith("Overdue")


def test_a_question_stays_until_it_has_an_answer(client, world):
    asked = questions.ask(
        plan=world.plan,
        by=world.users["chair"],
        today=TODAY,
        commitment=world.commitment,
        text="What will be in place by then?",
    )
    (thing,) = items(agenda(client, world))["Questions without an answer"].things
    assert thing.text == "What will be in place by then?"
    questions.answer(question=asked, by=world.users["lead"], text="Three posts.")
    assert "Questions without an answer" not in items(agenda(client, world))


def test_a_kpi_that_missed_shows_its_figure_and_a_small_one_none(client, world):
    missed = make_kpi(world.plan, "K1", (world.commitment,), baseline=242)
    make_target(missed, 125, "2022-03")
    record_figure(missed, "2022-03", 200, by=world.users["officer"])
    small = make_kpi(world.plan, "K2", unit="pupils", counts_people=True, baseline=40)
    make_target(small, 0, "2022-03")
    record_figure(small, "2022-03", 3, by=world.users["officer"])
    response = agenda(client, world, who="officer")
    texts = [thing.text for thing in items(response)["KPIs that missed their target"].things]
    assert any("200" in text for text in texts)
    assert "3 pupils" not in response.content.decode()


def test_another_body_has_its_standing_items_and_no_business_of_the_group(client, world):
    say(world, world.commitment, risk=NewRisk("No room"), help_needed="A room")
    board = make_meeting(world.plan, days=12, kind="board")
    titles = list(items(agenda(client, world, board)))
    assert titles == [
        "Welcome, apologies, declarations of interest",
        "From the parent carer forum and young people",
        "Any other business",
    ]


def test_of_a_meeting_that_was_held_it_is_as_at_its_day(client, world):
    say(world, world.commitment, risk=NewRisk("No room"), help_needed="A room")
    client.force_login(world.users["chair"])
    address = reverse("pages:agenda", args=[world.plan.slug, world.before.pk])
    response = client.get(address)
    assert response.url == f"{address}?as_at={world.before.held_on}"
    assert "Support needed" not in items(client.get(response.url))


def test_minutes_are_those_of_its_items_and_decisions_are_counted(client, world):
    risk = NewRisk("No room")
    for commitment in (world.commitment, world.second):
        say(world, commitment, risk=risk, help_needed="A room")
    response = agenda(client, world)
    minutes = sum(item.minutes for item in items(response).values())
    assert response.context["minutes"] == minutes
    assert "Two things to decide." in response.content.decode()


def test_a_meeting_of_another_plan_is_not_found(client, world):
    meeting = make_meeting(make_plan(slug="another-plan"), days=3)
    client.force_login(world.users["chair"])
    address = reverse("pages:agenda", args=[world.plan.slug, meeting.pk])
    assert client.get(address).status_code == 404
