"""What a body decided in a meeting, and saying that it is done. Until then it is open."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import access, memberships
from actions.models import Area, Commitment, Person, Plan
from actions.models.base import at
from actions.records.locking import lock_record, locked_agreed, locked_open
from actions.rules.dates import day_of
from kpis.models import Kpi
from wsoa.accounts.models import User
from wsoa.oversight.decisions.owners import with_owners
from wsoa.oversight.meetings.meetings import meeting_problem, moment_in, noon_of
from wsoa.oversight.models import Challenge, Decision, DecisionDone, Meeting


@transaction.atomic
def record_decision(
    *,
    plan: Plan,
    by: User,
    meeting: Meeting | None,
    text: str,
    minute: str,
    today: date,
    commitment: Commitment | None = None,
    area: Area | None = None,
    kpi: Kpi | None = None,
    question: Challenge | None = None,
    owner: Person | None = None,
    due_on: date | None = None,
    source: str = "",
) -> Decision:
    """Record a decision of a meeting that was held. It speaks of the meeting's day.

    The chair does it, or the programme team for the meeting, with where the minutes have it.

    One about a question is about what the question is on, too. The same words of one meeting about
    one thing count once: a form sent again makes one.
    """
    if question is not None:
        commitment, area, kpi = question.commitment, question.area, question.kpi
    if commitment is not None and question is None:
        commitment = locked_open(commitment)
    else:
        locked_agreed(plan)
    access.refuse_unless(
        access.can_record_decision(memberships.granted_to(by, plan)),
        "Decisions are recorded by the chair or the programme team.",
    )
    problems = {}
    if meeting is None:
        problems["meeting"] = "Choose the meeting in which it was decided"
    elif problem := meeting_problem(meeting, plan, today):
        problems["meeting"] = problem
    elif question and meeting.held_on < day_of(question.effective_at):
        problems["meeting"] = "This meeting was held before the question was asked"
    elif due_on and due_on < meeting.held_on:
        problems["due_on"] = "It cannot be due before the meeting that decided it"
    if not text:
        problems["text"] = "Say what was decided"
    if not minute:
        problems["minute"] = "Give the minute reference"
    if due_on and owner is None:
        problems["owner"] = "Choose the owner who does it by that day"
    if problems or meeting is None:
        raise ValidationError(problems)
    texts = {"text": text, "minute": minute}
    about = {"commitment": commitment, "area": area, "kpi": kpi, "challenge": question}
    if earlier := Decision.objects.filter(plan=plan, meeting=meeting, **texts, **about).last():
        return earlier
    return Decision.objects.create(
        plan=plan,
        meeting=meeting,
        owner=owner,
        due_on=due_on,
        by=by,
        source=source,
        **texts,
        **about,
        **at(moment_in(meeting, today)),
    )


@transaction.atomic
def finish_decision(
    *,
    decision: Any,
    by: User,
    done_on: date,
    today: date,
    text: str = "",
    source: str = "",
) -> DecisionDone:
    """Say that a decision is done, on which day: its owner, or the programme team for them."""
    locked_agreed(decision.plan)
    lock_record(decision)
    found = with_owners(Decision.objects.select_related("meeting", "plan"), today)
    decision = found.get(pk=decision.pk)
    owner = decision.owner_told
    if owner is None:
        raise ValidationError("This decision asks nobody to do anything.")
    access.refuse_unless(
        access.can_finish_decision(
            memberships.granted_to(by, decision.plan),
            owner=owner["user"],
        ),
        "That it is done is said by whoever does it, or by the programme team.",
    )
    if DecisionDone.objects.filter(decision=decision).exists():
        raise ValidationError("Somebody has said already that this is done.")
    if done_on > today:
        raise ValidationError({"done_on": "That day has not come yet"})
    if done_on < decision.meeting.held_on:
        raise ValidationError({"done_on": "It cannot be done before it was decided"})
    return DecisionDone.objects.create(
        decision=decision,
        by=by,
        done_on=done_on,
        text=text,
        source=source,
        **at(noon_of(done_on, today)),
    )
