"""Closing a plan, and saying of each commitment that is open then what becomes of it.

*Open* is what is in the plan on the closing day and not finished: its Blue is not confirmed, or, in
a plan whose key knows no Blue, it is not delivered. What becomes of it stands beside its last
rating, which nobody changes by closing. A closed plan stays closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import ClosingDraft, ClosingOutcome, Commitment, Plan
from actions.models.base import at
from actions.pages import formatting
from actions.plan.editing import locked_plan
from actions.records.history import load_history
from actions.rules.dates import end_of_day
from actions.rules.state import CommitmentState, state_at
from actions.rules.status import AtClosing
from actions.wording import in_words
from wsoa.accounts.models import User


@dataclass(frozen=True, slots=True)
class Becomes:
    """What becomes of a commitment; why, or what else is to be known of it."""

    outcome: AtClosing
    reason: str = ""


def is_open(state: CommitmentState) -> bool:
    """Whether closing the plan must say what becomes of it."""
    return not state.is_withdrawn and not state.is_finished


def open_commitments(plan: Plan, day: date) -> list[CommitmentState]:
    """What is open in a plan on a day, in its order."""
    states = state_at(load_history([plan], day), day)[plan.pk].commitments
    return [state for state in states if is_open(state)]


@transaction.atomic
def close_plan(
    *,
    plan: Plan,
    by: User | None,
    closed_by: str,
    closed_on: date,
    today: date,
    becomes: Mapping[int, Becomes],
) -> Plan:
    """End the plan. Nothing in it changes any more; everything stays to be read.

    `becomes` says it of each open commitment, by its key, and of no other: where somebody recorded
    something meanwhile that opens or finishes one, nothing is closed.
    """
    plan = locked_plan(plan)
    if plan.state != Plan.State.AGREED:
        raise ValidationError("Only a plan that is agreed and not closed yet can be closed.")
    if plan.agreed_on and closed_on < plan.agreed_on:
        agreed = formatting.short_day(plan.agreed_on)
        raise ValidationError({"closed_on": f"That is before the plan was agreed, {agreed}"})
    # Whoever is recording something of one of them finishes first.
    list(Commitment.objects.select_for_update(no_key=True).filter(plan=plan).order_by("pk"))
    open_ones = {state.id: state.ref for state in open_commitments(plan, closed_on)}
    if open_ones.keys() != becomes.keys():
        raise ValidationError(
            in_words(
                "Something was recorded meanwhile, so that another {commitment} is open or one is"
                " finished. Check the list below again."
            )
        )
    for pk, said in becomes.items():
        if said.outcome is AtClosing.NOT_NEEDED and not said.reason:
            raise ValidationError(f"{open_ones[pk]}: say why it is no longer needed")
    moment = at(closing_moment(closed_on, today))
    ClosingOutcome.objects.bulk_create(
        ClosingOutcome(
            commitment_id=pk, outcome=said.outcome.value, reason=said.reason, by=by, **moment
        )
        for pk, said in sorted(becomes.items())
    )
    plan.state = Plan.State.CLOSED
    plan.closed_on = closed_on
    plan.closed_by = closed_by
    plan.save(update_fields=["state", "closed_on", "closed_by"])
    ClosingDraft.objects.filter(plan=plan).delete()
    return plan


def closing_moment(closed_on: date, today: date) -> datetime | None:
    """The last moment of a closing day that is over; None for today: as it is recorded."""
    if closed_on >= today:
        return None
    return end_of_day(closed_on) - timedelta(microseconds=1)


def save_draft(*, plan: Plan, by: User, answers: Mapping[str, str]) -> ClosingDraft:
    """Keep what was typed. One draft for the plan: its officers work on the same."""
    draft, _ = ClosingDraft.objects.update_or_create(
        plan=plan, defaults={"answers": dict(answers), "saved_by": by}
    )
    return draft
