"""What waits for whom: each thing in the list of who is to do it, and out of it once it is done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import AreaJudgement
from actions.progress import updates
from actions.progress.update_answers import NewEvidence
from tests.factories import make_kpi, make_meeting, make_update, record_figure
from wsoa.oversight.changes import change_requests
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import ChangeRequest
from wsoa.oversight.questions import questions

pytestmark = pytest.mark.django_db

GREEN = {"brag": "green", "progress": "On track.", "late_reason": "The contract came late."}
PERSONAS = ("officer", "lead", "other_lead", "sro", "chair", "member", "forum")


@pytest.fixture
def today():
    return timezone.localdate()


def waiting(client, world, persona):
    """What stands in the list, as kind and reference; the menu's count is as long."""
    client.force_login(world.users[persona])
    page = client.get(reverse("pages:my_work", args=[world.plan.slug]))
    lines = [line for group in page.context["groups"] for line in group["lines"]]
    assert page.context["count"] == len(lines)
    # The count on another page comes from keys alone.
    elsewhere = client.get(reverse("actions:plan", args=[world.plan.slug]))
    (item,) = [item for item in elsewhere.context["menu"] if item.label == "My work"]
    assert item.count == len(lines)
    return [(line["item"].kind.value, line["item"].ref) for line in lines]


def who_has(client, world, *wanted):
    return {persona for persona in PERSONAS if set(wanted) <= set(waiting(client, world, persona))}


def rated(world):
    """The SROs have rated their areas today, so that no rating waits."""
    for area in world.plan.areas.all():
        AreaJudgement.objects.create(area=area, brag="green", reason="So.", source="test")


@pytest.fixture
def updated(world):
    """Nothing waits for anybody."""
    rated(world)
    for commitment in world.plan.commitments.all():
        make_update(commitment, world.users["lead"], **GREEN)
    return world


def test_nothing_waits_when_it_says_so(client, updated):
    assert [waiting(client, updated, name) for name in PERSONAS] == [[]] * len(PERSONAS)
    client.force_login(updated.users["lead"])
    page = client.get(reverse("pages:my_work", args=[updated.plan.slug])).content.decode()
    assert "Nothing waits for you" in page
    assert "opens on" in page


def test_updates_wait_for_those_who_lead(client, world):
    rated(world)
    assert waiting(client, world, "lead") == [("Update", "1.1.1a"), ("Update", "1.1.1b")]
    assert waiting(client, world, "chair") == []
    # The forum owes nothing.
    assert waiting(client, world, "forum") == []
    make_update(world.commitment, world.users["lead"], **GREEN)
    assert waiting(client, world, "lead") == [("Update", "1.1.1b")]


def test_a_question_waits_for_who_may_answer_it_and_its_answer_for_who_asked(
    client, updated, today
):
    world = updated
    asked = questions.ask(
        plan=world.plan,
        by=world.users["member"],
        commitment=world.commitment,
        text="What do families see?",
        today=today,
        answer_due_on=today + timedelta(days=9),
    )
    assert who_has(client, world, ("Question", "1.1.1a")) >= {"lead", "sro"}
    assert waiting(client, world, "member") == []
    page = client.get(reverse("pages:my_work", args=[world.plan.slug]))
    questions.answer(question=asked, by=world.users["lead"], text="Shorter waits.")
    assert waiting(client, world, "lead") == []
    assert waiting(client, world, "member") == [("Answer to read", "1.1.1a")]
    page = client.get(reverse("pages:my_work", args=[world.plan.slug])).content.decode()
    assert "<q" in page
    assert "Shorter waits." in page
    questions.close(question=asked, by=world.users["member"], text="", today=today)
    assert waiting(client, world, "member") == []


