"""Recording what people say of a commitment. Rows are added, never changed.

Each verb runs in one transaction with the commitment locked, so that what it checks still holds
when its row is written. A refusal is a ValidationError whose keys are the names of the arguments.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions import status
from actions.dates import PlanDate, day_of
from actions.history import load_history
from actions.models import (
    ChangeRequest,
    Commitment,
    Confirmation,
    DateMark,
    Evidence,
    KeyDate,
    Person,
    Plan,
    ProgressUpdate,
    Risk,
)
from actions.models.base import at
from actions.state import CommitmentState, state_at
from actions.status import Outcome, Rating
from wsoa.accounts.models import User


@dataclass(frozen=True, slots=True)
class NewRisk:
    text: str
    mitigation: str = ""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    title: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class DateAsk:
    """A move of the completion date, asked for with an update."""

    wanted: PlanDate
    reason: str


@transaction.atomic
def record_update(
    *,
    commitment: Commitment,
    by: User,
    brag: str,
    progress: str,
    working_note: str = "",
    based_on: Sequence[str] = (),
    forecast: PlanDate | None = None,
    risk: NewRisk | None = None,
    help_needed: str = "",
    evidence: NewEvidence | None = None,
    changed_for_families: str = "",
    work_starts: PlanDate | None = None,
    grey_reason: str = "",
    ask: DateAsk | None = None,
    on_behalf_of: Person | None = None,
    effective_at: datetime | None = None,
    source: str = "",
    submission: uuid.UUID | None = None,
    corrects: ProgressUpdate | None = None,
    correction_reason: str = "",
) -> ProgressUpdate:
    """Record one account of a commitment, with what its colour asks for.

    A correction speaks of the same moment as what it corrects, and only the newest update can be
    corrected. The same `submission` sent again returns the update it made the first time.
    """
    commitment = _locked(commitment)
    if submission and (made := _made_before(submission, by)):
        return made
    if corrects is not None:
        effective_at = corrects.effective_at
    day = day_of(effective_at) if effective_at else timezone.localdate()
    state = _state_of(commitment, day if corrects is None else timezone.localdate())
    _refuse_if_closed(commitment.plan, state)
    if corrects is not None:
        _check_correction(corrects, state, correction_reason)
    problems = colour_problems(
        brag=Rating(brag),
        state=state,
        day=day,
        names_risk=risk is not None,
        help_needed=help_needed,
        has_evidence=evidence is not None or has_evidence(commitment),
        changed_for_families=changed_for_families,
        work_starts=work_starts,
        grey_reason=grey_reason,
    )
    if ask is not None:
        problems |= ask_problems(ask, state)
    if problems:
        raise ValidationError(problems)
    clocks = {"source": source, **at(effective_at)}
    update = ProgressUpdate.objects.create(
        commitment=commitment,
        by=by,
        brag=brag,
        progress=progress,
        working_note=working_note,
        based_on=list(based_on),
        forecast_on=forecast.first_day if forecast else None,
        risk=_named_risk(commitment, risk, brag, by, clocks) if risk else None,
        help_needed=help_needed,
        changed_for_families=changed_for_families,
        work_starts_on=work_starts.first_day if work_starts else None,
        grey_reason=grey_reason,
        on_behalf_of=on_behalf_of,
        corrects=corrects,
        correction_reason=correction_reason,
        submission=submission or uuid.uuid4(),
        **clocks,
    )
    if evidence is not None:
        Evidence.objects.create(
            commitment=commitment,
            update=update,
            by=by,
            title=evidence.title,
            link=evidence.link,
            **clocks,
        )
    if ask is not None:
        ChangeRequest.objects.create(
            commitment=commitment,
            key_date_id=state.completion.id if state.completion else None,
            wanted_on=ask.wanted.first_day,
            reason=ask.reason,
            update=update,
            by=by,
            **clocks,
        )
    return update


@transaction.atomic
def answer_blue(
    *,
    update: ProgressUpdate,
    by: User,
    is_confirmed: bool,
    reason: str = "",
    effective_at: datetime | None = None,
    source: str = "",
) -> Confirmation:
    """Confirm or return a proposed Blue. A return says why; only an open proposal has an answer."""
    commitment = _locked(update.commitment)
    day = day_of(effective_at) if effective_at else timezone.localdate()
    state = _state_of(commitment, day)
    _refuse_if_closed(commitment.plan, state)
    if state.standing.blue_proposal != update.pk:
        raise ValidationError("This Blue is no longer waiting for an answer.")
    if not is_confirmed and not reason:
        raise ValidationError({"reason": "Say why the Blue goes back to the lead."})
    return Confirmation.objects.create(
        update=update,
        commitment=commitment,
        by=by,
        is_confirmed=is_confirmed,
        reason=reason,
        source=source,
        **at(effective_at),
    )


@transaction.atomic
def mark_date(
    *,
    key_date: KeyDate,
    by: User | None,
    outcome: Outcome,
    on: date,
    note: str = "",
    effective_at: datetime | None = None,
    source: str = "",
) -> DateMark:
    """Say that the key date in force was met or delivered, withdrawn, or is open again."""
    commitment = _locked(key_date.commitment)
    if KeyDate.objects.filter(replaces=key_date).exists():
        raise ValidationError("A later date has replaced this one.")
    if on > timezone.localdate():
        raise ValidationError({"on": "Give a day that has come."})
    if outcome is Outcome.DELIVERED and key_date.kind != status.DateKind.COMPLETION:
        raise ValidationError({"outcome": "Only a completion date is delivered; others are met."})
    return DateMark.objects.create(
        key_date=key_date,
        commitment=commitment,
        by=by,
        outcome=outcome,
        on=on,
        note=note,
        source=source,
        **at(effective_at),
    )


def _locked(commitment: Commitment) -> Commitment:
    return (
        Commitment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan")
        .get(pk=commitment.pk)
    )


def _made_before(submission: uuid.UUID, by: User) -> ProgressUpdate | None:
    return ProgressUpdate.objects.filter(submission=submission, by=by).first()


def _state_of(commitment: Commitment, day: date) -> CommitmentState:
    """The commitment's state by the end of a day, from rows read inside the lock."""
    history = load_history([commitment.plan], day, commitment=commitment.pk)
    states = state_at(history, day)[commitment.plan_id].commitments
    if not states:
        raise ValidationError("On that day this commitment was not yet in the plan.")
    return states[0]


