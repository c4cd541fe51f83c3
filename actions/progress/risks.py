"""Raising a risk or an issue, and closing it. Between the two it is open, and is not typed again.

A risk on neither a commitment nor an area is a measure's: `wsoa/oversight/risks/risks.py` raises
those.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet

from actions.models import Area, Commitment, Plan, Risk, RiskClosing
from actions.models.base import at
from actions.records.locking import lock_record, locked_agreed, locked_open
from actions.rules.dates import end_of_day
from actions.wording import in_words
from wsoa.accounts.models import User


@transaction.atomic
def raise_risk(
    *,
    plan: Plan,
    by: User,
    kind: str,
    text: str,
    mitigation: str = "",
    help_needed: str = "",
    commitment: Commitment | None = None,
    area: Area | None = None,
    effective_at: datetime | None = None,
    source: str = "",
) -> Risk:
    """Record what may go wrong (a risk) or does (an issue).

    What is open under the same words already is not recorded twice: a form sent again makes one.
    """
    if commitment is not None:
        commitment = locked_open(commitment)
    else:
        locked_agreed(plan)
    problems = {}
    if kind not in Risk.Kind.values:
        problems["kind"] = "Choose whether it is a risk or an issue"
    if not text:
        problems["text"] = "Say what it is"
    if commitment is not None and area is not None:
        problems["area"] = in_words("Give {a_commitment} or {an_area}, not both")
    if problems:
        raise ValidationError(problems)
    described = {"kind": kind, "text": text, "mitigation": mitigation, "help_needed": help_needed}
    if commitment is not None or area is not None:
        same = Risk.objects.filter(
            commitment=commitment, area=area, closing=None, **described
        ).last()
        if same:
            return same
    return Risk.objects.create(
        plan=plan,
        commitment=commitment,
        area=area,
        by=by,
        source=source,
        **described,
        **at(effective_at),
    )


@transaction.atomic
def close_risk(
    *,
    risk: Risk,
    by: User,
    reason: str,
    effective_at: datetime | None = None,
    source: str = "",
) -> RiskClosing:
    """Say that a risk is over, and how it ended. A closed one stays closed; raise a new one."""
    locked_agreed(risk.plan)
    lock_record(risk)
    if RiskClosing.objects.filter(risk=risk).exists():
        raise ValidationError("Somebody has closed this already.")
    if not reason:
        raise ValidationError({"reason": "Say how it ended"})
    if effective_at and effective_at < risk.effective_at:
        raise ValidationError({"effective_at": "It cannot end before it was raised"})
    return RiskClosing.objects.create(
        risk=risk, by=by, reason=reason, source=source, **at(effective_at)
    )


def open_on(day: date) -> Q:
    """Risks raised by the end of a day and not closed by then."""
    end = end_of_day(day)
    return Q(effective_at__lt=end) & (Q(closing=None) | Q(closing__effective_at__gte=end))


def open_risks_of(commitment_id: int, day: date | None = None) -> QuerySet[Risk]:
    """A commitment's open risks and issues with who raised them, oldest first. One query.

    As at the end of `day`; without one, as they are now.
    """
    return (
        Risk.objects.filter(Q(closing=None) if day is None else open_on(day))
        .filter(commitment=commitment_id)
        .select_related("by")
        .order_by("effective_at", "recorded_at")
    )
