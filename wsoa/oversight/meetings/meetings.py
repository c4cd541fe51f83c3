"""Meetings of a plan's bodies: when they are, and by when their papers are due.

A meeting in which something was asked, decided or closed is on record: its day and body stay.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from actions.models import Body, Plan
from actions.rules.dates import LONDON, is_working_day
from wsoa.oversight.models import Challenge, ChallengeClosing, ChangeDecision, Decision, Meeting


def held_by(plan: Plan, day: date) -> QuerySet[Meeting]:
    """The meetings held by the end of a day, newest first."""
    return (
        Meeting.objects.filter(plan=plan, held_on__lte=day)
        .select_related("body")
        .order_by("-held_on", "-pk")
    )


def meeting_problem(meeting: Meeting, plan: Plan, day: date) -> str:
    """Why nothing can have been said in this meeting by a day; empty where it can."""
    if meeting.plan_id != plan.pk:
        return "Choose a meeting of this plan"
    if meeting.held_on > day:
        return "This meeting has not been held yet"
    return ""


def moment_in(meeting: Meeting, today: date) -> datetime | None:
    """When something was said in a meeting: noon of its day; today's is of now."""
    return noon_of(meeting.held_on, today)


def noon_of(day: date, today: date) -> datetime | None:
    """The moment a record of an earlier day speaks of; None for one of today."""
    return None if day >= today else datetime.combine(day, time(12), tzinfo=LONDON)


def working_days_left(day: date, until: date, holidays: Collection[date]) -> int:
    """The working days after `day` up to and with `until`; none where it has passed."""
    days = (day + timedelta(days=number + 1) for number in range((until - day).days))
    return sum(is_working_day(one, holidays) for one in days)


@transaction.atomic
def save_meeting(
    *,
    plan: Plan,
    body: Body,
    held_on: date,
    papers_due_on: date,
    meeting: Meeting | None = None,
) -> Meeting:
    """Enter a meeting, or change one on which nothing hangs in more than its papers' day."""
    plan = _locked(plan)
    problems = {}
    if body.plan_id != plan.pk:
        problems["body"] = "Choose a board or group of this plan"
    if papers_due_on > held_on:
        problems["papers_due_on"] = "Papers are due before the meeting, not after it"
    clash = Meeting.objects.filter(body=body, held_on=held_on)
    if meeting:
        meeting = Meeting.objects.get(pk=meeting.pk)
        clash = clash.exclude(pk=meeting.pk)
        if is_on_record(meeting):
            if held_on != meeting.held_on:
                problems["held_on"] = f"{ON_RECORD} Its day stays"
            if body.pk != meeting.body_id:
                problems["body"] = f"{ON_RECORD} Its body stays"
    if clash.exists():
        problems["held_on"] = "This body has a meeting on that day already"
    if problems:
        raise ValidationError(problems)
    meeting = meeting or Meeting(plan=plan)
    meeting.body, meeting.held_on, meeting.papers_due_on = body, held_on, papers_due_on
    meeting.save()
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting) -> None:
    """Take a meeting out. One on record was held, and stays."""
    _locked(meeting.plan)
    if is_on_record(meeting):
        raise ValidationError(f"{ON_RECORD} It cannot be cancelled.")
    try:
        meeting.delete()
    except ProtectedError:
        raise ValidationError("It is named in what was recorded, so it stays.") from None


ON_RECORD = "Something was asked, decided or closed in this meeting."


def is_on_record(meeting: Meeting) -> bool:
    return any(
        model._default_manager.filter(meeting=meeting).exists()
        for model in (Challenge, ChallengeClosing, Decision, ChangeDecision)
    )


def _locked(plan: Plan) -> Plan:
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if plan.state == Plan.State.CLOSED:
        raise ValidationError("This plan is closed.")
    return plan
