"""Somebody leaves: all that is open with them passes to another, in one recorded act."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions import memberships
from actions.models import (
    CommitmentLead,
    Membership,
    Person,
    Plan,
    ProgressUpdate,
    Withdrawal,
)
from kpis.models import Kpi
from tests.factories import (
    make_commitment,
    make_kpi,
    make_meeting,
    make_plan,
    make_update,
    make_user,
)
from wsoa.oversight.changes import change_requests
from wsoa.oversight.decisions import decisions
from wsoa.oversight.handovers import handovers
from wsoa.oversight.models import ChangeRequest, Handover, HandoverPart, HandoverSeen
from wsoa.oversight.questions import questions

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=10)
Role = Membership.Role


@pytest.fixture
def world(world):
    """The lead leads 1.1.1a (with another) and 1.1.1b, owns a KPI's data and two decisions."""
    world.kpi = make_kpi(world.plan, "K1", (world.elsewhere,), data_owner=world.people["lead"])
    make_kpi(world.plan, "K2", (world.commitment,), data_owner=world.people["other_lead"])
    meeting = make_meeting(world.plan, days=-5)
    world.decision, world.done = (
        decisions.record_decision(
            plan=world.plan,
            by=world.users["officer"],
            meeting=meeting,
            text=text,
            minute="item 4",
            owner=world.people["lead"],
            today=TODAY,
        )
        for text in ("Write to the schools", "Hire a nurse")
    )
    decisions.finish_decision(
        decision=world.done, by=world.users["lead"], done_on=TODAY, today=TODAY
    )
    world.successor = Person.objects.create(
        local_area=world.plan.local_area, name="Ada New", user=make_user("Ada New")
    )
    memberships.grant(user=world.successor.user, plan=world.plan, role=Role.MEMBER)
    return world


def hand_over(world, **fields):
    given = {
        "plan": world.plan,
        "by": world.users["officer"],
        "leaver": world.people["lead"],
        "successor": world.successor,
        "starts_on": TODAY,
        "reason": "A new post",
        "today": TODAY,
    }
    return handovers.hand_over(**(given | fields))


def leads_on(commitment, day):
    rows = CommitmentLead.objects.filter(commitment=commitment).order_by("position")
    return [
        row.person.name
        for row in rows
        if (row.starts_on is None or row.starts_on <= day)
        and (row.ends_on is None or row.ends_on >= day)
    ]


def test_everything_open_passes_and_nothing_else(world):
    passed = hand_over(world)
    yesterday = TODAY - timedelta(days=1)
    assert leads_on(world.commitment, yesterday) == ["The lead", "The other lead"]
    assert leads_on(world.commitment, TODAY) == ["Ada New", "The other lead"]
    assert leads_on(world.second, TODAY) == ["Ada New"]
    assert leads_on(world.elsewhere, TODAY) == ["The other lead"]
    owners = {row.code: row.owner_on(TODAY).name for row in Kpi.objects.filter(plan=world.plan)}
    assert owners == {"K1": "Ada New", "K2": "The other lead"}
    parts = HandoverPart.objects.filter(handover=passed)
    assert {row.commitment.ref for row in parts if row.commitment} == {"1.1.1a", "1.1.1b"}
    assert {row.kpi.code for row in parts if row.kpi} == {"K1"}
    assert [row.decision for row in parts if row.decision] == [world.decision]
    # The commitments are of the first area, the KPI serves the other.
    assert passed.area_ids == sorted([world.area.pk, world.other_area.pk])


def test_from_a_later_day_it_is_the_leavers_until_then(client, world):
    hand_over(world, starts_on=LATER)
    assert leads_on(world.second, TODAY) == ["The lead"]
    assert leads_on(world.second, LATER - timedelta(days=1)) == ["The lead"]
    assert leads_on(world.second, LATER) == ["Ada New"]
    kpi = Kpi.objects.get(code="K1")
    assert kpi.owner_on(LATER - timedelta(days=1)) == world.people["lead"]
    assert kpi.owner_on(LATER) == world.successor
    finish = {"decision": world.decision, "done_on": TODAY, "today": TODAY}
    with pytest.raises(ValidationError):
        decisions.finish_decision(by=world.successor.user, **finish)
    later = handovers.what_passes(world.plan, world.successor, LATER)
    assert [row.ref for row in later.commitments] == ["1.1.1a", "1.1.1b"]
    assert [row.code for row in later.kpis] == ["K1"]
    assert later.decisions == [world.decision]
    assert not handovers.what_passes(world.plan, world.people["lead"], LATER)
    decisions.finish_decision(by=world.users["lead"], **finish)


