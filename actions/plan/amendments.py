"""Changing an agreed plan's dates and commitments: by rows that say what, when and why.

What a draft said is no promise: taken out of a draft, a commitment was never in the plan, which
`actions/rules/state.py` knows by a withdrawal from the moment it was added.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from actions.models import Commitment, CommitmentLead, KeyDate, Pause, Person, Plan, Withdrawal
from actions.models.base import at, date_columns
from actions.rules.dates import PlanDate
from wsoa.accounts.models import User


@transaction.atomic
def move_date(
    *,
    key_date: KeyDate,
    to: PlanDate,
    reason: str,
    by: User | None,
    asked_by: str = "",
    decided_by: str = "",
    note: str | None = None,
    effective_at: datetime | None = None,
    source: str = "",
) -> KeyDate:
    """Replace a key date by a later or earlier one. The old one, and the first, stay on record."""
    Commitment.objects.select_for_update(no_key=True).get(pk=key_date.commitment_id)
    if KeyDate.objects.filter(replaces=key_date).exists():
        raise ValidationError("A later date has replaced this one already.")
    if not reason:
        raise ValidationError({"reason": "Say why the date moves"})
    return KeyDate.objects.create(
        commitment_id=key_date.commitment_id,
        kind=key_date.kind,
        **date_columns(to),
        position=key_date.position,
        note=key_date.note if note is None else note,
        replaces=key_date,
        reason=reason,
        asked_by=asked_by,
        decided_by=decided_by,
        by=by,
        source=source,
        **at(effective_at),
    )


def withdraw_commitment(
    *, commitment: Commitment, reason: str, by: User | None, source: str = ""
) -> Withdrawal:
    """Take a commitment out of the plan. Its history stays."""
    return _withdrawal(commitment, is_withdrawn=True, reason=reason, by=by, source=source)


def reinstate_commitment(
    *, commitment: Commitment, reason: str, by: User | None, source: str = ""
) -> Withdrawal:
    return _withdrawal(commitment, is_withdrawn=False, reason=reason, by=by, source=source)


def is_paused(commitment: Commitment) -> bool:
    """Whether it is set aside now."""
    newest = (
        Pause.objects.filter(commitment=commitment).order_by("effective_at", "recorded_at").last()
    )
    return newest is not None and newest.is_paused


def pause_commitment(
    *,
    commitment: Commitment,
    reason: str,
    by: User | None,
    decided_by: str = "",
    restarts: PlanDate | None = None,
    effective_at: datetime | None = None,
    source: str = "",
) -> Pause:
    """Set a commitment aside for a time. It stays in the plan and owes nothing."""
    return Pause.objects.create(
        commitment=commitment,
        is_paused=True,
        reason=reason,
        decided_by=decided_by,
        restarts_on=restarts.first_day if restarts else None,
        by=by,
        source=source,
        **at(effective_at),
    )


def restart_commitment(
    *,
    commitment: Commitment,
    reason: str,
    by: User | None,
    decided_by: str = "",
    source: str = "",
) -> Pause:
    """Take a paused commitment up again: its last rating stands, and it owes updates."""
    return Pause.objects.create(
        commitment=commitment,
        is_paused=False,
        reason=reason,
        decided_by=decided_by,
        by=by,
        source=source,
    )


@transaction.atomic
def change_lead(
    *, commitment: Commitment, old: Person | None, new: Person | None, on: date
) -> None:
    """Say who leads a commitment from a day on: the old lead's last day is the one before.

    Without an old lead the new one leads beside the others; without a new one, the others remain.
    The new one takes the old one's place in the order, and for as long as that was arranged.
    """
    Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
    leading = list(
        CommitmentLead.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=on), commitment=commitment
        ).order_by("position", "pk")
    )
    ending = [led for led in leading if old and led.person_id == old.pk]
    begins, until = on, None
    position = max((led.position + 1 for led in leading), default=0)
    if ending:
        position = ending[0].position
        begins = max(on, min(led.starts_on or on for led in ending))
        last_days = [led.ends_on for led in ending if led.ends_on]
        until = max(last_days) if len(last_days) == len(ending) else None
    for led in ending:
        if led.starts_on and led.starts_on >= on:
            # They never led by it: a row that ended before it began would say nothing.
            led.delete()
        else:
            led.ends_on = on - timedelta(days=1)
            led.save(update_fields=["ends_on"])
    if new is None:
        return
    theirs = next((led for led in leading if led.person_id == new.pk), None)
    if theirs is None:
        CommitmentLead.objects.create(
            commitment=commitment, person=new, position=position, starts_on=begins, ends_on=until
        )
        return
    # Who leads already, or soon will, goes on for the longer of the two times.
    if theirs.starts_on and theirs.starts_on > begins:
        theirs.starts_on = begins
    if theirs.ends_on and (until is None or until > theirs.ends_on):
        theirs.ends_on = until
    theirs.save(update_fields=["starts_on", "ends_on"])


def _withdrawal(commitment: Commitment, **fields: Any) -> Withdrawal:
    is_draft = commitment.plan.state == Plan.State.DRAFT
    return Withdrawal.objects.create(
        commitment=commitment, **fields, **at(commitment.added_at if is_draft else None)
    )
