"""Meetings: entering, changing and cancelling them, the last one, and what happened in one."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from actions.models import Body
from tests.factories import make_meeting, make_plan
from wsoa.oversight.decisions import decisions
from wsoa.oversight.meetings import meetings
from wsoa.oversight.models import Meeting
from wsoa.oversight.questions import questions

TODAY = timezone.localdate()


@pytest.mark.parametrize(
    ("until", "left"),
    [
        # Monday 2 May 2022 was a bank holiday.
        ("2022-04-29", 0),
        ("2022-05-03", 1),
        ("2022-05-06", 4),
        ("2022-05-08", 4),
        ("2022-05-09", 5),
        ("2022-04-20", 0),
    ],
)
def test_working_days_left_count_neither_weekends_nor_holidays(until, left):
    friday = date(2022, 4, 29)
    count = meetings.working_days_left(friday, date.fromisoformat(until), {date(2022, 5, 2)})
    assert count == left


def test_papers_come_before_the_meeting_and_a_body_meets_once_a_day(world):
    one = make_meeting(world.plan)
    fields = {"plan": world.plan, "body": one.body}
    with pytest.raises(ValidationError) as refusal:
        meetings.save_meeting(
            **fields, held_on=TODAY + timedelta(days=1), papers_due_on=TODAY + timedelta(days=2)
        )
    assert list(refusal.value.message_dict) == ["papers_due_on"]
    with pytest.raises(ValidationError) as refusal:
        meetings.save_meeting(**fields, held_on=one.held_on, papers_due_on=one.held_on)
    assert list(refusal.value.message_dict) == ["held_on"]
    with pytest.raises(ValidationError):
        meetings.save_meeting(plan=make_plan(), body=one.body, held_on=TODAY, papers_due_on=TODAY)
    assert Meeting.objects.get() == one


def test_one_on_record_keeps_its_day_and_cannot_be_cancelled(world):
    meeting = make_meeting(world.plan)
    questions.ask(
        plan=world.plan,
        area=world.area,
        by=world.users["member"],
        text="Why?",
        meeting=meeting,
        today=TODAY,
    )
    with pytest.raises(ValidationError):
        meetings.cancel_meeting(meeting=meeting)
    fields = {"plan": world.plan, "body": meeting.body, "meeting": meeting}
    with pytest.raises(ValidationError) as refusal:
        meetings.save_meeting(
            **fields, held_on=TODAY - timedelta(days=1), papers_due_on=TODAY - timedelta(days=9)
        )
    assert list(refusal.value.message_dict) == ["held_on"]
    # Its papers may still come later.
    meetings.save_meeting(
        **fields, held_on=meeting.held_on, papers_due_on=TODAY - timedelta(days=1)
    )
    meeting.refresh_from_db()
    assert meeting.papers_due_on == TODAY - timedelta(days=1)


# --- On the page ------------------------------------------------------------------------------


def go(client, world, persona, name, *args, sent=None, query=""):
    client.force_login(world.users[persona])
    address = reverse(f"oversight:{name}", args=[world.plan.slug, *args]) + query
    return client.get(address) if sent is None else client.post(address, sent)


def test_an_officer_adds_changes_and_cancels_a_meeting(client, world):
    body = Body.objects.create(plan=world.plan, position=1, name="Steering", kind="steering_group")
    sent = {"body": body.pk, "held_on": "3/6/2030", "papers_due_on": "27/5/2030"}
    go(client, world, "officer", "add_meeting", sent=sent)
    meeting = Meeting.objects.get()
    assert meeting.held_on == date(2030, 6, 3)
    go(client, world, "officer", "edit_meeting", meeting.pk, sent=sent | {"held_on": "4/6/2030"})
    meeting.refresh_from_db()
    assert meeting.held_on == date(2030, 6, 4)
    go(client, world, "officer", "cancel_meeting", meeting.pk, sent={})
    assert not Meeting.objects.exists()


def test_a_chair_adds_a_meeting_and_leaves_changing_it_to_the_team(client, world):
    body = Body.objects.create(plan=world.plan, position=1, name="Steering", kind="steering_group")
    sent = {"body": body.pk, "held_on": "3/6/2030", "papers_due_on": "27/5/2030"}
    assert "Add a meeting" in go(client, world, "chair", "meetings").content.decode()
    go(client, world, "chair", "add_meeting", sent=sent)
    meeting = Meeting.objects.get()
    page = go(client, world, "chair", "meeting", meeting.pk).content.decode()
    assert "Change its days" not in page
    changed = go(
        client, world, "chair", "edit_meeting", meeting.pk, sent=sent | {"held_on": "4/6/2030"}
    )
    assert changed.status_code == 403
    assert go(client, world, "chair", "cancel_meeting", meeting.pk, sent={}).status_code == 403
    assert Meeting.objects.get().held_on == date(2030, 6, 3)


@pytest.mark.parametrize(
    "changed",
    [{"body": ""}, {"body": "999999"}, {"held_on": "soon"}, {"papers_due_on": "4/6/2030"}],
)
def test_bad_input_is_answered_in_words(client, world, changed):
    body = Body.objects.create(plan=world.plan, position=1, name="Steering", kind="steering_group")
    sent = {"body": body.pk, "held_on": "3/6/2030", "papers_due_on": "27/5/2030"} | changed
    assert go(client, world, "officer", "add_meeting", sent=sent).status_code == 422
    assert not Meeting.objects.exists()


def test_a_meeting_shows_what_was_asked_decided_and_closed_in_it(client, world):
    meeting = make_meeting(world.plan)
    other = make_meeting(world.plan, days=-20)
    asked = questions.ask(
        plan=world.plan,
        area=world.area,
        by=world.users["member"],
        text="Asked there",
        meeting=meeting,
        today=TODAY,
    )
    before = questions.ask(
        plan=world.plan, area=world.area, by=world.users["lead"], text="Closed there", today=TODAY
    )
    questions.close(
        question=before, by=world.users["chair"], today=TODAY, text="Seen.", meeting=meeting
    )
    decisions.record_decision(
        plan=world.plan,
        by=world.users["officer"],
        meeting=other,
        text="Decided elsewhere",
        minute="item 1",
        today=TODAY,
    )
    page = go(client, world, "member", "meeting", meeting.pk).content.decode()
    assert asked.text in page
    assert "Closed there" in page
    assert "Decided elsewhere" not in page
    page = go(client, world, "member", "meeting", other.pk).content.decode()
    assert "Decided elsewhere" in page
    assert "Asked there" not in page


def test_the_list_counts_down_to_the_papers(client, world):
    make_meeting(world.plan, days=30)
    make_meeting(world.plan, days=-30)
    page = go(client, world, "member", "meetings").content.decode()
    assert "working day" in page
    assert "Add a meeting" not in page
    early = go(client, world, "member", "meetings", query="?as_at=2022-05-03").content.decode()
    assert early.count("Papers due") == 2
    assert go(client, world, "member", "meeting", 999_999).status_code == 404
