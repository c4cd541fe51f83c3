"""Everything said, asked and changed of one commitment: its history for people, in one query.

What is restricted is masked unless the caller says who reads it, so that no page, export or list
tells of it by mistake. Restricted notes come only where asked for by kind:
`actions/evidence/restricted_notes.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, JSONObject

from actions.models import (
    Challenge,
    ChallengeAnswer,
    ChallengeClosing,
    ChangeDecision,
    ChangeRequest,
    ChangeSupport,
    ChangeTakenBack,
    Confirmation,
    DateMark,
    Decision,
    DecisionDone,
    Evidence,
    EvidenceWithdrawal,
    FamiliesView,
    KeyDate,
    OutsideApproval,
    ProgressUpdate,
    RestrictedNote,
    Withdrawal,
)
from actions.rules.dates import end_of_day
from actions.rules.status import Outcome

# What each kind of record has to tell; the names are those of `Entry.details`.
_DETAILS: dict[str, tuple[type[Any], dict[str, Any]]] = {
    "update": (
        ProgressUpdate,
        {
            "brag": "brag",
            "text": "progress",
            "working_note": "working_note",
            "risk": "risk__text",
            "mitigation": "risk__mitigation",
            "help_needed": "help_needed",
            "changed_for_families": "changed_for_families",
            "work_starts": "work_starts_on",
            "grey_reason": "grey_reason",
            "forecast": "forecast_on",
            "based_on": "based_on",
            "on_behalf_of": "on_behalf_of__name",
            "account_of": "on_behalf_of__user_id",
            "corrects": "corrects_id",
            "correction_reason": "correction_reason",
        },
    ),
    "confirmation": (
        Confirmation,
        {"is_confirmed": "is_confirmed", "text": "reason", "update": "update_id"},
    ),
    "key_date": (
        KeyDate,
        {
            "date_kind": "kind",
            "on": "on",
            "is_day": "is_day",
            "was": "replaces__on",
            "was_is_day": "replaces__is_day",
            "text": "reason",
            "note": "note",
            "asked_by": "asked_by",
            "decided_by": "decided_by",
        },
    ),
    "mark": (
        DateMark,
        {
            "outcome": "outcome",
            "on": "on",
            "text": "note",
            "date_kind": "key_date__kind",
            "marked": "key_date__on",
            "marked_is_day": "key_date__is_day",
        },
    ),
    "ask": (
        ChangeRequest,
        {
            "ask_kind": "kind",
            "on": "wanted_on",
            "text": "reason",
            "was": "key_date__on",
            "wanted_text": "wanted_text",
            "old_lead": "old_lead__name",
            "new_lead": "new_lead__name",
        },
    ),
    "ask_support": (ChangeSupport, {"is_supported": "is_supported", "text": "reason"}),
    "ask_decision": (
        ChangeDecision,
        {
            "is_agreed": "is_agreed",
            "text": "reason",
            "body": "meeting__body__name",
            "held_on": "meeting__held_on",
            "ask_kind": "request__kind",
        },
    ),
    "ask_approval": (
        OutsideApproval,
        {"approver": "approver", "on": "approved_on", "text": "reference"},
    ),
    "ask_taken_back": (ChangeTakenBack, {"text": "reason"}),
    "evidence": (
        Evidence,
        {
            "text": "title",
            "link": "link",
            "file_name": "file_name",
            "digest": "digest",
            "size": "size",
            "content_type": "content_type",
            "visibility": "visibility",
            "restricted_by": "by_id",
            "is_case_study": "is_case_study",
            "update": "update_id",
            "withdrawn_at": "withdrawal__effective_at",
            "withdrawn_by": "withdrawal__by__name",
            "withdrawn_because": "withdrawal__reason",
        },
    ),
    "evidence_withdrawal": (
        EvidenceWithdrawal,
        {
            "text": "reason",
            "title": "evidence__title",
            "visibility": "evidence__visibility",
            "restricted_by": "evidence__by_id",
        },
    ),
    "withdrawal": (Withdrawal, {"is_withdrawn": "is_withdrawn", "text": "reason"}),
    "question": (
        Challenge,
        {
            "text": "text",
            "asked_by": "asked_by",
            "due": "answer_due_on",
            "body": "meeting__body__name",
            "held_on": "meeting__held_on",
        },
    ),
    "answer": (ChallengeAnswer, {"text": "text", "question": "challenge_id"}),
    "question_closed": (
        ChallengeClosing,
        {
            "text": "text",
            "question": "challenge_id",
            "body": "meeting__body__name",
            "held_on": "meeting__held_on",
        },
    ),
    "decision": (
        Decision,
        {
            "text": "text",
            "minute": "minute",
            "owner": "owner__name",
            "due": "due_on",
            "body": "meeting__body__name",
            "held_on": "meeting__held_on",
        },
    ),
    "decision_done": (
        DecisionDone,
        {"text": "text", "on": "done_on", "decided": "decision__text"},
    ),
    "families_view": (FamiliesView, {"view": "view", "text": "text", "update": "update_id"}),
    "note": (
        RestrictedNote,
        {
            "text": "text",
            "note_kind": "kind",
            "visibility": Value(Evidence.Visibility.RESTRICTED.value, CharField()),
            "restricted_by": "by_id",
        },
    ),
}
KINDS = tuple(kind for kind in _DETAILS if kind != "note")

_COMMITMENT = {
    "evidence_withdrawal": "evidence__commitment",
    "ask_support": "request__commitment",
    "ask_decision": "request__commitment",
    "ask_approval": "request__commitment",
    "ask_taken_back": "request__commitment",
    "answer": "challenge__commitment",
    "question_closed": "challenge__commitment",
    "decision_done": "decision__commitment",
}

# A date withdrawn from the moment it was set was dropped while the plan was a draft.
_LEFT_OUT = {
    "mark": Q(outcome=Outcome.WITHDRAWN, effective_at=F("key_date__effective_at")),
}

# Whether what a user (none: a source without one) restricted may be shown to the reader.
Reads = Callable[[int | None], bool]


MASKED = "Restricted evidence"


def nobody(author: int | None) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Entry:
    """One record with its words. `author` is a user's name; empty where only a source stands."""

    kind: str
    id: int
    effective_at: datetime
    recorded_at: datetime
    author_id: int | None
    author: str
    source: str
    details: dict[str, Any]


