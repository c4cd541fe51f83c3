"""Review meetings with DfE and NHS England: what they want to see, what they said and asked.

Edited by officers, who may be two at once: a form carries marks of what it showed, and where
somebody saved another text meanwhile, `Conflict` says which and nothing is written.
"""

from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model

from actions.models import Person, Plan
from actions.plan.editing import Conflict, Values, check_unchanged, locked_plan
from wsoa.oversight.models import ReviewAction, ReviewMeeting

MEETING_FIELDS = ("held_on", "evidence_due_on", "advisers", "feedback")
ACTION_FIELDS = ("text", "due_on", "owner", "answer", "answered_on")

__all__ = ["Conflict", "read", "save_review", "save_review_action"]


def read(row: ReviewMeeting | ReviewAction) -> dict[str, Any]:
    """What its form shows."""
    fields = MEETING_FIELDS if isinstance(row, ReviewMeeting) else ACTION_FIELDS
    return {name: getattr(row, name) for name in fields}


Row = TypeVar("Row", bound=Model)


@transaction.atomic
def save_review(
    *, plan: Plan, values: Values, review: ReviewMeeting | None = None, shown: str = ""
) -> ReviewMeeting:
    """Enter a review meeting, or change one whose form showed `shown`."""
    plan = _open(plan)
    if review:
        review = ReviewMeeting.objects.select_for_update(of=("self",)).get(pk=review.pk, plan=plan)
        check_unchanged(read(review), values, shown)
    problems = {}
    held, due = values["held_on"], values["evidence_due_on"]
    if due and due > held:
        problems["evidence_due_on"] = "Evidence is due before the meeting, not after it"
    if not values["advisers"]:
        problems["advisers"] = "Say who comes from outside"
    if problems:
        raise ValidationError(problems)
    return _saved(review or ReviewMeeting(plan=plan), values)


@transaction.atomic
def save_review_action(
    *,
    review: ReviewMeeting,
    values: Values,
    today: date,
    action: ReviewAction | None = None,
    shown: str = "",
) -> ReviewAction:
    """Add what was asked for, or change it; its answer is given here too."""
    _open(review.plan)
    if action:
        action = ReviewAction.objects.select_for_update(of=("self",)).get(
            pk=action.pk, meeting=review
        )
        check_unchanged(read(action), values, shown)
    problems = {}
    owner: Person | None = values["owner"]
    if not values["text"]:
        problems["text"] = "Say what was asked for"
    if values["due_on"] and values["due_on"] < review.held_on:
        problems["due_on"] = "It cannot be due before the meeting that asked for it"
    if values["due_on"] and owner is None:
        problems["owner"] = "Choose the owner who does it by that day"
    if values["answered_on"] and not values["answer"]:
        problems["answer"] = "Write the answer that was given"
    if values["answer"] and not values["answered_on"]:
        problems["answered_on"] = "Give the day of the answer"
    elif values["answered_on"] and values["answered_on"] > today:
        problems["answered_on"] = "That day has not come yet"
    elif values["answered_on"] and values["answered_on"] < review.held_on:
        problems["answered_on"] = "It cannot be answered before it was asked"
    if problems:
        raise ValidationError(problems)
    if action is None:
        last = ReviewAction.objects.filter(meeting=review).aggregate(last=Max("position"))["last"]
        action = ReviewAction(meeting=review, position=(last or 0) + 1)
    return _saved(action, values)


def _saved(row: Row, values: Values) -> Row:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def _open(plan: Plan) -> Plan:
    plan = locked_plan(plan)
    if plan.state == Plan.State.CLOSED:
        raise ValidationError("This plan is closed.")
    return plan