def _refuse_if_closed(plan: Plan, state: CommitmentState) -> None:
    if plan.state == Plan.State.DRAFT:
        raise ValidationError("This plan is not agreed yet, so there is no progress to record.")
    if plan.state == Plan.State.CLOSED:
        raise ValidationError("This plan is closed.")
    if state.is_withdrawn:
        raise ValidationError("This commitment was withdrawn from the plan.")


def _named_risk(
    commitment: Commitment, risk: NewRisk, brag: str, by: User, clocks: dict[str, Any]
) -> Risk:
    """The risk as a record: the one already open under these words, or a new one."""
    kind = Risk.Kind.ISSUE if brag == Rating.RED else Risk.Kind.RISK
    same = Risk.objects.filter(
        commitment=commitment,
        kind=kind,
        text=risk.text,
        mitigation=risk.mitigation,
        closing=None,
    ).last()
    return same or Risk.objects.create(
        plan_id=commitment.plan_id,
        commitment=commitment,
        by=by,
        kind=kind,
        text=risk.text,
        mitigation=risk.mitigation,
        **clocks,
    )


def has_evidence(commitment: Commitment) -> bool:
    return Evidence.objects.filter(commitment=commitment).exists()


def colour_problems(
    *,
    brag: Rating,
    state: CommitmentState,
    day: date,
    names_risk: bool,
    help_needed: str,
    has_evidence: bool,
    changed_for_families: str,
    work_starts: PlanDate | None,
    grey_reason: str,
) -> dict[str, str]:
    """What a colour asks for and was not told, by the argument that is missing."""
    problems: dict[str, str] = {}
    if brag is Rating.AMBER and not names_risk:
        problems["risk"] = "Say what the risk is"
    if brag is Rating.RED:
        if not names_risk:
            problems["risk"] = "Say what the issue is"
        if not help_needed:
            problems["help_needed"] = "Say what help you need, and from whom"
    if brag is Rating.BLUE:
        if not has_evidence:
            problems["evidence"] = "Give the evidence that it is completed"
        if not changed_for_families:
            problems["changed_for_families"] = "Say what changed for children and families"
    if brag is Rating.GREY:
        if work_starts is None:
            problems["work_starts"] = "Give the month in which work starts"
        elif not grey_reason and status.grey_start_is_late(work_starts, state.dates, day):
            first = status.first_dated_point(state.dates)
            problems["grey_reason"] = (
                f"Its first date is {first}: say why it is still not due"
                if first
                else "That month has passed: say why it is still not due"
            )
    return problems


def ask_problems(ask: DateAsk, state: CommitmentState) -> dict[str, str]:
    problems = {}
    this_month = PlanDate.month_of(state.on)
    if ask.wanted.month_number <= this_month.month_number:
        problems["new_month"] = f"Choose a new month after {this_month}. You entered {ask.wanted}."
    elif state.completion and ask.wanted.month_number == state.completion.now.month_number:
        problems["new_month"] = f"It is {state.completion.now} already. Choose another month."
    if not ask.reason:
        problems["move_reason"] = "Say why the date has to move"
    return problems


def _check_correction(
    corrects: ProgressUpdate, state: CommitmentState, correction_reason: str
) -> None:
    newest = state.newest_update
    if newest is None or newest.id != corrects.pk:
        raise ValidationError(
            "Only the newest update can be corrected. Answer an older one with a new update."
        )
    if not correction_reason:
        raise ValidationError({"correction_reason": "Say what was wrong"})
