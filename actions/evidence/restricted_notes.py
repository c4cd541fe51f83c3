"""Restricted notes: read by their author, the commitment's leads, its area's SRO and officers.

Everybody else of the plan learns that one exists, of which kind, and its day. The text is in no
export, report, search or message, so nothing but `entries_and_notes` reads it, for the page of the
commitment.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Commitment, RestrictedNote
from actions.models.base import at
from actions.pages import formatting
from actions.records import submissions
from actions.records.history_entries import Entry, Reads, entries_of
from actions.records.kept import Version
from actions.records.locking import locked_open
from actions.rules.dates import day_of
from wsoa.accounts.models import User


@transaction.atomic
def add_restricted_note(
    *,
    commitment: Commitment,
    by: User,
    kind: str,
    text: str,
    effective_at: datetime | None = None,
    source: str = "",
    submission: uuid.UUID | None = None,
) -> RestrictedNote:
    """Add a note. The same words of one `submission` count once."""
    commitment = locked_open(commitment)
    problems = {}
    if kind not in RestrictedNote.Kind:
        problems["kind"] = "Choose what the note is about"
    if not text:
        problems["text"] = "Write the note"
    if problems:
        raise ValidationError(problems)
    fields = {"commitment": commitment, "by": by, "kind": kind, "text": text}
    key = submissions.key(submission, **fields)
    if key and (made := RestrictedNote.objects.filter(submission=key).first()):
        return made
    return RestrictedNote.objects.create(
        submission=key, source=source, **fields, **at(effective_at)
    )


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note as its reader may see it: `text` and who wrote it are empty for who may not read."""

    heading: str
    text: str = ""
    about: str = ""


def entries_and_notes(
    commitment: int, until: date, reads: Reads, version: Version
) -> tuple[list[Entry], list[NoteView]]:
    """The commitment's entries and its restricted notes, both newest first. One query for both."""
    entries = entries_of(commitment, until, reads=reads, with_notes=True, version=version)
    return (
        [entry for entry in entries if entry.kind != "note"],
        [_view(entry) for entry in entries if entry.kind == "note"],
    )


def _view(entry: Entry) -> NoteView:
    day = formatting.short_day(day_of(entry.effective_at))
    kind = RestrictedNote.Kind(entry.details["note_kind"]).label
    if "is_masked" in entry.details:
        return NoteView(f"A restricted note ({kind.lower()}), {day}")
    return NoteView(f"{kind}, {day}", entry.details["text"], entry.author or entry.source)
