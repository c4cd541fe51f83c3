"""Asking about a commitment, an area or a KPI, answering, and closing: open until then."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import access, memberships
from actions.models import Area, Commitment, Plan
from actions.models.base import at
from actions.records.locking import lock_record, locked_agreed, locked_open
from actions.rules.dates import day_of
from actions.wording import in_words
from kpis.models import Kpi
from wsoa.accounts.models import User
from wsoa.oversight.meetings.meetings import meeting_problem
from wsoa.oversight.models import Challenge, ChallengeAnswer, ChallengeClosing, Meeting


@transaction.atomic
def ask(
    *,
    plan: Plan,
    by: User,
    text: str,
    today: date,
    commitment: Commitment | None = None,
    area: Area | None = None,
    kpi: Kpi | None = None,
    meeting: Meeting | None = None,
    asked_by: str = "",
    answer_due_on: date | None = None,
    effective_at: datetime | None = None,
    source: str = "",
) -> Challenge:
    """Ask. `asked_by` names who did, where it came from outside and `by` records it.

    What the same person has open under the same words already is not asked twice: a form sent
    again makes one.
    """
    if commitment is not None:
        commitment = locked_open(commitment)
    else:
        locked_agreed(plan)
    asked_on = day_of(effective_at) if effective_at else today
    problems = {}
    if not text:
        problems["text"] = "Write the question"
    about = {"commitment": commitment, "area": area, "kpi": kpi}
    if sum(subject is not None for subject in about.values()) != 1:
        problems["on"] = in_words(
            "Give one thing that it is about: {a_commitment}, {an_area} or a KPI"
        )
    if meeting and (problem := meeting_problem(meeting, plan, asked_on)):
        problems["meeting"] = problem
    if answer_due_on and answer_due_on < asked_on:
        problems["answer_due_on"] = "An answer cannot be due before the question is asked"
    if problems:
        raise ValidationError(problems)
    same = Challenge.objects.filter(
        plan=plan, by=by, asked_by=asked_by, text=text, closing=None, **about
    )
    if earlier := same.last():
        return earlier
    return Challenge.objects.create(
        plan=plan,
        by=by,
        text=text,
        meeting=meeting,
        asked_by=asked_by,
        answer_due_on=answer_due_on,
        source=source,
        **about,
        **at(effective_at),
    )


@transaction.atomic
def answer(
    *,
    question: Challenge,
    by: User,
    text: str,
    effective_at: datetime | None = None,
    source: str = "",
) -> ChallengeAnswer:
    """Answer an open question. Several may, and each may again; the same words count once."""
    question = _locked_open(question, effective_at)
    if not text:
        raise ValidationError({"text": "Write the answer"})
    if earlier := ChallengeAnswer.objects.filter(challenge=question, by=by, text=text).last():
        return earlier
    return ChallengeAnswer.objects.create(
        challenge=question, by=by, text=text, source=source, **at(effective_at)
    )


@transaction.atomic
def close(
    *,
    question: Challenge,
    by: User,
    today: date,
    text: str = "",
    meeting: Meeting | None = None,
    effective_at: datetime | None = None,
    source: str = "",
) -> ChallengeClosing:
    """Say that the question is settled. A closed one stays closed; ask a new one.

    Who asked closes it; the programme team one from outside; the chair any, in a meeting.
    """
    question = _locked_open(question, effective_at)
    granted = memberships.granted_to(by, question.plan)
    author, is_outside = question.by_id, bool(question.asked_by)
    access.refuse_unless(
        access.can_close_question(granted, author=author, is_outside=is_outside),
        "A question is closed by whoever asked it, or by the chair in a meeting.",
    )
    needs_meeting = access.closes_in_a_meeting(granted, author=author, is_outside=is_outside)
    closed_on = day_of(effective_at) if effective_at else today
    problems = {}
    if needs_meeting and meeting is None:
        problems["meeting"] = "Choose the meeting in which it was closed"
    if meeting:
        if problem := meeting_problem(meeting, question.plan, closed_on):
            problems["meeting"] = problem
        elif meeting.held_on < day_of(question.effective_at):
            problems["meeting"] = "This meeting was held before the question was asked"
    if not text and not question.answers.exists():
        problems["text"] = "Nobody has answered it: say why it is closed"
    if problems:
        raise ValidationError(problems)
    return ChallengeClosing.objects.create(
        challenge=question, by=by, text=text, meeting=meeting, source=source, **at(effective_at)
    )


def _locked_open(question: Challenge, moment: datetime | None) -> Challenge:
    locked_agreed(question.plan)
    lock_record(question)
    question = Challenge.objects.get(pk=question.pk)
    if ChallengeClosing.objects.filter(challenge=question).exists():
        raise ValidationError("Somebody has closed this question already.")
    if moment and moment < question.effective_at:
        raise ValidationError("That is before the question was asked.")
    return question