def test_the_successor_does_what_passed_and_the_leaver_no_more(client, world):
    hand_over(world)
    finish = {"decision": world.decision, "done_on": TODAY, "today": TODAY}
    with pytest.raises(ValidationError):
        decisions.finish_decision(by=world.users["lead"], **finish)
    form = reverse("actions:record_update", args=[world.plan.slug, "1.1.1b"])
    figures = reverse("kpis:figures", args=[world.plan.slug])
    client.force_login(world.users["lead"])
    assert client.get(form).status_code == 403
    assert client.get(figures).status_code == 403
    client.force_login(world.successor.user)
    assert client.get(form).status_code == 200
    assert client.get(figures).status_code == 200
    kinds = {
        (line["item"].kind.value, line["item"].ref)
        for group in client.get(reverse("pages:my_work", args=[world.plan.slug])).context["groups"]
        for line in group["lines"]
    }
    assert {("Update", "1.1.1a"), ("Update", "1.1.1b"), ("Agreed action", "")} <= {
        (kind, ref if kind == "Update" else "") for kind, ref in kinds
    }
    decisions.finish_decision(by=world.successor.user, **finish)


def test_what_was_recorded_before_stays_under_the_leavers_name(client, world):
    make_update(
        world.second,
        world.users["lead"],
        brag="green",
        progress="Nurses came.",
        late_reason="The tender ran twice.",
    )
    hand_over(world)
    assert ProgressUpdate.objects.get().by == world.users["lead"]
    client.force_login(world.users["member"])
    page = client.get(reverse("pages:commitment", args=[world.plan.slug, "1.1.1b"]))
    words = page.content.decode()
    assert "Ada New leads it in place of The lead from" in words
    assert "A new post" in words
    assert "Nurses came." in words
    before = TODAY - timedelta(days=1)
    page = client.get(
        reverse("pages:commitment", args=[world.plan.slug, "1.1.1b"]) + f"?as_at={before}"
    ).content.decode()
    assert "Ada New" not in page


def test_an_open_question_is_the_successors_to_answer(client, world):
    asked = questions.ask(
        plan=world.plan,
        commitment=world.second,
        by=world.users["member"],
        text="What holds it up?",
        today=TODAY,
    )
    passing = handovers.what_passes(world.plan, world.people["lead"], TODAY)
    assert passing.questions == [asked]
    hand_over(world)
    answer = reverse("oversight:answer_question", args=[world.plan.slug, asked.pk])
    client.force_login(world.users["lead"])
    assert client.get(answer).status_code == 403
    client.force_login(world.successor.user)
    assert client.get(answer).status_code == 200


def test_who_leads_already_goes_on_and_takes_the_place(world):
    hand_over(world, successor=world.people["other_lead"])
    assert leads_on(world.commitment, TODAY) == ["The other lead"]
    assert leads_on(world.second, TODAY) == ["The other lead"]


def test_a_second_handover_of_the_same_day_leaves_no_row_that_never_held(world):
    hand_over(world)
    hand_over(world, leaver=world.successor, successor=world.people["lead"], reason="Back again")
    assert leads_on(world.second, TODAY) == ["The lead"]
    rows = CommitmentLead.objects.filter(commitment=world.second)
    assert all(
        row.ends_on is None or row.starts_on is None or row.starts_on <= row.ends_on for row in rows
    )
    kpi = Kpi.objects.get(code="K1")
    assert kpi.owner_on(TODAY) == world.people["lead"]
    finish = {"decision": world.decision, "done_on": TODAY, "today": TODAY}
    decisions.finish_decision(by=world.users["lead"], **finish)


def test_the_successor_becomes_an_action_lead_only_where_they_are_none(world):
    held = Membership.objects.filter(user=world.successor.user, role=Role.LEAD)
    hand_over(world, starts_on=LATER)
    assert [row.starts_on for row in held] == [LATER]
    leads = Membership.objects.filter(user=world.users["other_lead"], role=Role.LEAD)
    hand_over(world, leaver=world.successor, successor=world.people["other_lead"], starts_on=LATER)
    assert leads.count() == 1


