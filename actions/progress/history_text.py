"""A commitment's history as people read it: each record as one sentence or two."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from actions.models import FamiliesView, ProgressUpdate
from actions.models.base import SAMPLE_SOURCE
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.history_entries import WHO_READS, Entry, uncorrected
from actions.records.sources import date_told
from actions.rules.dates import PlanDate, day_of
from actions.rules.state import CommitmentState
from actions.rules.status import AtClosing, DateKind, Outcome, Rating
from actions.wording import scale


@dataclass(frozen=True, slots=True)
class Detail:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class HistoryItem:
    """One entry of the history, ready for the page."""

    day: date
    text: str
    author_line: str
    kind_text: str = ""
    rating: Rating | None = None
    word: str = ""
    was: str = ""
    is_quote: bool = False
    details: list[Detail] = field(default_factory=list)
    tags: list[formatting.Chip] = field(default_factory=list)
    corrected_text: str = ""
    correct_url: str = ""
    anchor: str = ""


def history_of(
    page: PlanPage, state: CommitmentState, entries: list[Entry], may_correct: bool
) -> list[HistoryItem]:
    """Everything on record, newest first. Dates as first agreed are the plan, not its history."""
    updates = uncorrected(entries)
    before = {later.id: Rating(earlier.details["brag"]) for later, earlier in pairwise(updates)}
    corrections = {
        entry.details["corrects"]: entry
        for entry in entries
        if entry.kind == "update" and entry.details["corrects"]
    }
    answers = {entry.details["update"]: entry for entry in entries if entry.kind == "confirmation"}
    newest = state.newest_update.id if state.newest_update else None
    items = []
    for entry in _ratings_first(entries):
        if entry.kind == "update":
            url = ""
            if may_correct and entry.id == newest:
                url = page.url("actions:correct_update", state.code, entry.id)
            items.append(
                _update(
                    entry,
                    before.get(entry.id),
                    corrections.get(entry.id),
                    answers.get(entry.id),
                    url,
                    is_waiting=entry.id == state.standing.blue_proposal,
                )
            )
        elif entry.kind == "key_date" and not entry.details["was_first_day"]:
            continue
        else:
            items.append(ITEM_BUILDERS[entry.kind](entry))
    return items


def _ratings_first(entries: list[Entry]) -> list[Entry]:
    """Newest first; what was recorded in one step with an update stands below it."""
    updates = [entry for entry in entries if entry.kind == "update"]

    def place(entry: Entry) -> tuple[datetime, datetime, int, bool]:
        head = next((update for update in updates if _in_one_step(update, entry)), entry)
        return head.effective_at, head.recorded_at, head.id, entry is head

    return sorted(entries, key=place, reverse=True)


def _in_one_step(update: Entry, entry: Entry) -> bool:
    """Each record has a moment of its own, and those of one step follow at once."""
    if entry.kind not in ("request", "mark", "evidence") or entry.author_id != update.author_id:
        return False
    at_once = timedelta(seconds=1)
    return (
        timedelta(0) <= entry.effective_at - update.effective_at < at_once
        and timedelta(0) <= entry.recorded_at - update.recorded_at < at_once
    )


def _update(
    entry: Entry,
    before: Rating | None,
    correction: Entry | None,
    answer: Entry | None,
    correct_url: str,
    *,
    is_waiting: bool,
) -> HistoryItem:
    details = entry.details
    rating = Rating(details["brag"])
    shown_details = [
        Detail(label, details[name])
        for label, name in (
            ("Issue" if rating is Rating.RED else "Risk", "risk"),
            ("Being done about it", "mitigation"),
            ("Help wanted", "help_needed"),
            ("What changed for families", "changed_for_families"),
            (f"Why {scale().grey}", "grey_reason"),
            ("Working note", "working_note"),
        )
        if details[name]
    ]
    for label, name in (("Work starts", "work_starts"), ("Forecast", "forecast")):
        if details[name]:
            shown_details.append(Detail(label, f"{month_text(details[name])}."))
    tags = []
    if rating is Rating.BLUE and not correction:
        tags = _proposal_chips(answer, is_waiting)
    corrected = ""
    if correction:
        on = formatting.short_day(day_of(correction.recorded_at))
        corrected = f"Corrected on {on}: {correction.details['correction_reason']}"
    elif details["corrects"]:
        on = formatting.short_day(day_of(entry.recorded_at))
        corrected = f"A correction, made on {on}: {details['correction_reason']}"
    return HistoryItem(
        day=day_of(entry.effective_at),
        rating=rating,
        word=details["word"],
        was=f"was {scale().word(before)}"
        if before and before is not rating and not correction
        else "",
        text=details["text"] or "No change.",
        details=shown_details,
        tags=tags,
        author_line=author_line(entry),
        corrected_text=corrected,
        correct_url=correct_url,
        anchor=f"update-{entry.id}",
    )


def _proposal_chips(answer: Entry | None, is_waiting: bool) -> list[formatting.Chip]:
    """What became of a Blue. Nothing, where a confirmed one is said again or another word came."""
    if is_waiting:
        return [formatting.Chip("tick", "Proposed, waits for a second person")]
    if answer is None:
        return []
    if answer.details["is_confirmed"]:
        return [formatting.Chip("tick", "Confirmed by a second person")]
    return [formatting.Chip("flag", "Returned")]


def author_line(entry: Entry) -> str:
    """Who said it, for whom, from what, and when it was typed in if that was another day.

    Sample progress is all typed in at once, and the page says already that it is a sample.
    """
    details = entry.details
    text = entry.author or entry.source
    if details.get("on_behalf_of"):
        text = f"{details['on_behalf_of']}, recorded by {text}"
    is_sample = entry.source == SAMPLE_SOURCE
    if entry.author and entry.source and not is_sample:
        text += f", from: {entry.source}"
    if details.get("based_on"):
        bases = [ProgressUpdate.Basis(basis).label.lower() for basis in details["based_on"]]
        text += f". Based on {formatting.listed(bases)}"
    late = (day_of(entry.recorded_at) - day_of(entry.effective_at)).days
    if late > 0 and not details.get("corrects") and not is_sample:
        text += f". Entered on {formatting.short_day(day_of(entry.recorded_at))}"
    return f"{text}."


def _confirmation(entry: Entry) -> HistoryItem:
    confirmed = entry.details["is_confirmed"]
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text=f"{scale().blue} {'confirmed' if confirmed else 'returned'}",
        text=entry.details["text"] or _confirmed_text(),
        is_quote=bool(entry.details["text"]),
        author_line=author_line(entry),
    )


def _confirmed_text() -> str:
    return "Confirmed as completed and embedded." if scale().blue_lapses else "Confirmed."


def _move(entry: Entry) -> HistoryItem:
    moved = entry.details
    kind = DateKind(moved["date_kind"])
    was, now = date_told(moved, "was_"), date_told(moved, "now_")
    dates = " to ".join(when.in_sentence if when else "no date" for when in (was, now))
    subject = "Moved" if kind is DateKind.COMPLETION else f"{kind.label} moved"
    who = [
        f"{label} {name_of}"
        for label, name_of in (("Asked by", moved["asked_by"]), ("Decided by", moved["decided_by"]))
        if name_of
    ]
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Date",
        text=f"{subject} from {dates}: {moved['text']}",
        author_line=f"{'. '.join(who)}." if who else author_line(entry),
    )


def _mark(entry: Entry) -> HistoryItem:
    marked = entry.details
    when = date_told(marked, "marked_")
    kind = DateKind(marked["date_kind"]).label
    on = formatting.short_day(date.fromisoformat(marked["on"]))
    text = {
        Outcome.DELIVERED: f"Delivered on {on}.",
        Outcome.MET: f"{kind} of {when} met on {on}.",
        Outcome.WITHDRAWN: f"{kind} of {when} withdrawn.",
        Outcome.REOPENED: f"{kind} of {when} open again.",
    }[Outcome(marked["outcome"])]
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Date",
        text=f"{text} {marked['text']}".strip(),
        author_line=author_line(entry),
    )


def _evidence(entry: Entry) -> HistoryItem:
    masked = "is_masked" in entry.details
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Evidence",
        text=entry.details["text"],
        author_line=WHO_READS if masked else author_line(entry),
    )


def _evidence_withdrawal(entry: Entry) -> HistoryItem:
    masked = "is_masked" in entry.details
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Evidence withdrawn",
        text=entry.details["text"]
        if masked
        else f"{entry.details['title']}: {entry.details['text']}",
        author_line=WHO_READS if masked else author_line(entry),
    )


def _withdrawal(entry: Entry) -> HistoryItem:
    word = "Withdrawn" if entry.details["is_withdrawn"] else "Put back"
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text=word,
        text=entry.details["text"],
        author_line=author_line(entry),
    )


def _pause(entry: Entry) -> HistoryItem:
    details = entry.details
    facts = []
    if details["restarts"]:
        month = PlanDate.month_of(date.fromisoformat(str(details["restarts"])))
        facts.append(f"Work is to go on in {month}.")
    if details["decided_by"]:
        facts.append(f"Decided by {details['decided_by']}.")
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Paused" if details["is_paused"] else "Taken up again",
        text="\n".join([details["text"], *facts]),
        author_line=author_line(entry),
    )


def _closing(entry: Entry) -> HistoryItem:
    outcome = AtClosing(entry.details["outcome"]).label.lower()
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Plan closed",
        text=f"At closing: {outcome}. {entry.details['text']}".strip(),
        author_line=author_line(entry),
    )


def _families_view(entry: Entry) -> HistoryItem:
    return HistoryItem(
        day=day_of(entry.effective_at),
        kind_text="Families",
        text=families_text(entry.details["view"], entry.details["text"]),
        author_line=author_line(entry),
    )


def returned_text(entries: Iterable[Entry]) -> dict[str, str] | None:
    """Why the last Blue was returned, by whom and when; None where none was, or one held since.

    `entries` are newest first.
    """
    answer = next((entry for entry in entries if entry.kind == "confirmation"), None)
    if answer is None or answer.details["is_confirmed"]:
        return None
    return {
        "text": answer.details["text"],
        "author_line": answer.author or answer.source,
        "day_text": formatting.short_day(day_of(answer.effective_at)),
    }


def families_text(view: str, text: str) -> str:
    """`Families see this: not yet. The letters still come late.`"""
    return f"Families see this: {FamiliesView.View(view).label.lower()}. {text}".strip()


def month_text(text: Any) -> str:
    return str(PlanDate.month_of(date.fromisoformat(text)))


# How each kind of record is put into words. Rooms above add theirs at their start.
ITEM_BUILDERS: dict[str, Callable[[Entry], HistoryItem]] = {
    "confirmation": _confirmation,
    "key_date": _move,
    "mark": _mark,
    "evidence": _evidence,
    "evidence_withdrawal": _evidence_withdrawal,
    "withdrawal": _withdrawal,
    "pause": _pause,
    "closing": _closing,
    "families_view": _families_view,
}
