"""A commitment along the months of its plan: its dates on an axis, and what was said by month.

Positions are per cent of the width, as text with three decimals: the page draws, it does not count.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil

from actions.pages import formatting
from actions.rules.dates import PlanDate, last_day_of_month
from actions.rules.state import Cell, CommitmentState, Month
from actions.rules.status import DateKind, DateState, Rating
from actions.wording import scale

# Above so many months their initials would touch.
MONTHS_WITH_INITIALS = 30

# How much of the width the labels of the uprights take.
ROOM_FOR_FIRST = 13
ROOM_FOR_YEAR = 5
ROOM_FOR_DUE = 9
# In pixels, where the row of months is narrowest beside its name: the row, a letter, and between.
SAID_WIDTH, LETTER_WIDTH, NAME_GAP = 640, 7.5, 6


@dataclass(frozen=True, slots=True)
class AxisMonth:
    x: str
    width: str
    label: str
    year: str


@dataclass(frozen=True, slots=True)
class Mark:
    kind: str
    x: str
    width: str
    label: str
    date: str
    is_far: bool
    is_lifted: bool


@dataclass(frozen=True, slots=True)
class Dots:
    x1: str
    x2: str


@dataclass(frozen=True, slots=True)
class Upright:
    x: str
    label: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    months: list[AxisMonth]
    marks: list[Mark]
    dots: list[Dots]
    as_at: Upright | None
    alt: str


@dataclass(frozen=True, slots=True)
class SaidMonth:
    kind: str
    rating: Rating
    letter: str
    month_initial: str
    year: str
    run: str
    is_moved: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class SaidRow:
    month: str
    said: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class GridLine:
    y: str
    label: str


@dataclass(frozen=True, slots=True)
class Place:
    x: str
    y: str


@dataclass(frozen=True, slots=True)
class Label:
    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class SaidTarget:
    x1: str
    x2: str
    y: str
    label: str


@dataclass(frozen=True, slots=True)
class SaidKpi:
    """A measure under the months; y counts from the top. A gap parts two of its paths."""

    name: str
    unit: str
    url: str
    label: str
    lines: list[GridLine]
    points: list[Place]
    paths: list[str]
    first: Label | None
    last: Label | None
    target: SaidTarget | None


@dataclass(frozen=True, slots=True)
class MonthStatement:
    months: list[SaidMonth]
    rows: list[SaidRow]
    first_agreed: Upright | None
    due_now: Upright | None
    as_at: Upright | None
    span: str
    alt: str
    kpi: SaidKpi | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The months a picture covers."""

    first: PlanDate
    count: int

    @classmethod
    def covering(cls, dates: Sequence[PlanDate]) -> "Span":
        first = min(dates, key=lambda when: when.month_number)
        last = max(when.month_number for when in dates)
        start = first.last_month
        return cls(start, last - start.month_number + 1)

    @property
    def months(self) -> list[PlanDate]:
        return [self.first.plus_months(offset) for offset in range(self.count)]

    def start_of(self, when: PlanDate) -> float:
        return 100 * (when.month_number - self.first.month_number) / self.count

    def of_day(self, day: date) -> float:
        within = (day.day - 1) / last_day_of_month(day).day
        return self.start_of(PlanDate.month_of(day)) + within * self.width

    @property
    def width(self) -> float:
        return 100 / self.count


def axis(state: CommitmentState, starts: PlanDate, ends: PlanDate | None) -> Axis | None:
    """The commitment's dates on the plan's months; None where it has no date."""
    if not state.dates:
        return None
    marks = _marks(state)
    span = Span.covering([starts, ends or starts, *(when for _, when, _ in marks)])
    completion = state.completion
    dots = []
    if completion and completion.is_moved:
        dots.append(_dots(span, completion.first, completion.now))
    if completion and state.requested_date:
        dots.append(_dots(span, completion.now, state.requested_date))
    drawn = _draw(span, marks)
    text = ", ".join(f"{mark.label} {mark.date}" for mark in drawn)
    return Axis(
        months=[
            AxisMonth(
                x=_text(span.start_of(month)),
                width=_text(span.width),
                label=str(month)[0] if span.count <= MONTHS_WITH_INITIALS else "",
                year=_year(month, index, span.width),
            )
            for index, month in enumerate(span.months)
        ],
        marks=drawn,
        dots=dots,
        as_at=_as_at(span, state.on, f"As at {state.on.day} {_short_month(state.on)}"),
        alt=f"Dates from {span.months[0]} to {span.months[-1]}: {text}",
    )


def _marks(state: CommitmentState) -> list[tuple[str, PlanDate, str]]:
    """Each mark's kind, date and label, in time order."""
    marks: list[tuple[str, PlanDate, str]] = []
    for dated in state.dates:
        if dated is not state.completion:
            marks.append(("other", dated.now, dated.kind.label))
        elif dated.is_moved:
            marks += [("first", dated.first, "First agreed"), ("now", dated.now, "Now")]
        else:
            marks.append(("now", dated.now, DateKind.COMPLETION.label))
    if state.requested_date:
        marks.append(("asked", state.requested_date, "Asked for"))
    return sorted(marks, key=lambda mark: mark[1].month_number)