def entries_of(
    commitment: int,
    until: date,
    kinds: Iterable[str] = KINDS,
    *,
    reads: Reads = nobody,
) -> list[Entry]:
    """The records of a commitment that were effective by the end of a day, newest first."""
    queries: list[QuerySet[Any, Any]] = []
    for kind in kinds:
        model, details = _DETAILS[kind]
        queries.append(
            model.objects.filter(
                **{_COMMITMENT.get(kind, "commitment"): commitment},
                effective_at__lt=end_of_day(until),
            )
            .exclude(_LEFT_OUT.get(kind, Q(pk=None)))
            .order_by()
            .annotate(
                entry_kind=Value(kind, CharField()),
                author=Cast(Concat(F("by__name"), Value("")), CharField()),
                origin=Cast("source", CharField()),
                details=JSONObject(**details),
            )
            .values_list(
                "entry_kind",
                "id",
                "effective_at",
                "recorded_at",
                "by_id",
                "author",
                "origin",
                "details",
            )
        )
    rows = queries[0].union(*queries[1:], all=True)
    return sorted(
        (_as_read(Entry(*row), reads) for row in rows),
        key=lambda entry: (entry.effective_at, entry.recorded_at, entry.id),
        reverse=True,
    )


def _as_read(entry: Entry, reads: Reads) -> Entry:
    """The entry, without its words where they are restricted to others."""
    if entry.details.get("visibility") != Evidence.Visibility.RESTRICTED:
        return entry
    if reads(entry.details["restricted_by"]):
        return entry
    return replace(
        entry,
        author_id=None,
        author="",
        source="",
        details=dict.fromkeys(entry.details)
        | {
            "is_masked": True,
            "text": MASKED,
            "visibility": Evidence.Visibility.RESTRICTED.value,
            "withdrawn_at": entry.details.get("withdrawn_at"),
            "note_kind": entry.details.get("note_kind"),
        },
    )


def uncorrected(entries: Iterable[Entry]) -> list[Entry]:
    """Updates that no later one corrects."""
    updates = [entry for entry in entries if entry.kind == "update"]
    corrected = {entry.details["corrects"] for entry in updates}
    return [entry for entry in updates if entry.id not in corrected]


WHO_READS = "Read by its author, the leads, the senior responsible officer and officers."
