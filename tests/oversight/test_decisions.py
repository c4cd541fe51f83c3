"""Decisions: recorded in a meeting, open until done."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.plan import amendments
from tests.factories import make_meeting, make_plan
from wsoa.oversight.decisions import decisions
from wsoa.oversight.models import Decision, DecisionDone
from wsoa.oversight.questions import questions

TODAY = timezone.localdate()


def decide(world, **fields):
    given = {
        "plan": world.plan,
        "by": world.users["officer"],
        "text": "Write to the schools",
        "minute": "item 4",
        "today": TODAY,
    }
    if "meeting" not in fields:
        given["meeting"] = make_meeting(world.plan, days=-10)
    return decisions.record_decision(**(given | fields))


def refused(world, **fields):
    with pytest.raises(ValidationError) as refusal:
        decide(world, **fields)
    assert not Decision.objects.exists()
    return refusal.value


def test_it_speaks_of_the_day_of_its_meeting(world):
    decided = decide(world)
    decided.refresh_from_db()
    assert timezone.localtime(decided.effective_at).date() == TODAY - timedelta(days=10)
    assert decide(world, meeting=decided.meeting) == decided


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"meeting": None}, "meeting"),
        ({"text": ""}, "text"),
        ({"minute": ""}, "minute"),
        ({"due_on": TODAY}, "owner"),
    ],
)
def test_a_refusal_names_the_field(world, fields, at_fault):
    assert list(refused(world, **fields).message_dict) == [at_fault]


def test_the_meeting_was_held_and_is_of_the_plan(world):
    for meeting in (make_meeting(world.plan, days=1), make_meeting(make_plan())):
        assert list(refused(world, meeting=meeting).message_dict) == ["meeting"]


def test_it_is_not_due_before_its_meeting(world):
    owner, day = world.people["lead"], TODAY - timedelta(days=11)
    assert list(refused(world, owner=owner, due_on=day).message_dict) == ["due_on"]


def test_one_about_a_question_is_about_what_the_question_is_on(world):
    asked = questions.ask(
        plan=world.plan,
        commitment=world.commitment,
        by=world.users["member"],
        text="Why?",
        today=TODAY,
    )
    assert list(refused(world, question=asked).message_dict) == ["meeting"]
    decided = decide(world, question=asked, meeting=make_meeting(world.plan))
    assert (decided.challenge, decided.commitment) == (asked, world.commitment)


def test_nothing_is_decided_about_what_is_withdrawn(world):
    amendments.withdraw_commitment(
        commitment=world.commitment, reason="x", by=world.users["officer"]
    )
    refused(world, commitment=world.commitment)


def test_it_is_done_once_on_a_day_between_its_meeting_and_today(world):
    decided = decide(world, owner=world.people["lead"])
    finish = {"decision": decided, "by": world.users["lead"], "today": TODAY}
    for days in (1, -11):
        with pytest.raises(ValidationError) as refusal:
            decisions.finish_decision(**finish, done_on=TODAY + timedelta(days=days))
        assert list(refusal.value.message_dict) == ["done_on"]
    decisions.finish_decision(**finish, done_on=TODAY - timedelta(days=3))
    with pytest.raises(ValidationError):
        decisions.finish_decision(**finish, done_on=TODAY)
    assert DecisionDone.objects.count() == 1


def test_one_that_nobody_sees_to_is_not_done(world):
    decided = decide(world)
    with pytest.raises(ValidationError):
        decisions.finish_decision(
            decision=decided, by=world.users["officer"], today=TODAY, done_on=TODAY
        )


# --- On the page ------------------------------------------------------------------------------


def go(client, world, persona, name, *args, sent=None, query=""):
    client.force_login(world.users[persona])
    room = "pages" if name in ("commitment", "kpi") else "oversight"
    address = reverse(f"{room}:{name}", args=[world.plan.slug, *args]) + query
    return client.get(address) if sent is None else client.post(address, sent)


def test_the_chair_records_one_and_its_owner_says_it_is_done(client, world):
    meeting = make_meeting(world.plan)
    sent = {
        "meeting": meeting.pk,
        "about": "commitment:1.1.1a",
        "text": "Write to the schools",
        "minute": "item 4",
        "owner": world.people["lead"].pk,
        "due_on": f"{TODAY + timedelta(days=7):%d/%m/%Y}",
    }
    go(client, world, "chair", "record_decision", sent=sent)
    decided = Decision.objects.get()
    assert (decided.commitment, decided.owner) == (world.commitment, world.people["lead"])
    page = go(client, world, "lead", "commitment", "1.1.1a").content.decode()
    assert "Write to the schools" in page
    assert "Mark as done" in go(client, world, "lead", "decisions").content.decode()
    assert "Mark as done" not in go(client, world, "other_lead", "decisions").content.decode()
    sent = {"done_on": f"{TODAY:%d/%m/%Y}", "text": "Sent."}
    go(client, world, "lead", "finish_decision", decided.pk, sent=sent)
    assert decided.done.text == "Sent."
    answer = go(client, world, "lead", "finish_decision", decided.pk)
    assert answer.status_code == 302
    again = go(client, world, "lead", "finish_decision", decided.pk, sent=sent)
    assert again.status_code == 422


@pytest.mark.parametrize(
    "changed",
    [
        {"meeting": ""},
        {"meeting": "999999"},
        {"text": ""},
        {"text": "x" * 20_000},
        {"minute": ""},
        {"about": "commitment:9.9.9z"},
        {"due_on": "soon"},
        {"due_on": "1/1/2030"},
        {"owner": "0"},
    ],
)
def test_bad_input_is_answered_in_words_and_nothing_is_lost(client, world, changed):
    meeting = make_meeting(world.plan)
    sent = {"meeting": meeting.pk, "text": "Write to them", "minute": "item 4"} | changed
    answer = go(client, world, "officer", "record_decision", sent=sent)
    assert answer.status_code == 422
    assert not Decision.objects.exists()
    if "text" not in changed:
        assert "Write to them" in answer.content.decode()


def test_the_list_tells_open_overdue_and_done_by_the_day(client, world):
    meeting = make_meeting(world.plan, days=-30)
    lead = world.people["lead"]
    late = TODAY - timedelta(days=3)
    decide(world, text="Late one", meeting=meeting, owner=lead, due_on=late)
    decide(world, text="Other one", meeting=meeting, owner=lead)
    decide(world, text="Of record", meeting=meeting)
    done = decide(world, text="Done one", meeting=meeting, owner=lead)
    decisions.finish_decision(
        decision=done, by=world.users["lead"], today=TODAY, done_on=TODAY - timedelta(days=2)
    )
    names = ("Late one", "Other one", "Of record", "Done one")
    for query, shown in (
        ("", set(names)),
        ("?state=open", {"Late one", "Other one"}),
        ("?state=overdue", {"Late one"}),
        ("?state=done", {"Done one"}),
        (f"?state=open&as_at={TODAY - timedelta(days=5)}", {"Late one", "Other one", "Done one"}),
        (f"?state=overdue&as_at={late}", set()),
        (f"?as_at={TODAY - timedelta(days=31)}", set()),
    ):
        page = go(client, world, "member", "decisions", query=query).content.decode()
        assert {name for name in names if name in page} == shown, query
    assert go(client, world, "member", "decisions", query="?state=ajar").status_code == 422


def test_no_decision_becomes_overdue_after_its_plan_was_closed(client, world):
    meeting = make_meeting(world.plan, days=-30)
    lead = world.people["lead"]
    for text, days in (("Late one", -20), ("Cut off", -5)):
        due_on = TODAY + timedelta(days=days)
        decide(world, text=text, meeting=meeting, owner=lead, due_on=due_on)
    world.plan.state, world.plan.closed_by = "closed", "The board"
    world.plan.closed_on = TODAY - timedelta(days=10)
    world.plan.save()
    page = go(client, world, "member", "decisions", query="?state=overdue").content.decode()
    assert "Late one" in page
    assert "Cut off" not in page
    # Ten days late when the plan was closed, and no later since.
    assert "Overdue 1 week" in page
