"""A short move of a date by an SRO's own decision: once, where the plan leaves it to them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import CommitmentLead, KeyDate, Membership, Plan
from actions.plan.amendments import move_date
from actions.rules.dates import PlanDate
from reports.contents.building import build
from tests.factories import make_commitment, make_meeting, make_world
from tests.reports.report_builders import make_report
from wsoa.oversight.changes import change_requests as changes
from wsoa.oversight.changes.change_requests import Step
from wsoa.oversight.models import ChangeDecision, ChangeRequest

TODAY = timezone.localdate()
NOW = PlanDate.month_of(TODAY)
NEXT = NOW.plus_months(1)


@pytest.fixture
def world(db):
    """A commitment of this month, and a plan that leaves a move by five weeks to its SROs."""
    world = make_world()
    world.commitment = make_commitment(
        world.action, "c", leads=(world.people["lead"],), due=NOW.iso
    )
    world.key_date = world.commitment.key_dates.get()
    leave(world, 5)
    return world


def leave(world, weeks, **fields):
    Plan.objects.filter(pk=world.plan.pk).update(own_move_weeks=weeks, **fields)


def ask(world, who="lead", **fields):
    values = {
        "kind": "date",
        "key_date": world.key_date,
        "wanted": NEXT,
        "reason": "The contract was signed late.",
    }
    return changes.ask(
        commitment=world.commitment, by=world.users[who], today=TODAY, **(values | fields)
    )


def agree(world, request, who="sro"):
    return changes.agree_move(request=request, by=world.users[who])


def refusal(world, request, who="sro"):
    dates = KeyDate.objects.count()
    with pytest.raises(ValidationError) as refused:
        agree(world, request, who)
    assert not ChangeDecision.objects.exists()
    assert KeyDate.objects.count() == dates
    return refused.value.messages[0]


def step(request):
    return changes.step_of(ChangeRequest.objects.get(pk=request.pk))


# --- The move -----------------------------------------------------------------------------------


def test_an_sro_moves_a_date_of_the_own_area_at_once(world):
    request = ask(world)

    decision = agree(world, request)

    assert step(request) is Step.IN_EFFECT
    moved = KeyDate.objects.get(replaces=world.key_date)
    assert (moved.when, moved.reason) == (NEXT, "The contract was signed late.")
    assert (moved.asked_by, moved.decided_by) == ("The lead", "SRO’s own decision")
    assert (decision.by, decision.own_move_weeks) == (world.users["sro"], 5)
    assert decision.reason == "Within the 5 weeks by which an SRO may move a date"


def test_what_was_agreed_stays_when_the_plan_leaves_less_to_them(world):
    request = ask(world)
    decision = agree(world, request)
    leave(world, 0)

    decision.refresh_from_db()
    assert (step(request), decision.own_move_weeks) == (Step.IN_EFFECT, 5)


# --- What is refused ----------------------------------------------------------------------------


def test_a_move_by_more_weeks_is_the_steering_groups(world):
    request = ask(world, wanted=NEXT.plus_months(1))
    words = f"From {NOW} to {NEXT.plus_months(1)} is more than the 5 weeks"
    assert refusal(world, request).startswith(words)


def test_a_second_move_is_the_steering_groups(world):
    world.key_date = move_date(
        key_date=world.key_date,
        to=PlanDate.of_day(NOW.last_day),
        reason="The term ends then.",
        by=world.users["officer"],
    )
    assert "has moved before" in refusal(world, ask(world))


def test_a_date_that_moved_meanwhile_is_asked_for_again(world):
    request = ask(world)
    move_date(
        key_date=world.key_date,
        to=PlanDate.of_day(NOW.last_day),
        reason="The term ends then.",
        by=world.users["officer"],
    )
    assert "must be asked again" in refusal(world, request)


def test_a_first_date_and_other_changes_are_the_steering_groups(world):
    world.commitment = make_commitment(world.action, "z", leads=(world.people["lead"],))
    assert "first date" in refusal(world, ask(world, key_date=None))
    withdrawal = ask(world, kind="withdrawal", key_date=None, wanted=None)
    assert "Only a date" in refusal(world, withdrawal)


def test_nobody_agrees_what_they_asked_or_lead(world):
    words = "nobody what they asked themselves or lead"
    assert words in refusal(world, ask(world, "sro"))


@pytest.mark.parametrize("how", ["leads", "stands in"])
def test_nobody_agrees_a_move_of_what_they_lead_or_stand_in_for(world, how):
    if how == "leads":
        CommitmentLead.objects.create(
            commitment=world.commitment, person=world.people["sro"], position=9
        )
    else:
        memberships.name_deputy(
            of=Membership.objects.get(user=world.users["lead"]),
            user=world.users["sro"],
            starts_on=TODAY,
            ends_on=TODAY,
        )
    assert "nobody what they asked themselves or lead" in refusal(world, ask(world, "officer"))


@pytest.mark.parametrize("who", ["other_sro", "chair", "officer", "lead", "forum", "outsider"])
def test_only_the_areas_sro_agrees_it(world, who):
    assert "senior responsible officer agrees this" in refusal(world, ask(world), who)


def test_without_weeks_the_steering_group_decides_each_move(world):
    leave(world, 0)
    assert "steering group decides each move" in refusal(world, ask(world))


def test_where_somebody_outside_must_approve_an_sro_moves_no_date(world):
    leave(world, 5, outside_approver="DfE")
    assert refusal(world, ask(world)).startswith("DfE must approve each change")


def test_what_was_answered_or_decided_is_not_agreed_again(world):
    request = ask(world)
    changes.support(request=request, by=world.users["sro"], is_supported=False, reason="No.")
    assert "has answered already" in refusal(world, request)
    other = make_commitment(world.action, "d", leads=(world.people["lead"],), due=NOW.iso)
    world.commitment, world.key_date = other, other.key_dates.get()
    request = ask(world)
    agree(world, request)
    with pytest.raises(ValidationError, match="decided meanwhile"):
        agree(world, request)


def test_an_sros_own_decision_agrees_and_is_of_no_meeting(world):
    made = {"request": ask(world), "by": world.users["sro"], "own_move_weeks": 5, "reason": "So."}
    for wrong in (
        {"is_agreed": False},
        {"is_agreed": True, "meeting": make_meeting(world.plan)},
        {"is_agreed": True, "own_move_weeks": 0},
    ):
        with pytest.raises(IntegrityError, match="sros_own_decision"), transaction.atomic():
            ChangeDecision.objects.create(**(made | wrong))


# --- On the pages -------------------------------------------------------------------------------


def url(world, name, *args):
    return reverse(f"oversight:{name}", args=[world.plan.slug, *args])


def acts(client, world, request):
    page = client.get(url(world, "change", request.pk))
    return {act["key"]: act["note"] for act in page.context["acts"]}


def test_the_sro_agrees_it_on_the_page_of_the_request(client, world):
    request = ask(world)
    client.force_login(world.users["sro"])
    offered = acts(client, world, request)
    assert "support" in offered
    assert offered["agree_move"].startswith("In this plan an SRO may move a date by up to 5 weeks")

    sent = client.post(url(world, "change", request.pk), {"act": "agree_move"})

    assert sent.status_code == 302
    page = client.get(url(world, "change", request.pk))
    assert page.context["history"][0].text == (
        "Agreed: Within the 5 weeks by which an SRO may move a date (SRO’s own decision)."
    )
    assert "Agreed by the SRO" in [one.title for one in page.context["steps"]]
    commitment = client.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1c"]))
    assert "an SRO may move a date (SRO’s own decision)." in commitment.content.decode()


def test_what_is_not_left_to_an_sro_is_not_offered(client, world):
    client.force_login(world.users["sro"])
    request = ask(world, wanted=NEXT.plus_months(1))
    assert "agree_move" not in acts(client, world, request)
    sent = client.post(url(world, "change", request.pk), {"act": "agree_move"})
    assert sent.status_code == 403
    changes.take_back(request=request, by=world.users["lead"])

    request = ask(world)
    assert "agree_move" in acts(client, world, request)
    leave(world, 0)
    assert set(acts(client, world, request)) == {"support"}
    leave(world, 5)
    for other in ("chair", "other_sro", "officer"):
        client.force_login(world.users[other])
        assert "agree_move" not in acts(client, world, request)


def test_the_next_meeting_notes_it_as_the_sros_own(client, world):
    coming = make_meeting(world.plan, 14)
    agree(world, ask(world))
    client.force_login(world.users["member"])

    (line,) = client.get(url(world, "meeting", coming.pk)).context["to_note"]

    assert (line["on"], line["answer"]) == ("1.1.1c", "Agreed, SRO’s own decision")


def test_reports_and_the_history_of_edits_say_whose_decision_it_was(client, world):
    agree(world, ask(world))
    world.board = None
    report = make_report(
        world, starts_on=TODAY.replace(day=1), ends_on=TODAY, as_at=TODAY, number="Q1"
    )
    tables = {
        block.name: block
        for section in build(report).document.sections
        for block in section.blocks
        if hasattr(block, "name")
    }
    (row,) = [[cell.text for cell in line] for line in tables["Changes decided"].rows]
    assert row[5] == "SRO’s own decision"
    client.force_login(world.users["officer"])
    told = client.get(reverse("reports:history", args=[world.plan.slug])).content.decode()
    assert "Weeks within which an SRO may move a date" in told
    assert "The sro" in told


# --- How far they may go ------------------------------------------------------------------------


def test_the_programme_team_says_how_far_they_may_go(client, world):
    leave(world, 0)
    client.force_login(world.users["officer"])
    listed = client.get(url(world, "changes"))
    assert url(world, "own_moves") in listed.content.decode()
    assert "may move a date by up to" not in listed.content.decode()

    for wrong in ("", "13", "-1", "two"):
        answer = client.post(url(world, "own_moves"), {"weeks": wrong})
        assert answer.status_code == 422
        assert "Enter a number of weeks from 0 to 12" in answer.content.decode()
        assert answer.context["form"]["weeks"].value() == wrong
    assert client.post(url(world, "own_moves"), {"weeks": "9"}).status_code == 302

    assert Plan.objects.get(pk=world.plan.pk).own_move_weeks == 9
    client.force_login(world.users["lead"])
    listed = client.get(url(world, "changes")).content.decode()
    assert "may move a date by up to 9 weeks, once" in listed
    assert url(world, "own_moves") not in listed


def test_how_far_they_may_go_is_said_by_the_programme_team_while_the_plan_is_not_closed(world):
    for who in ("sro", "chair", "lead"):
        with pytest.raises(ValidationError, match="programme team"):
            changes.set_own_moves(plan=world.plan, by=world.users[who], weeks=2)
    with pytest.raises(ValidationError, match="from 0 to 12"):
        changes.set_own_moves(plan=world.plan, by=world.users["officer"], weeks=13)
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on=TODAY)
    with pytest.raises(ValidationError, match="not closed"):
        changes.set_own_moves(plan=world.plan, by=world.users["officer"], weeks=2)