def test_somebody_without_an_account_may_take_over(world):
    mailbox = Person.objects.create(local_area=world.plan.local_area, name="Portal team")
    hand_over(world, successor=mailbox)
    assert leads_on(world.second, TODAY) == ["Portal team"]


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"reason": ""}, "reason"),
        ({"starts_on": None}, "starts_on"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on"),
    ],
)
def test_a_refusal_names_the_field_and_nothing_passes(world, fields, at_fault):
    with pytest.raises(ValidationError) as refusal:
        hand_over(world, **fields)
    assert list(refusal.value.message_dict) == [at_fault]
    assert leads_on(world.second, LATER) == ["The lead"]
    assert not Handover.objects.exists()


def test_nobody_hands_over_to_themselves_or_to_another_places_people(world):
    elsewhere = Person.objects.create(local_area=make_plan().local_area, name="Eve")
    for successor in (world.people["lead"], elsewhere):
        with pytest.raises(ValidationError) as refusal:
            hand_over(world, successor=successor)
        assert list(refusal.value.message_dict) == ["successor"]


@pytest.mark.parametrize(
    "persona", ["lead", "other_lead", "sro", "chair", "member", "forum", "reader", "superuser"]
)
def test_the_verb_refuses_all_but_the_programme_team(world, persona):
    with pytest.raises(ValidationError):
        hand_over(world, by=world.users[persona])
    assert not Handover.objects.exists()
    assert leads_on(world.second, TODAY) == ["The lead"]


@pytest.mark.parametrize("state", ["draft", "closed"])
def test_only_of_an_agreed_plan(world, state):
    closed = {"closed_on": TODAY} if state == "closed" else {}
    Plan.objects.filter(pk=world.plan.pk).update(state=state, **closed)
    with pytest.raises(ValidationError):
        hand_over(world)
    assert leads_on(world.second, TODAY) == ["The lead"]


def test_what_changed_since_it_was_checked_is_looked_at_again(world):
    checked = handovers.what_passes(world.plan, world.people["lead"], TODAY).mark
    make_commitment(world.action, "c", leads=(world.people["lead"],), due="2023-01")
    with pytest.raises(ValidationError, match="changed meanwhile"):
        hand_over(world, checked=checked)
    assert not Handover.objects.exists()
    assert leads_on(world.second, TODAY) == ["The lead"]


def test_sent_twice_it_is_one_and_with_nothing_open_it_is_refused(world):
    checked = handovers.what_passes(world.plan, world.people["lead"], TODAY).mark
    first = hand_over(world, checked=checked)
    assert hand_over(world, checked=checked) == first
    with pytest.raises(ValidationError, match="Nothing of this plan"):
        hand_over(world, reason="Something else")
    assert Handover.objects.count() == 1


def test_what_is_withdrawn_stays(world):
    Withdrawal.objects.create(
        commitment=world.second, is_withdrawn=True, reason="Merged", by=world.users["officer"]
    )
    hand_over(world)
    assert leads_on(world.second, TODAY) == ["The lead"]


def test_a_request_to_change_the_leavers_lead_is_overtaken(world):
    request = change_requests.ask(
        commitment=world.second,
        by=world.users["lead"],
        kind=ChangeRequest.Kind.LEAD,
        reason="I leave",
        today=TODAY,
        old_lead=world.people["lead"],
        new_lead=world.people["other_lead"],
    )
    hand_over(world)
    assert change_requests.step_of(request) is change_requests.Step.OVERTAKEN


def test_who_is_named_by_hand_owns_the_data_whatever_was_to_pass(client, world):
    hand_over(world, starts_on=LATER)
    client.force_login(world.users["officer"])
    form = reverse("actions:edit_part", args=[world.plan.slug, "data-owner", world.kpi.pk])
    page = client.get(form).content.decode()
    version = re.search(r'name="version" value="([^"]*)"', page)[1]
    sent = {"data_owner": world.people["other_lead"].pk, "version": version}
    assert client.post(form, sent).status_code == 302
    kpi = Kpi.objects.get(code="K1")
    assert kpi.owner_on(TODAY) == kpi.owner_on(LATER) == world.people["other_lead"]


def test_the_history_of_edits_tells_it_with_what_passed(client, world):
    hand_over(world)
    client.force_login(world.users["officer"])
    page = client.get(reverse("reports:history", args=[world.plan.slug]) + "?group=people")
    words = page.content.decode()
    assert "Work of The lead handed over" in words
    assert "Passed from The lead to Ada New" in words
    assert "Write to the schools" in words