def test_a_question_about_an_area_and_one_about_a_kpi_find_their_people(client, updated, today):
    world = updated
    kpi = make_kpi(world.plan, "K1", (world.commitment,), data_owner=world.people["other_lead"])
    asked = {"plan": world.plan, "by": world.users["member"], "today": today}
    questions.ask(area=world.area, text="Why?", **asked)
    questions.ask(kpi=kpi, text="How many?", **asked)
    assert who_has(client, world, ("Question", "1")) == {"sro"}
    assert who_has(client, world, ("Question", "K1")) >= {"sro", "other_lead", "lead"}


def test_an_action_waits_for_its_owner_until_it_is_done(client, updated, today):
    world = updated
    decision = decisions.record_decision(
        plan=world.plan,
        by=world.users["officer"],
        meeting=make_meeting(world.plan, days=-3),
        text="Send the staffing plan",
        minute="item 6",
        commitment=world.commitment,
        owner=world.people["lead"],
        due_on=today + timedelta(days=3),
        today=today,
    )
    assert who_has(client, world, ("Agreed action", "1.1.1a")) == {"lead"}
    decisions.finish_decision(
        decision=decision, by=world.users["lead"], done_on=today, text="Sent.", today=today
    )
    assert who_has(client, world, ("Agreed action", "1.1.1a")) == set()


def test_a_change_waits_for_the_sro_then_for_the_chair_then_for_the_minute(client, updated, today):
    world = updated
    request = change_requests.ask(
        commitment=world.commitment,
        by=world.users["lead"],
        kind=ChangeRequest.Kind.WITHDRAWAL,
        reason="It is done elsewhere.",
        today=today,
    )
    change = ("Change", "1.1.1a")
    # The chair may decide also what no SRO has answered.
    assert who_has(client, world, change) == {"sro", "chair"}
    change_requests.support(request=request, by=world.users["sro"], is_supported=True)
    assert who_has(client, world, change) == {"chair"}
    change_requests.decide(
        request=request,
        by=world.users["chair"],
        is_agreed=False,
        reason="Not now.",
        meeting=make_meeting(world.plan),
        today=today,
    )
    assert who_has(client, world, change) == {"officer"}


def test_a_blue_waits_for_the_sro_with_what_was_said_when_it_came_back(client, updated):
    world = updated

    def propose(said):
        return make_update(
            world.commitment,
            world.users["lead"],
            brag="blue",
            progress=said,
            evidence=NewEvidence("Minutes"),
            changed_for_families="Families are answered sooner.",
        )

    returned = {"by": world.users["sro"], "is_confirmed": False, "reason": "Families do not say."}
    updates.answer_blue(update=propose("The service runs."), **returned)
    assert waiting(client, world, "sro") == []
    propose("Families say so, too.")
    assert who_has(client, world, ("Blue", "1.1.1a")) == {"sro"}
    client.force_login(world.users["sro"])
    page = client.get(reverse("pages:my_work", args=[world.plan.slug])).content.decode()
    assert "Proposed again after a return on" in page
    assert "Families say so, too." in page


def test_the_figures_of_ones_kpis_wait_and_a_final_one_for_a_second_person(client, updated, today):
    world = updated
    kpi = make_kpi(
        world.plan,
        "K1",
        (world.commitment,),
        data_owner=world.people["lead"],
        needs_second_person=True,
    )
    record_figure(kpi, "2022-03", 4, by=world.users["lead"])
    confirm = ("Figure to confirm", "KPI K1")
    assert who_has(client, world, confirm) == {"officer", "sro"}


def test_a_rating_waits_for_the_sro_a_quarter_after_the_last(client, world):
    assert ("Rating", "1") in waiting(client, world, "sro")
    rated(world)
    assert ("Rating", "1") not in waiting(client, world, "sro")


def test_no_page_of_another_day_counts_and_no_reader_has_work(client, world):
    client.force_login(world.users["lead"])
    page = client.get(reverse("actions:plan", args=[world.plan.slug]) + "?as_at=2022-03-01")
    assert [item.count for item in page.context["menu"] if item.label == "My work"] == [0]
    client.force_login(world.users["reader"])
    assert client.get(reverse("pages:my_work", args=[world.plan.slug])).status_code == 403
