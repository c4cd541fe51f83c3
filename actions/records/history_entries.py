"""Everything said, asked and changed of one commitment: its history for people, in one query.

What is restricted is masked unless the caller says who reads it, so that no page, export or list
tells of it by mistake. Restricted notes come only where asked for by kind:
`actions/evidence/restricted_notes.py`.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Concat, JSONObject

from actions.models import (
    ClosingOutcome,
    Confirmation,
    DateMark,
    Evidence,
    EvidenceWithdrawal,
    FamiliesView,
    KeyDate,
    Pause,
    ProgressUpdate,
    RestrictedNote,
    Withdrawal,
)
from actions.records.kept import Version, keep
from actions.records.sources import ENTRIES, EntrySource, date_details
from actions.rules.dates import end_of_day
from actions.rules.status import Outcome

# What each kind of record has to tell; the names are those of `Entry.details`.
_OWN = (
    EntrySource(
        "update",
        ProgressUpdate,
        {
            "brag": "brag",
            "word": "word",
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
    EntrySource(
        "confirmation",
        Confirmation,
        {"is_confirmed": "is_confirmed", "text": "reason", "update": "update_id"},
    ),
    EntrySource(
        "key_date",
        KeyDate,
        {
            "date_kind": "kind",
            **date_details("", "now_"),
            **date_details("replaces__", "was_"),
            "text": "reason",
            "note": "note",
            "asked_by": "asked_by",
            "decided_by": "decided_by",
        },
    ),
    EntrySource(
        "mark",
        DateMark,
        {
            "outcome": "outcome",
            "on": "on",
            "text": "note",
            "date_kind": "key_date__kind",
            **date_details("key_date__", "marked_"),
        },
    ),
    EntrySource(
        "evidence",
        Evidence,
        {
            "text": "title",
            "link": "link",
            "place": "place",
            "held_by": "held_by",
            "ask_whom": "ask_whom",
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
    EntrySource(
        "evidence_withdrawal",
        EvidenceWithdrawal,
        {
            "text": "reason",
            "title": "evidence__title",
            "visibility": "evidence__visibility",
            "restricted_by": "evidence__by_id",
        },
        "evidence__commitment",
    ),
    EntrySource("withdrawal", Withdrawal, {"is_withdrawn": "is_withdrawn", "text": "reason"}),
    EntrySource(
        "pause",
        Pause,
        {
            "is_paused": "is_paused",
            "text": "reason",
            "decided_by": "decided_by",
            "restarts": "restarts_on",
        },
    ),
    EntrySource("closing", ClosingOutcome, {"outcome": "outcome", "text": "reason"}),
    EntrySource(
        "families_view", FamiliesView, {"view": "view", "text": "text", "update": "update_id"}
    ),
    EntrySource(
        "note",
        RestrictedNote,
        {
            "text": "text",
            "note_kind": "kind",
            "visibility": Value(Evidence.Visibility.RESTRICTED.value, CharField()),
            "restricted_by": "by_id",
        },
    ),
)


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
    kinds: Iterable[str] | None = None,
    *,
    reads: Reads = nobody,
    with_notes: bool = False,
    version: Version = (),
) -> list[Entry]:
    """The records of a commitment that were effective by the end of a day, newest first.

    Of these kinds; without any named, of all, restricted notes only `with_notes`. They are read
    once at a version of the plan, for readers of every kind.
    """
    known = (source.kind for source in (*_OWN, *ENTRIES))
    chosen = tuple(kind for kind in known if with_notes or kind != "note")
    if kinds is not None:
        chosen = tuple(kinds)
    entries = keep(
        version,
        ("entries", commitment, until, *chosen),
        lambda: _read(commitment, until, chosen),
        lambda entries: 4 * len(entries),
    )
    return [_as_read(entry, reads) for entry in entries]


def _read(commitment: int, until: date, kinds: tuple[str, ...]) -> list[Entry]:
    query, parameters = _query(kinds)
    now: dict[Any, Any] = {_COMMITMENT: commitment, _UNTIL: end_of_day(until)}
    with connection.cursor() as cursor:
        cursor.execute(query, [now.get(each, each) for each in parameters])
        rows = cursor.fetchall()
    return sorted(
        map(_entry, rows),
        key=lambda entry: (entry.effective_at, entry.recorded_at, entry.id),
        reverse=True,
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    kind, pk, effective_at, recorded_at, by, author, source, details = row
    return Entry(kind, pk, effective_at, recorded_at, by, author, source, json.loads(details))


# What stands in the query for what differs each time it is asked, of the type of its column.
_UNTIL = datetime(1900, 1, 1, tzinfo=UTC)
_COMMITMENT = -1


@cache
def _query(kinds: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    """The query as SQL with its parameters, written once: that takes longer than asking it."""
    sources = {source.kind: source for source in (*_OWN, *ENTRIES)}
    queries = [
        source.model._default_manager.filter(
            **{source.commitment: _COMMITMENT}, effective_at__lt=_UNTIL
        )
        .exclude(_LEFT_OUT.get(source.kind, Q(pk=None)))
        .order_by()
        .annotate(
            entry_kind=Value(source.kind, CharField()),
            author=Cast(Concat(F("by__name"), Value("")), CharField()),
            origin=Cast("source", CharField()),
            details=JSONObject(**source.details),
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
        for source in (sources[kind] for kind in kinds)
    ]
    sql, parameters = queries[0].union(*queries[1:], all=True).query.sql_with_params()
    return sql, tuple(parameters)


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