# --- The pages --------------------------------------------------------------------------------


def test_the_page_lists_what_passes_before_it_is_recorded(client, world):
    client.force_login(world.users["officer"])
    address = reverse("oversight:hand_over", args=[world.plan.slug])
    assert client.get(f"{address}?person={world.people['lead'].pk}").status_code == 200
    cover = memberships.name_deputy(
        of=Membership.objects.get(user=world.users["lead"], role=Role.LEAD),
        user=world.users["other_lead"],
        starts_on=TODAY,
        ends_on=LATER,
    )
    sent = {
        "leaver": world.people["lead"].pk,
        "successor": world.successor.pk,
        "starts_on": f"{LATER:%d/%m/%Y}",
        "reason": "A new post",
    }
    page = client.post(address, sent)
    words = page.content.decode()
    for part in (
        "1.1.1a",
        "1.1.1b",
        "K1",
        "Write to the schools",
        "Ada New is made an action lead",
    ):
        assert part in words
    assert f"{cover.user} covers for The lead" in words
    assert "Hire a nurse" not in words
    assert not Handover.objects.exists()
    changed = client.post(address, sent | {"step": "change"})
    assert changed.context["form"]["reason"].value() == "A new post"
    record = sent | {"step": "record", "checked": page.context["checked"]}
    answer = client.post(address, record)
    passed = Handover.objects.get()
    assert answer.url == reverse("oversight:handover", args=[world.plan.slug, passed.pk])
    assert "Write to the schools" in client.get(answer.url).content.decode()


def test_a_wrong_form_comes_back_with_what_was_typed(client, world):
    client.force_login(world.users["officer"])
    address = reverse("oversight:hand_over", args=[world.plan.slug])
    lead = world.people["lead"].pk
    sent = {"leaver": lead, "successor": lead, "starts_on": "1/1/2020", "reason": "A new post"}
    page = client.post(address, sent)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"successor", "starts_on"}
    assert "A new post" in page.content.decode()
    nothing = sent | {
        "leaver": world.people["other_lead"].pk,
        "starts_on": f"{TODAY:%d/%m/%Y}",
        "step": "record",
        "checked": "stale",
    }
    assert client.post(address, nothing).status_code == 422
    assert not Handover.objects.exists()


def waiting_to_note(client, world, persona):
    client.force_login(world.users[persona])
    page = client.get(reverse("pages:my_work", args=[world.plan.slug]))
    lines = [line["item"] for group in page.context["groups"] for line in group["lines"]]
    elsewhere = client.get(reverse("actions:plan", args=[world.plan.slug]))
    (item,) = [item for item in elsewhere.context["menu"] if item.label == "My work"]
    assert item.count == len(lines)
    return [item.name for item in lines if item.kind.value == "Handed over"]


def test_the_sro_of_each_area_touched_is_told_until_they_take_note(client, world):
    told = ["The lead’s work passed to Ada New"]
    assert waiting_to_note(client, world, "sro") == []
    passed = hand_over(world)
    assert waiting_to_note(client, world, "sro") == told
    assert waiting_to_note(client, world, "other_sro") == told
    assert waiting_to_note(client, world, "chair") == []
    client.force_login(world.users["sro"])
    page = reverse("oversight:handover", args=[world.plan.slug, passed.pk])
    assert "Acknowledge" in client.get(page).content.decode()
    note = reverse("oversight:note_handover", args=[world.plan.slug, passed.pk])
    for _ in range(2):
        assert client.post(note).url == reverse("pages:my_work", args=[world.plan.slug])
    assert HandoverSeen.objects.count() == 1
    assert waiting_to_note(client, world, "sro") == []
    assert waiting_to_note(client, world, "other_sro") == told
    words = client.get(page).content.decode()
    assert "acknowledged by The sro" in words
    with pytest.raises(ValidationError):
        handovers.take_note(handover=passed, by=world.users["officer"])


def test_it_locks_the_plan_before_its_commitments_as_who_closes_the_plan_does(world):
    """The other way round, each would wait for the other, and one be turned away."""
    with CaptureQueriesContext(connection) as asked:
        hand_over(world)
    locked = [
        re.search(r'FROM "(\w+)"', query["sql"])[1]
        for query in asked
        if "FOR NO KEY UPDATE" in query["sql"]
    ]
    assert locked[:2] == ["actions_plan", "actions_commitment"]
