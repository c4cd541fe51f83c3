"""Whose answer it is: each verb refuses the wrong person itself, whoever calls it, and takes the
right one's."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.evidence import evidence
from actions.models import (
    Commitment,
    CommitmentLead,
    Confirmation,
    EvidenceWithdrawal,
    FamiliesView,
    KeyDate,
    Membership,
    Person,
    Plan,
)
from actions.plan import amendments
from actions.progress import forum_view, updates
from actions.progress.update_answers import NewEvidence
from actions.rules.dates import PlanDate
from tests.factories import make_meeting, make_update
from wsoa.oversight.changes import change_requests
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import (
    ChallengeClosing,
    ChangeComment,
    ChangeDecision,
    ChangeMinute,
    ChangeRequest,
    ChangeSupport,
    ChangeTakenBack,
    Decision,
    DecisionDone,
    OutsideApproval,
)
from wsoa.oversight.questions import questions

TODAY = timezone.localdate()
Role = memberships.Role

RECORDS: tuple[Any, ...] = (
    ChallengeClosing,
    ChangeComment,
    ChangeDecision,
    ChangeMinute,
    ChangeSupport,
    ChangeTakenBack,
    Confirmation,
    Decision,
    DecisionDone,
    EvidenceWithdrawal,
    FamiliesView,
    KeyDate,
    OutsideApproval,
)


def written() -> list[int]:
    return [model.objects.count() for model in RECORDS]


def refuses(world: SimpleNamespace, verb: Any, *personas: str, **fields: Any) -> None:
    """Each of these people is refused in words, and nothing is written."""
    before = written()
    for persona in personas:
        with pytest.raises(ValidationError) as refusal:
            verb(by=world.users[persona], **fields)
        # Not at a field of the form: nothing that could be filled in otherwise.
        assert not hasattr(refusal.value, "error_dict"), persona
    assert written() == before


def takes(world: SimpleNamespace, verb: Any, persona: str, **fields: Any) -> Any:
    before = written()
    made = verb(by=world.users[persona], **fields)
    assert made.by == world.users[persona]
    assert written() != before
    return made


def let_lead(world: SimpleNamespace, persona: str, commitment: Commitment) -> None:
    person, _ = Person.objects.get_or_create(
        local_area=world.plan.local_area,
        user=world.users[persona],
        defaults={"name": world.users[persona].name, "organisation": world.council},
    )
    CommitmentLead.objects.create(commitment=commitment, person=person, position=9)


def blue(world: SimpleNamespace, by: str = "lead") -> Any:
    return make_update(
        world.commitment,
        world.users[by],
        brag="blue",
        progress="The service runs.",
        evidence=NewEvidence("Minutes"),
        changed_for_families="Families are answered sooner.",
    )


def asked(world: SimpleNamespace, by: str = "lead") -> ChangeRequest:
    return change_requests.ask(
        commitment=world.commitment,
        by=world.users[by],
        kind=ChangeRequest.Kind.DATE,
        key_date=world.commitment.key_dates.get(),
        wanted=PlanDate.month_of(TODAY).plus_months(3),
        reason="The contract was signed late.",
        today=TODAY,
    )


# --- A proposed Blue ----------------------------------------------------------------------------


def test_a_blue_is_answered_by_the_areas_sro_and_by_nobody_who_proposed_or_leads_it(world):
    answer = {"update": blue(world), "is_confirmed": True}
    refuses(
        world,
        updates.answer_blue,
        *("lead", "other_lead", "officer", "chair", "other_sro", "member", "forum", "outsider"),
        **answer,
    )
    takes(world, updates.answer_blue, "sro", **answer)


def test_an_sro_confirms_no_blue_they_recorded_so_the_chair_may(world):
    answer = {"update": blue(world, by="sro"), "is_confirmed": True}
    refuses(world, updates.answer_blue, "sro", **answer)
    takes(world, updates.answer_blue, "chair", **answer)


def test_who_became_lead_while_a_page_stood_open_answers_no_more(world):
    answer = {"update": blue(world), "is_confirmed": False, "reason": "Not seen yet."}
    let_lead(world, "sro", world.commitment)
    refuses(world, updates.answer_blue, "sro", **answer)


def test_who_left_the_plan_answers_no_more(world):
    answer = {"update": blue(world), "is_confirmed": True}
    Membership.objects.filter(user=world.users["sro"]).delete()
    refuses(world, updates.answer_blue, "sro", **answer)


def test_what_families_see_is_said_by_the_forum_alone(world):
    view = {"update": blue(world), "view": "yes"}
    refuses(world, forum_view.say_for_families, "lead", "sro", "officer", "chair", **view)
    takes(world, forum_view.say_for_families, "forum", **view)


# --- A change -----------------------------------------------------------------------------------


def test_a_change_is_supported_by_its_areas_sro_alone(world):
    answer = {"request": asked(world), "is_supported": True}
    refuses(
        world,
        change_requests.support,
        *("lead", "officer", "chair", "other_sro", "member", "outsider"),
        **answer,
    )
    takes(world, change_requests.support, "sro", **answer)


def test_nobody_supports_a_change_they_asked_for_or_lead(world):
    refuses(world, change_requests.support, "sro", request=asked(world, "sro"), is_supported=True)
    let_lead(world, "sro", world.second)
    request = change_requests.ask(
        commitment=world.second,
        by=world.users["lead"],
        kind=ChangeRequest.Kind.WITHDRAWAL,
        reason="It is done elsewhere.",
        today=TODAY,
    )
    refuses(world, change_requests.support, "sro", request=request, is_supported=True)


def test_a_change_is_decided_by_the_chair_alone(world):
    answer = {
        "request": asked(world),
        "is_agreed": True,
        "meeting": make_meeting(world.plan),
        "today": TODAY,
    }
    refuses(
        world,
        change_requests.decide,
        *("lead", "officer", "sro", "member", "forum", "outsider"),
        **answer,
    )
    takes(world, change_requests.decide, "chair", **answer)


@pytest.mark.parametrize("how", ["asked", "leads", "stands in"])
def test_the_chair_decides_nothing_they_asked_for_or_lead(world, how):
    if how == "leads":
        let_lead(world, "chair", world.commitment)
    if how == "stands in":
        memberships.name_deputy(
            of=Membership.objects.get(user=world.users["lead"]),
            user=world.users["chair"],
            starts_on=TODAY,
            ends_on=TODAY,
        )
    request = asked(world, "chair" if how == "asked" else "officer")
    meeting = make_meeting(world.plan)
    refuses(
        world,
        change_requests.decide,
        "chair",
        request=request,
        is_agreed=True,
        meeting=meeting,
        today=TODAY,
    )


def test_outside_approvals_and_minutes_are_recorded_by_the_programme_team(world):
    Plan.objects.filter(pk=world.plan.pk).update(outside_approver="DfE")
    request = asked(world)
    decision = change_requests.decide(
        request=request,
        by=world.users["chair"],
        is_agreed=True,
        meeting=make_meeting(world.plan),
        today=TODAY,
    )
    approval = {
        "request": request,
        "approver": "DfE",
        "approved_on": TODAY,
        "reference": "Letter of today",
        "today": TODAY,
    }
    others = ("lead", "sro", "chair", "forum", "outsider")
    refuses(world, change_requests.approve_outside, *others, **approval)
    takes(world, change_requests.approve_outside, "officer", **approval)
    refuses(world, change_requests.minute, *others, decision=decision, text="Item 4")
    takes(world, change_requests.minute, "officer", decision=decision, text="Item 4")


def test_a_change_is_taken_back_by_its_asker_or_the_team_and_commented_by_the_forum(world):
    request = asked(world)
    refuses(world, change_requests.take_back, "other_lead", "sro", "chair", request=request)
    refuses(world, change_requests.comment, "lead", "officer", request=request, text="Soon.")
    takes(world, change_requests.comment, "forum", request=request, text="Soon.")
    takes(world, change_requests.take_back, "lead", request=request)


# --- Evidence, decisions, questions -------------------------------------------------------------


def test_evidence_is_withdrawn_by_those_who_answer_for_it(world):
    row = evidence.add_evidence(
        commitment=world.second, by=world.users["officer"], title="Minutes", visibility="restricted"
    )
    withdraw = {"evidence": row, "reason": "It names a child."}
    others = ("other_lead", "other_sro", "chair", "member", "forum", "outsider")
    refuses(world, evidence.withdraw_evidence, *others, **withdraw)
    takes(world, evidence.withdraw_evidence, "lead", **withdraw)


def test_evidence_of_a_closed_plan_is_withdrawn_by_who_leads_today(world):
    row = evidence.add_evidence(commitment=world.second, by=world.users["officer"], title="Minutes")
    amendments.withdraw_commitment(commitment=world.second, reason="x", by=world.users["officer"])
    Plan.objects.filter(pk=world.plan.pk).update(state="closed", closed_on=TODAY)
    withdraw = {"evidence": row, "reason": "It names a child."}
    refuses(world, evidence.withdraw_evidence, "other_lead", **withdraw)
    takes(world, evidence.withdraw_evidence, "sro", **withdraw)


def decided(world: SimpleNamespace, by: str = "officer") -> dict[str, Any]:
    return {
        "plan": world.plan,
        "meeting": make_meeting(world.plan, days=-1),
        "text": "Write to the schools",
        "minute": "item 4",
        "today": TODAY,
        "owner": world.people["lead"],
    }


def test_decisions_are_recorded_by_the_chair_or_the_team_and_done_by_their_owner(world):
    words = decided(world)
    refuses(world, decisions.record_decision, "lead", "sro", "member", "forum", "outsider", **words)
    decision = takes(world, decisions.record_decision, "chair", **words)
    done = {"decision": decision, "done_on": TODAY, "today": TODAY}
    refuses(world, decisions.finish_decision, "other_lead", "chair", "sro", "outsider", **done)
    takes(world, decisions.finish_decision, "lead", **done)


def test_the_programme_team_says_that_a_decision_is_done(world):
    decision = takes(world, decisions.record_decision, "officer", **decided(world))
    takes(
        world,
        decisions.finish_decision,
        "officer",
        decision=decision,
        done_on=TODAY,
        today=TODAY,
    )


def question(world: SimpleNamespace, by: str, **fields: Any) -> Any:
    return questions.ask(
        plan=world.plan,
        commitment=world.commitment,
        by=world.users[by],
        text="Why so late?",
        today=TODAY,
        **fields,
    )


def test_a_question_is_closed_by_its_asker_or_by_the_chair_in_a_meeting(world):
    close = {"question": question(world, "member"), "text": "Seen.", "today": TODAY}
    refuses(world, questions.close, "lead", "officer", "sro", "forum", "outsider", **close)
    with pytest.raises(ValidationError) as refusal:
        questions.close(by=world.users["chair"], **close)
    assert list(refusal.value.message_dict) == ["meeting"]
    assert not ChallengeClosing.objects.exists()
    takes(world, questions.close, "chair", meeting=make_meeting(world.plan), **close)


def test_a_question_from_outside_is_closed_by_the_programme_team(world):
    asked_outside = question(world, "officer", asked_by="A councillor")
    close = {"question": asked_outside, "text": "Answered by letter.", "today": TODAY}
    refuses(world, questions.close, "lead", "member", **close)
    takes(world, questions.close, "officer", **close)


@pytest.mark.parametrize("by", ["lead", "sro"])
def test_a_blue_is_listed_for_whoever_answers_it(client, world, by):
    blue(world, by=by)
    client.force_login(world.users["sro"])
    groups = client.get(reverse("pages:my_work", args=[world.plan.slug])).context["groups"]
    waiting = [line["item"].kind for group in groups for line in group["lines"]]
    assert ("Blue" in waiting) is (by == "lead")
    area = client.get(reverse("pages:my_area", args=[world.plan.slug]))
    assert bool(area.context["blues"]) is (by == "lead")
    report_page = client.get(reverse("actions:answer_blue", args=[world.plan.slug, "1.1.1a"]))
    assert report_page.status_code == (200 if by == "lead" else 403)


@pytest.mark.parametrize("by", ["lead", "sro"])
def test_a_change_is_listed_for_the_sro_whose_word_it_waits_for(client, world, by):
    asked(world, by)
    client.force_login(world.users["sro"])
    page = client.get(reverse("pages:my_area", args=[world.plan.slug]))
    assert bool(page.context["changes"]) is (by == "lead")
