"""Everything said, asked and changed of one commitment: its history for people, in one query."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat, JSONObject

from actions.dates import day_of, end_of_day
from actions.models import (
    ChangeRequest,
    Confirmation,
    DateMark,
    Evidence,
    KeyDate,
    ProgressUpdate,
    Withdrawal,
)
from actions.present import short_day

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
    "ask": (ChangeRequest, {"on": "wanted_on", "text": "reason", "was": "key_date__on"}),
    "evidence": (
        Evidence,
        {"text": "title", "link": "link", "visibility": "visibility", "update": "update_id"},
    ),
    "withdrawal": (Withdrawal, {"is_withdrawn": "is_withdrawn", "text": "reason"}),
}


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


def entries_of(commitment: int, until: date, kinds: Iterable[str] = tuple(_DETAILS)) -> list[Entry]:
    """The records of a commitment that were effective by the end of a day, newest first."""
    queries: list[QuerySet[Any, Any]] = []
    for kind in kinds:
        model, details = _DETAILS[kind]
        queries.append(
            model.objects.filter(commitment=commitment, effective_at__lt=end_of_day(until))
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
        (Entry(*row) for row in rows),
        key=lambda entry: (entry.effective_at, entry.recorded_at, entry.id),
        reverse=True,
    )


def uncorrected(entries: Iterable[Entry]) -> list[Entry]:
    """Updates that no later one corrects."""
    updates = [entry for entry in entries if entry.kind == "update"]
    corrected = {entry.details["corrects"] for entry in updates}
    return [entry for entry in updates if entry.id not in corrected]


def evidence_items(entries: Iterable[Entry]) -> list[dict[str, str]]:
    """Evidence as a list shows it, newest first."""
    return [
        {
            "title": entry.details["text"],
            "url": entry.details["link"],
            "about": f"Added {short_day(day_of(entry.effective_at))}"
            f" by {entry.author or entry.source}",
        }
        for entry in entries
        if entry.kind == "evidence"
    ]
