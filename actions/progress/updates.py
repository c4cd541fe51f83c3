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

from actions import access, memberships
from actions.models import (
    Commitment,
    Confirmation,
    DateMark,
    Evidence,
    KeyDate,
    Person,
    ProgressUpdate,
    Risk,
)
from actions.models.base import at
from actions.pages.formatting import short_day
from actions.progress.date_requests import record_date_request
from actions.records import submissions
from actions.records.history import load_history
from actions.records.locking import locked_open
from actions.rules import status
from actions.rules.dates import PlanDate, day_of
from actions.rules.state import CommitmentState, state_at
from actions.rules.status import AskFact, Outcome, Rating
from wsoa.accounts.models import User

# A Green may be said again without words twice in a row; the third time says something.
MOST_NO_CHANGES = 2
NOT_TO_ANSWER = (
    "This Blue is not yours to answer. The area’s senior responsible officer answers it, and "
    "nobody answers for what they proposed themselves or lead."
)
SENT_BEFORE = "This was recorded from the same page already, in other words"
NO_CHANGE_AGAIN = "Nothing was said the last two times: say something now"


@dataclass(frozen=True, slots=True)
class NewRisk:
    text: str
    mitigation: str = ""


@dataclass(frozen=True, slots=True)
class NewEvidence:
    title: str
    link: str = ""
    # Else people of the plan see it, and reports count it without its name.
    is_shareable: bool = False


@dataclass(frozen=True, slots=True)
class DateAsk:
    """A move of the completion date, asked for with an update."""

    wanted: PlanDate
    reason: str


@dataclass(frozen=True, slots=True)
class NewMark:
    """A key date said, with an update, to be met; a completion date is thereby delivered."""

    key_date: int
    on: date


class Conflict(Exception):
    """An update was recorded after the form was shown, or from the form itself in other words.

    Nothing was written.
    """


class _Unchecked:
    """No base: the caller does not claim to know the newest update."""


UNCHECKED = _Unchecked()


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
    risk: NewRisk | Risk | None = None,
    help_needed: str = "",
    late_reason: str = "",
    is_no_change: bool = False,
    marks: Sequence[NewMark] = (),
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
    base: int | _Unchecked | None = UNCHECKED,
) -> ProgressUpdate:
    """Record one account of a commitment, with what its colour asks for.

    `base` is the newest update its author had read, none if there was none; where another has come
    since, `Conflict` is raised.

    A correction speaks of the same moment as what it corrects, and only the newest update can be
    corrected. The same `submission` sent again with the same words returns the update it made the
    first time; with any others it is a `Conflict`, for they are not on record.
    """
    commitment = locked_open(commitment)
    digest = submissions.digest(
        brag=brag,
        progress=progress,
        working_note=working_note,
        based_on=list(based_on),
        forecast=forecast,
        risk=risk,
        help_needed=help_needed,
        late_reason=late_reason,
        is_no_change=is_no_change,
        marks=list(marks),
        evidence=evidence,
        changed_for_families=changed_for_families,
        work_starts=work_starts,
        grey_reason=grey_reason,
        ask=ask,
        on_behalf_of=on_behalf_of,
        effective_at=effective_at,
        source=source,
        corrects=corrects,
        correction_reason=correction_reason,
    )
    if submission and (made := ProgressUpdate.objects.filter(submission=submission).first()):
        if (made.commitment_id, made.by_id, made.submitted_digest) == (
            commitment.pk,
            by.pk,
            digest,
        ):
            return made
        raise Conflict
    if corrects is not None:
        effective_at = corrects.effective_at
    day = day_of(effective_at) if effective_at else timezone.localdate()
    state = _state_of(commitment, day if corrects is None else timezone.localdate())
    newest = state.newest_update.id if state.newest_update else None
    if not isinstance(base, _Unchecked) and base != newest:
        raise Conflict
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
        late_reason=late_reason,
        is_delivered_now=delivers(marks, state),
    )
    problems |= mark_problems(marks, state, day)
    if is_no_change and state.no_changes_running >= MOST_NO_CHANGES:
        problems["progress"] = NO_CHANGE_AGAIN
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
        risk=_named_risk(commitment, risk, brag, by, clocks),
        help_needed=help_needed,
        # Only what was asked is kept: a reason for lateness where it is late.
        late_reason=late_reason if state.is_overdue else "",
        is_no_change=is_no_change,
        changed_for_families=changed_for_families,
        work_starts_on=work_starts.first_day if work_starts else None,
        grey_reason=grey_reason,
        on_behalf_of=on_behalf_of,
        corrects=corrects,
        correction_reason=correction_reason,
        submission=submission or uuid.uuid4(),
        submitted_digest=digest,
        **clocks,
    )
    if evidence is not None:
        Evidence.objects.create(
            commitment=commitment,
            update=update,
            by=by,
            title=evidence.title,
            link=evidence.link,
            visibility=Evidence.Visibility.SHAREABLE
            if evidence.is_shareable
            else Evidence.Visibility.MEMBERS,
            **clocks,
        )
    for mark in marks:
        delivered = state.completion is not None and mark.key_date == state.completion.id
        DateMark.objects.create(
            key_date_id=mark.key_date,
            commitment=commitment,
            by=by,
            outcome=Outcome.DELIVERED if delivered else Outcome.MET,
            on=mark.on,
            **clocks,
        )
    if ask is not None:
        record_date_request(
            update=update,
            key_date=state.completion.id if state.completion else None,
            wanted=ask.wanted,
            reason=ask.reason,
            clocks=clocks,
        )
    return update


