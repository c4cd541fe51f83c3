"""What stands beside the form of an update: what was asked, returned and recorded so far.

The rooms above add what is theirs, such as the figures of its KPIs and the report that it feeds.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.evidence.evidence_list import EvidenceItem, evidence_of
from actions.models import Risk
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.history_entries import Entry, uncorrected
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from actions.rules.status import Rating
from actions.wording import scale

# What of the record stands there.
KINDS = ("update", "confirmation", "question", "evidence", "families_view")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what it says, and a sentence under it."""

    heading: str
    url: str = ""
    pairs: Sequence[formatting.Pair] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a room above has to say beside the form of a commitment's update."""

    sections: Sequence[Section] = ()
    facts: Sequence[formatting.Pair] = field(default=())


# Each is asked in a fixed number of queries.
TELLERS: list[Callable[[PlanPage, CommitmentState], Beside]] = []


def told_beside(page: PlanPage, state: CommitmentState) -> list[Beside]:
    return [tell(page, state) for tell in TELLERS]


def questions_of(
    page: PlanPage, state: CommitmentState, entries: Iterable[Entry]
) -> list[dict[str, str]]:
    """The open questions in their words, who asked, and until when they want an answer."""
    still_open = {question.id for question in state.open_questions}
    return [
        {
            "text": entry.details["text"],
            "about": _asked(entry),
            "url": page.link("question", entry.id),
        }
        for entry in entries
        if entry.kind == "question" and entry.id in still_open
    ]


def _asked(entry: Entry) -> str:
    who = entry.details["asked_by"] or entry.author or entry.source
    asked = f"{who}, {formatting.short_day(day_of(entry.effective_at))}"
    if due := entry.details["due"]:
        return f"{asked}, answer due {formatting.short_day(date.fromisoformat(due))}"
    return asked


def since_return(entries: Sequence[Entry]) -> str:
    """`Since then: 1 piece of evidence, 1 view of the forum.`; nothing of a Blue that held."""
    answer = next((entry for entry in entries if entry.kind == "confirmation"), None)
    if answer is None or answer.details["is_confirmed"]:
        return ""
    since = [entry for entry in entries if entry.effective_at > answer.effective_at]
    counts = [
        (sum(entry.kind == kind for entry in since), words)
        for kind, words in (("evidence", "piece of evidence"), ("families_view", "forum view"))
    ]
    parts = [
        formatting.plural(count, words, words.replace("piece", "pieces").replace("view", "views"))
        for count, words in counts
        if count
    ]
    return f"Since then: {', '.join(parts) or 'no new evidence'}."


def evidence_on_record(
    page: PlanPage, state: CommitmentState, entries: Iterable[Entry]
) -> list[EvidenceItem]:
    """What shows it already: it stands, and cannot be lost here."""
    return [item for item in evidence_of(page, state, entries) if not item.withdrawn]


def open_on_it(state: CommitmentState, move: dict[str, Any] | None) -> list[formatting.Pair]:
    """Its open risks and issues, and the move of its date that is asked for. One query."""
    risks = Risk.objects.filter(commitment=state.id, closing=None)
    pairs = [
        formatting.Pair(
            f"{risk.get_kind_display()}, since {formatting.short_day(day_of(risk.effective_at))}",
            risk.text,
        )
        for risk in risks.order_by("effective_at", "pk")
    ]
    if move:
        due = f"{state.completion.now} → " if state.completion else ""
        pairs.append(
            formatting.Pair(f"Request, since {move['day_text']}", f"Due date {due}{move['wanted']}")
        )
    return pairs


def newer_text(
    page: PlanPage, state: CommitmentState, base: int | None, entries: Sequence[Entry]
) -> dict[str, Any] | None:
    """What somebody recorded after the author of a draft had read the newest update."""
    newest = state.newest_update
    if newest is None or newest.id == base:
        return None
    entry = next((row for row in uncorrected(entries) if row.id == newest.id), None)
    if entry is None:
        return None
    is_own = newest.by == page.access.user.pk
    day = day_of(entry.effective_at)
    return {
        "who": "you" if is_own else entry.author or entry.source,
        "rating": entry.details["word"] or scale().word(Rating(entry.details["brag"])),
        "when": "today" if day == page.today else f"on {formatting.short_day(day)}",
        "url": f"{page.link('commitment', state.code)}#history",
    }
