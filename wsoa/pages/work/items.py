"""One thing that waits for a person, and how the list of them is put in order and into words."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from actions.pages import formatting
from actions.rules.dates import is_working_day
from actions.wording import in_words


class Kind(StrEnum):
    """What is wanted. The value stands under the reference."""

    UPDATE = "Update"
    FIGURES = "Figures"
    FIGURE_CHECK = "Figure to confirm"
    QUESTION = "Question"
    CLOSING = "Answer to read"
    # Of a meeting, in whatever words the plan calls its own actions.
    ACTION = "Agreed action"
    CHANGE = "Change"
    BLUE = "Blue"
    RATING = "Rating"
    REPORT = "Report"
    HANDOVER = "Handed over"


# In a sentence, of one and of several.
_IN_A_SENTENCE = {
    Kind.UPDATE: ("an update", "updates"),
    Kind.FIGURES: ("the figures of a KPI", "KPIs’ figures"),
    Kind.FIGURE_CHECK: ("a figure to confirm", "figures to confirm"),
    Kind.QUESTION: ("an answer", "answers"),
    Kind.CLOSING: ("an answer to read", "answers to read"),
    Kind.ACTION: ("an agreed action", "agreed actions"),
    Kind.CHANGE: ("a change", "changes"),
    Kind.BLUE: ("a {Blue}", "{Blues}"),
    Kind.RATING: ("a rating", "ratings"),
    Kind.REPORT: ("a report", "reports"),
    Kind.HANDOVER: ("a handover to acknowledge", "handovers to acknowledge"),
}


@dataclass(frozen=True, slots=True)
class WorkItem:
    """What waits, in a few words, since when and until when, and the one place where it is done.

    `quote` is what somebody wrote, `row` the commitment's line where its colour and strip help.
    """

    kind: Kind
    ref: str
    name: str
    url: str
    button: str
    wanted: str = ""
    quote: str = ""
    since: date | None = None
    due: date | None = None
    name_url: str = ""
    row: formatting.LedgerRow | None = None
    # The areas it is in, by key; none: of the plan as a whole.
    areas: tuple[int, ...] = ()
    # A Blue that came back: there is something new to be read.
    is_returned: bool = False

    @property
    def kind_text(self) -> str:
        return in_words("{Blue}") if self.kind is Kind.BLUE else self.kind.value

    @property
    def called(self) -> str:
        """What its button is about, heard alone: there is one update of a commitment at a time."""
        if self.ref and self.kind in (Kind.UPDATE, Kind.BLUE, Kind.FIGURES, Kind.FIGURE_CHECK):
            return self.ref
        return f"{self.ref} {self.name}".strip()

    def is_overdue(self, day: date) -> bool:
        return self.due is not None and self.due < day


@dataclass(frozen=True, slots=True)
class Group:
    """The things of one heading; `note` stands beside it."""

    title: str
    note: str
    items: list[WorkItem]


def grouped(
    items: Iterable[WorkItem], day: date, closes: date | None, holidays: Collection[date]
) -> list[Group]:
    """Overdue, oldest first; due by the day the updates close; and later or without a day."""
    in_order = sorted(items, key=lambda item: (item.due or date.max, item.since or date.max))
    overdue = [item for item in in_order if item.is_overdue(day)]
    rest = [item for item in in_order if not item.is_overdue(day)]
    soon = [item for item in rest if closes and item.due and item.due <= closes]
    later = [item for item in rest if item not in soon]
    groups = [Group("Overdue", str(len(overdue)), overdue)]
    if closes:
        days = working_days(day, closes, holidays)
        counting = ", counting today" if is_working_day(day, holidays) else ""
        note = f"{len(soon)}, in {formatting.plural(days, 'working day')}{counting}"
        title = "Due today" if closes == day else f"Due by {formatting.day_text(closes)}"
        groups.append(Group(title, note if closes != day else str(len(soon)), soon))
    groups.append(Group("Later, or without a day", str(len(later)), later))
    return [group for group in groups if group.items]


def working_days(first: date, last: date, holidays: Collection[date]) -> int:
    """From the first day to the last, both counted."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return sum(is_working_day(day, holidays) for day in days)


def near_day(day: date, today: date) -> str:
    """`Fri 13 Nov`; with its year where that is another."""
    brief = formatting.brief_day(day)
    return f"{day:%a} {brief.rpartition(' ')[0]}" if day.year == today.year else brief


def late_text(due: date, day: date, holidays: Collection[date]) -> str:
    """`9 working days late`: those after the day it was due."""
    days = working_days(due + timedelta(days=1), day, holidays)
    return f"{formatting.plural(days, 'working day')} late" if days else "late"


def lead_in(items: Sequence[WorkItem], day: date, closes: date | None) -> str:
    """`Three are overdue: an update and two answers. Four are due by Monday 30 November.`"""
    overdue = [item for item in items if item.is_overdue(day)]
    soon = [
        item for item in items if item not in overdue and closes and item.due and item.due <= closes
    ]
    sentences = []
    if overdue:
        verb = "is" if len(overdue) == 1 else "are"
        sentences.append(f"{_count(len(overdue))} {verb} overdue: {_listed_kinds(overdue)}.")
    if soon and closes:
        verb = "is" if len(soon) == 1 else "are"
        until = "today" if closes == day else f"by {formatting.day_text(closes)}"
        sentences.append(f"{_count(len(soon))} {verb} due {until}.")
    if not overdue and items:
        sentences.append("Nothing is overdue.")
    return " ".join(sentences)


def _count(count: int) -> str:
    return formatting.number_text(count).capitalize()


def _listed_kinds(items: Iterable[WorkItem]) -> str:
    counts = Counter(item.kind for item in items)
    texts = []
    for kind in Kind:
        if count := counts[kind]:
            one, many = _IN_A_SENTENCE[kind]
            words = one if count == 1 else f"{formatting.number_text(count)} {many}"
            texts.append(in_words(words))
    return formatting.listed(texts)