@dataclass(frozen=True, slots=True)
class Reaffirmed:
    """One Green said again; `progress` may be empty."""

    commitment: Commitment
    progress: str = ""
    on_behalf_of: Person | None = None
    submission: uuid.UUID | None = None


@transaction.atomic
def reaffirm(*, by: User, rows: Sequence[Reaffirmed]) -> list[ProgressUpdate]:
    """Say several Greens again in one step, all or none. Refusals are keyed by ref."""
    made, problems = [], {}
    for row in sorted(rows, key=lambda row: row.commitment.pk):
        try:
            made.append(
                record_update(
                    commitment=row.commitment,
                    by=by,
                    brag=Rating.GREEN,
                    progress=row.progress,
                    is_no_change=not row.progress,
                    on_behalf_of=row.on_behalf_of,
                    submission=row.submission,
                )
            )
        except Conflict:
            problems[row.commitment.ref] = [SENT_BEFORE]
        except ValidationError as refusal:
            problems[row.commitment.ref] = refusal.messages
    if problems:
        raise ValidationError(problems)
    return made


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
    """Confirm or return a proposed Blue. A return says why; only an open proposal has an answer.

    Also an answer given on paper (`effective_at`, `source`) is recorded by whoever gave it.
    """
    commitment = locked_open(update.commitment)
    day = day_of(effective_at) if effective_at else timezone.localdate()
    state = _state_of(commitment, day)
    if state.standing.blue_proposal != update.pk:
        raise ValidationError("This Blue is no longer waiting for an answer.")
    access.refuse_unless(
        access.can_answer_blue(
            memberships.granted_to(by, commitment.plan),
            state,
            author=update.by_id,
            area_sros=memberships.sros_of(commitment.plan, state.area),
        ),
        NOT_TO_ANSWER,
    )
    if effective_at and effective_at < update.effective_at:
        raise ValidationError("That is before the Blue was proposed.")
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
    commitment = locked_open(key_date.commitment)
    if KeyDate.objects.filter(replaces=key_date).exists():
        raise ValidationError("A later date has replaced this one.")
    if on > timezone.localdate():
        raise ValidationError({"on": "The date must not be in the future."})
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


def _state_of(commitment: Commitment, day: date) -> CommitmentState:
    """The commitment's state by the end of a day, from rows read inside the lock."""
    history = load_history([commitment.plan], day, commitment=commitment.pk)
    states = state_at(history, day)[commitment.plan_id].commitments
    if not states:
        raise ValidationError("On that day this commitment was not yet in the plan.")
    return states[0]


def _named_risk(
    commitment: Commitment,
    risk: NewRisk | Risk | None,
    brag: str,
    by: User,
    clocks: dict[str, Any],
) -> Risk | None:
    """The risk as a record: the one named, one already open under these words, or a new one."""
    if risk is None or isinstance(risk, Risk):
        return risk
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
    return Evidence.objects.filter(commitment=commitment, withdrawal=None).exists()


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
    late_reason: str = "",
    is_delivered_now: bool = False,
) -> dict[str, str]:
    """What a colour asks for and was not told, by the argument that is missing."""
    problems: dict[str, str] = {}
    still_late = state.is_overdue and not is_delivered_now
    if still_late and brag in (Rating.GREEN, Rating.AMBER) and not late_reason:
        problems["late_reason"] = f"Say why it is {brag.label} although its date has passed"
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


def mark_problems(marks: Sequence[NewMark], state: CommitmentState, day: date) -> dict[str, str]:
    """What is wrong with dates said to be met, by `met_` and the key date's id."""
    open_dates = {row.id for row in state.dates if row.met_on is None and row.delivered_on is None}
    problems = {}
    for mark in marks:
        if mark.key_date not in open_dates:
            problems[f"met_{mark.key_date}"] = "This date has been marked or replaced meanwhile"
        elif mark.on > day:
            problems[f"met_{mark.key_date}"] = "The date must not be in the future"
    return problems


def delivers(marks: Sequence[NewMark], state: CommitmentState) -> bool:
    return state.completion is not None and any(
        mark.key_date == state.completion.id for mark in marks
    )


def open_move(state: CommitmentState) -> AskFact | None:
    """The move of the completion date that is asked for and not decided; none where it has moved
    meanwhile."""
    completion = state.completion.id if state.completion else None
    of_it = [ask for ask in state.open_asks if ask.wanted and ask.key_date == completion]
    return of_it[-1] if of_it else None


def ask_problems(ask: DateAsk, state: CommitmentState) -> dict[str, str]:
    problems = {}
    if (still_open := open_move(state)) and still_open.wanted:
        problems["date_move"] = asked_already(still_open.wanted, still_open.effective_at)
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


def asked_already(wanted: PlanDate, moment: datetime) -> str:
    return (
        f"A move to {wanted} was asked for on {short_day(day_of(moment))} and is still open. "
        "It must be decided or taken back before another is asked for."
    )