def _draw(span: Span, marks: list[tuple[str, PlanDate, str]]) -> list[Mark]:
    drawn: list[Mark] = []
    room_until = lifted_until = -1.0
    for kind, when, label in marks:
        x = span.start_of(when)
        is_far = x > 88
        left = x - 12 if is_far else x
        is_lifted = left < room_until and left >= lifted_until
        if is_lifted:
            lifted_until = left + 14
        else:
            room_until = left + 14
        drawn.append(Mark(kind, _text(x), _text(span.width), label, when.short, is_far, is_lifted))
    return drawn


def span_said(state: CommitmentState, starts: PlanDate, ends: PlanDate | None) -> Span:
    """The months of what was said: the plan's, to the day, with the date as agreed and as it is.

    What was agreed in a plan before lies outside: nothing was said of it here.
    """
    points = [starts, ends or starts, PlanDate.month_of(state.on)]
    if state.completion:
        points.append(state.completion.now)
        if not state.formers:
            points.append(state.completion.first)
    return Span.covering(points)


def said_and_done(
    state: CommitmentState,
    months: Sequence[Month],
    moved_in: set[int],
    starts: PlanDate,
    ends: PlanDate | None,
) -> MonthStatement | None:
    """What was said of the commitment, month by month of the plan. None before its first update.

    `months` are the strip's, up to the day; `moved_in` the months (numbers) in which a date moved.
    """
    if state.newest_update is None:
        return None
    completion = state.completion
    span = span_said(state, starts, ends)
    known = {month.month.month_number: month for month in months}
    current = PlanDate.month_of(state.on).month_number
    named = _runs_with_room(months, len(span.months))
    cells, rows = [], []
    for index, when in enumerate(span.months):
        month = known.get(when.month_number)
        rating = month.rating if month else Rating.NOT_YET_RATED
        kind = month.cell.value if month else ("ahead" if when.month_number > current else "before")
        cells.append(
            SaidMonth(
                kind=kind,
                rating=rating,
                letter=scale().letter(rating),
                month_initial=str(when)[0],
                year=_year(when, index, span.width),
                run=scale().word(rating) if when.month_number in named else "",
                is_moved=when.month_number in moved_in,
                is_current=when.month_number == current,
            )
        )
        if month:
            rows.append(SaidRow(str(when), formatting.cell_text(month)))
    first, due = _uprights(span, completion) if completion else (None, None)
    return MonthStatement(
        months=cells,
        rows=rows,
        first_agreed=first,
        due_now=due,
        as_at=_as_at(span, state.on, ""),
        span=f"{span.months[0]} to {span.months[-1]}",
        alt="What was said, by month. " + formatting.strip_view(months).alt,
    )


def _runs_with_room(months: Sequence[Month], shown: int) -> set[int]:
    """The months (numbers) at which a run of one rating is named, of so many that are `shown`.

    A name that is wider than its run's months would have the next run's start under it.
    """
    month_width = SAID_WIDTH / shown
    with_progress = [month for month in months if month.cell is not Cell.BEFORE]
    starts = [
        at
        for at, month in enumerate(with_progress)
        if not at or month.rating is not with_progress[at - 1].rating
    ]
    named = set()
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        word = scale().word(with_progress[start].rating)
        needed = max(2, ceil((len(word) * LETTER_WIDTH + NAME_GAP) / month_width))
        if end is None or end - start >= needed:
            named.add(with_progress[start].month.month_number)
    return named


def _uprights(span: Span, completion: DateState) -> tuple[Upright | None, Upright]:
    """First agreed and due, at the end of their months, which is when a date has passed.

    Their labels stand on one line, so each takes the side of its upright that has room.
    """
    due_x = span.start_of(completion.now) + span.width
    if not completion.is_moved or completion.first.month_number < span.first.month_number:
        return None, Upright(_text(due_x), "due", is_late=due_x > 100 - ROOM_FOR_DUE)
    first_x = span.start_of(completion.first) + span.width
    apart = abs(due_x - first_x)
    if first_x < due_x:
        due_is_left = due_x > 100 - ROOM_FOR_DUE
        first_is_left = due_is_left or apart < ROOM_FOR_FIRST
        has_room = not due_is_left or apart > ROOM_FOR_DUE
    else:
        due_is_left = True
        first_is_left = first_x > 100 - ROOM_FOR_FIRST
        has_room = not first_is_left or apart > ROOM_FOR_FIRST
    first = Upright(_text(first_x), "first agreed" if has_room else "", is_late=first_is_left)
    return first, Upright(_text(due_x), "due now", is_late=due_is_left)


def _as_at(span: Span, day: date, label: str) -> Upright | None:
    x = span.of_day(day)
    return Upright(_text(x), label) if 0 <= x <= 100 else None


def _dots(span: Span, start: PlanDate, end: PlanDate) -> Dots:
    half = span.width / 2
    return Dots(_text(span.start_of(start) + half), _text(span.start_of(end) + half))


def _year(month: PlanDate, index: int, width: float) -> str:
    """At each January; and at the first month, where it has room before the next."""
    number = month.first_day.month
    has_room = index == 0 and (13 - number) * width >= ROOM_FOR_YEAR
    return str(month.first_day.year) if number == 1 or has_room else ""


def _short_month(day: date) -> str:
    return PlanDate.month_of(day).short.split()[0]


def _text(x: float) -> str:
    return f"{x:.3f}"
