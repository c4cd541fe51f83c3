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
from actions.io.keeping import kept
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
from actions.progress import update_rules
from actions.progress.beside.returned_blue import returned_blue
from actions.progress.date_requests import record_date_request, take_back_request
from actions.progress.update_answers import UpdateAnswers
from actions.records import submissions
from actions.records.history import load_history
from actions.records.locking import locked_open
from actions.rules import status
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState, state_at
from actions.rules.status import Outcome, Rating
from actions.wording import in_words, in_words_lazy
from wsoa.accounts.models import User

NOT_TO_ANSWER = in_words_lazy(
    "This {Blue} is not yours to answer. The {area}’s senior responsible officer answers it, "
    "and nobody answers for what they proposed themselves or lead."
)
SENT_BEFORE = "This was recorded from the same page already, in other words"
NEWER = "Somebody recorded an update meanwhile: read it, then send yours again or leave it"


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
    answers: UpdateAnswers,
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
        answers=answers,
        on_behalf_of=on_behalf_of,
        effective_at=effective_at,
        source=source,
        corrects=corrects,
        correction_reason=correction_reason,
    )
    if submission and (made := _made_before(submission, commitment, by, digest)):
        return made
    today = timezone.localdate()
    if corrects is not None:
        effective_at = corrects.effective_at
    day = day_of(effective_at) if effective_at else today
    state = _state_of(commitment, day if corrects is None else today)
    _check_base(base, state)
    if corrects is not None:
        _check_correction(corrects, state, correction_reason)
    if not commitment.plan.scale.has(answers.brag, answers.word):
        raise ValidationError({"brag": "The plan’s colour key does not have this colour"})
    problems = update_rules.update_problems(
        answers,
        state,
        day,
        has_evidence=has_evidence(commitment),
        returned=returned_blue(commitment) if answers.brag is Rating.BLUE else None,
    )
    if problems:
        raise ValidationError(problems)
    clocks = {"by": by, "source": source, **at(effective_at)}
    update = ProgressUpdate.objects.create(
        commitment=commitment,
        risk=_named_risk(commitment, answers, clocks),
        # Only what was asked is kept: a reason for lateness where it is late.
        late_reason=answers.late_reason if state.is_overdue else "",
        on_behalf_of=on_behalf_of,
        corrects=corrects,
        correction_reason=correction_reason,
        submission=submission or uuid.uuid4(),
        submitted_digest=digest,
        **_columns(answers),
        **clocks,
    )
    _write_evidence(update, answers, clocks)
    _write_marks(update, answers, state, clocks)
    _write_date_request(update, answers, state, clocks)
    return update


def _made_before(
    submission: uuid.UUID, commitment: Commitment, by: User, digest: str
) -> ProgressUpdate | None:
    """The update that this form has made already, in these very words."""
    made = ProgressUpdate.objects.filter(submission=submission).first()
    if made and (made.commitment_id, made.by_id, made.submitted_digest) != (
        commitment.pk,
        by.pk,
        digest,
    ):
        raise Conflict
    return made


def _check_base(base: int | _Unchecked | None, state: CommitmentState) -> None:
    newest = state.newest_update.id if state.newest_update else None
    if not isinstance(base, _Unchecked) and base != newest:
        raise Conflict


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


def _columns(answers: UpdateAnswers) -> dict[str, Any]:
    """The answers that the update keeps as they are."""
    return {
        "brag": answers.brag.value,
        "word": answers.word,
        "progress": answers.progress,
        "working_note": answers.working_note,
        "based_on": list(answers.based_on),
        "forecast_on": answers.forecast.first_day if answers.forecast else None,
        "help_needed": answers.help_needed,
        "is_no_change": answers.is_no_change,
        "changed_for_families": answers.changed_for_families,
        "work_starts_on": answers.work_starts.first_day if answers.work_starts else None,
        "grey_reason": answers.grey_reason,
    }


