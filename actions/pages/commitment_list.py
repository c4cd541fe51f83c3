"""The commitments of a plan as one list: what each line of it knows, and the orders it can take."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import CharField, F, QuerySet, Value

from actions.models import Action, Area, Person, ProgressUpdate
from actions.pages import formatting
from actions.pages.commitment_rows import CommitmentText, commitment_texts, line, people_of
from actions.pages.plan_page import PlanPage
from actions.records.text_versions import worded
from actions.records.written_once import written_once
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState, count
from actions.rules.status import Rating
from actions.wording import levels, scale


@dataclass(frozen=True, slots=True)
class Heading:
    """An area or an action: what a commitment stands under."""

    code: str
    ref: str
    title: str
    # Of an area: "Area 1", and its place in the plan.
    label: str = ""
    position: int = 0
    short_title: str = ""

    @property
    def numbered(self) -> str:
        return formatting.numbered(self.ref, self.title)

    @property
    def numbered_in_short(self) -> str:
        """The same, by its short title where it has one."""
        return formatting.numbered(self.ref, self.short_title or self.title)


@dataclass(frozen=True, slots=True)
class Group:
    """The heading before the lines of one area; `note` says what stands under it."""

    title: str
    note: str


@dataclass(frozen=True)
class CommitmentRow:
    """One commitment with its words, people and place in the plan."""

    page: PlanPage = field(repr=False)
    state: CommitmentState
    words: CommitmentText
    leads: tuple[Person, ...]
    area: Heading
    action: Heading
    group: Group | None = None
    # The newest update with its words, where they were read.
    said: ProgressUpdate | None = None

    @cached_property
    def line(self) -> formatting.LedgerRow:
        return line(self.page, self.state, self.words, [person.name for person in self.leads])

    @property
    def lead_text(self) -> str:
        return "; ".join(person.name for person in self.leads)

    @property
    def organisations(self) -> list[str]:
        """Of the leads, each once, by their short names."""
        codes = (person.organisation.code for person in self.leads if person.organisation)
        return list(dict.fromkeys(codes))

    @property
    def last_said_on(self) -> date | None:
        newest = self.state.newest_update
        return day_of(newest.effective_at) if newest else None

    @property
    def last_said_text(self) -> str:
        """`24 Jan 2023`"""
        day = self.last_said_on
        return formatting.brief_day(day) if day else "nothing yet"

    @property
    def then(self) -> CommitmentState | None:
        """How it stood on the earlier day of the address, where it was in the plan."""
        return self.page.previous_states.get(self.state.id)

    @property
    def then_text(self) -> str:
        """`was Green`, beside its rating; empty where nothing is compared or it is the same."""
        if self.page.comparison_day is None:
            return ""
        if self.then is None:
            return "not in the plan then"
        now, then = formatting.rating_text(self.state), formatting.rating_text(self.then)
        return "same" if now == then else f"was {then}"

    @property
    def changed_on(self) -> date:
        return self.page.changed_on(self.state)


def rows_of(page: PlanPage) -> list[CommitmentRow]:
    """Every commitment of the plan as at the page's day, in the plan's order. Three queries."""
    states = page.state.commitments
    texts = commitment_texts(page, states)
    people = page.keep("leads", (), lambda: people_of(states))
    headings = page.keep("headings", (page.worded_day,), lambda: _headings(page))
    return [
        CommitmentRow(
            page,
            state,
            texts[state.id],
            tuple(people[lead.person] for lead in state.leads),
            headings["area", state.area],
            headings["action", state.action],
        )
        for state in states
    ]


def with_newest_updates(rows: Iterable[CommitmentRow]) -> list[CommitmentRow]:
    """The same rows with the words of their newest update. One query."""
    rows = list(rows)
    newest = {row.state.id: row.state.newest_update for row in rows}
    ids = [update.id for update in newest.values() if update]
    updates = {update.pk: update for update in _updates(ids)}

    def newest_update(row: CommitmentRow) -> ProgressUpdate | None:
        update = newest[row.state.id]
        return updates[update.id] if update else None

    return [replace(row, said=newest_update(row)) for row in rows]


@written_once
def _updates(keys: list[int]) -> QuerySet[Any, ProgressUpdate]:
    return ProgressUpdate.objects.select_related("risk").filter(pk__any=keys)


def _headings(page: PlanPage) -> dict[tuple[str, int], Heading]:
    """Areas and actions as worded on the day. One query."""

    def named(model: Any, kind: str, label: Any) -> Any:
        return (
            worded(model, page.worded_day, plan=page.plan)
            .annotate(kind=Value(kind, CharField()), called=label)
            .values_list("kind", "key", "code", "ref", "title", "called")
        )

    areas = named(Area, "area", F("label"))
    rows = areas.union(named(Action, "action", Value("", CharField())), all=True)
    return {(kind, key): Heading(*texts) for kind, key, *texts in rows}


# --- Order ------------------------------------------------------------------------------------

_RATINGS = list(Rating)


def _rating(row: CommitmentRow) -> int | None:
    return None if row.state.is_withdrawn else _RATINGS.index(row.state.rating)


def _first(row: CommitmentRow) -> date | None:
    completion = row.state.completion
    return completion.first.last_day if completion else None


def _now(row: CommitmentRow) -> date | None:
    completion = row.state.completion
    return completion.now.last_day if completion else None


# By the column that is pressed; None is last whichever way the list runs.
ORDERS: dict[str, Callable[[CommitmentRow], Any]] = {
    "ref": lambda row: 0,  # as it comes: the plan's own order
    "colour": _rating,
    "lead": lambda row: row.lead_text.casefold() or None,
    "first": _first,
    "now": _now,
    "last_said": lambda row: row.last_said_on,
}


@dataclass(frozen=True, slots=True)
class Order:
    column: str = "ref"
    is_descending: bool = False

    @classmethod
    def parse(cls, text: str | None, columns: Collection[str] = ORDERS) -> "Order":
        """The order an address asks for; the plan's own where it asks for none that there is."""
        text = text or ""
        column = text.removeprefix("-")
        return cls(column, text.startswith("-")) if column in columns else cls()

    def __str__(self) -> str:
        return f"-{self.column}" if self.is_descending else self.column

    @property
    def is_of_plan(self) -> bool:
        return self.column == "ref"