def _named_risk(
    commitment: Commitment, answers: UpdateAnswers, clocks: dict[str, Any]
) -> Risk | None:
    """The risk as a record: the one named, one already open under these words, or a new one."""
    risk = answers.risk
    if risk is None or isinstance(risk, Risk):
        return risk
    kind = Risk.Kind.ISSUE if answers.brag is Rating.RED else Risk.Kind.RISK
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
        kind=kind,
        text=risk.text,
        mitigation=risk.mitigation,
        **clocks,
    )


def _write_evidence(update: ProgressUpdate, answers: UpdateAnswers, clocks: dict[str, Any]) -> None:
    named = (answers.evidence,) if answers.evidence else ()
    for evidence in (*named, *answers.files):
        Evidence.objects.create(
            commitment=update.commitment,
            update=update,
            title=evidence.title,
            link=evidence.link,
            place=evidence.place,
            held_by=evidence.held_by,
            ask_whom=evidence.ask_whom,
            visibility=Evidence.Visibility.SHAREABLE
            if evidence.is_shareable
            else Evidence.Visibility.MEMBERS,
            **kept(evidence.file),
            **clocks,
        )


def _write_marks(
    update: ProgressUpdate, answers: UpdateAnswers, state: CommitmentState, clocks: dict[str, Any]
) -> None:
    for mark in answers.marks:
        delivered = state.completion is not None and mark.key_date == state.completion.id
        DateMark.objects.create(
            key_date_id=mark.key_date,
            commitment=update.commitment,
            outcome=Outcome.DELIVERED if delivered else Outcome.MET,
            on=mark.on,
            **clocks,
        )


def _write_date_request(
    update: ProgressUpdate, answers: UpdateAnswers, state: CommitmentState, clocks: dict[str, Any]
) -> None:
    if answers.takes_back is not None:
        take_back_request(update=update, request=answers.takes_back)
    request = answers.date_request
    if request is None:
        return
    record_date_request(
        update=update,
        key_date=state.completion.id if state.completion else None,
        wanted=request.wanted,
        reason=request.reason,
        replaces=request.replaces,
        clocks=clocks,
    )


def has_evidence(commitment: Commitment) -> bool:
    return Evidence.objects.filter(commitment=commitment, withdrawal=None).exists()


@dataclass(frozen=True, slots=True)
class Account:
    """One of several updates that are sent together; `base` as `record_update` takes it."""

    commitment: Commitment
    answers: UpdateAnswers
    on_behalf_of: Person | None = None
    submission: uuid.UUID | None = None
    base: int | _Unchecked | None = UNCHECKED


@transaction.atomic
def record_several(
    *,
    by: User,
    accounts: Sequence[Account],
    effective_at: datetime | None = None,
    source: str = "",
) -> list[ProgressUpdate]:
    """Record several updates, all or none.

    Refusals are keyed by the commitment's code and, after a space, by the answer's name where it is
    of one: `1.1.1a help_needed`. Of a commitment with a newer update than its `base` it says so.
    """
    made, problems = [], {}
    for account in sorted(accounts, key=lambda account: account.commitment.pk):
        code = account.commitment.code
        try:
            made.append(
                record_update(
                    commitment=account.commitment,
                    by=by,
                    answers=account.answers,
                    on_behalf_of=account.on_behalf_of,
                    effective_at=effective_at,
                    source=source,
                    submission=account.submission,
                    base=account.base,
                )
            )
        except Conflict:
            problems[code] = [NEWER if account.base is not UNCHECKED else SENT_BEFORE]
        except ValidationError as refusal:
            if hasattr(refusal, "error_dict"):
                for name, words in refusal.message_dict.items():
                    problems[f"{code} {name}"] = words
            else:
                problems[code] = refusal.messages
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
        raise ValidationError(in_words("This {Blue} is no longer waiting for an answer."))
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
        raise ValidationError(in_words("That is before the {Blue} was proposed."))
    if not is_confirmed and not reason:
        raise ValidationError({"reason": in_words("Say why the {Blue} goes back to the lead.")})
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
        raise ValidationError(in_words("On that day this {commitment} was not yet in the plan."))
    return states[0]