Item = TypeVar("Item")


def ordered(
    rows: Iterable[Item], order: Order, orders: Mapping[str, Callable[[Any], Any]] = ORDERS
) -> list[Item]:
    """Rows given in the plan's order, in another; ties stay in the plan's."""
    rows = list(rows)
    if order.is_of_plan:
        return rows[::-1] if order.is_descending else rows
    key = orders[order.column]
    ranked = [row for row in rows if key(row) is not None]
    return [
        *sorted(ranked, key=key, reverse=order.is_descending),
        *(row for row in rows if key(row) is None),
    ]


# --- Groups -----------------------------------------------------------------------------------


def grouped(rows: Iterable[CommitmentRow], pool: Iterable[CommitmentRow]) -> list[CommitmentRow]:
    """Rows under the heading of their area, with the counts of what of the pool matches."""
    rows, pool = list(rows), list(pool)
    groups = {
        area: _group(
            [row for row in pool if row.state.area == area],
            [row for row in rows if row.state.area == area],
        )
        for area in {row.state.area for row in rows}
    }
    return [replace(row, group=groups[row.state.area]) for row in rows]


def _group(area: list[CommitmentRow], matching: list[CommitmentRow]) -> Group:
    head = area[0]
    counts = count(row.state for row in matching)
    if len(matching) == len(area):
        text = levels().some("commitment", len(area))
    else:
        text = f"{len(matching)} of {len(area)} match"
    parts = [
        f"{number} {scale().word(rating)}" for rating, number in counts.ratings.items() if number
    ]
    if counts.withdrawn:
        parts.append(f"{counts.withdrawn} withdrawn")
    if parts and head.page.state.tracked:
        text += f": {', '.join(parts)}"
    return Group(formatting.area_name(head.area), text)
