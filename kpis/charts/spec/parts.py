"""What a figure holds, and how its words are put together. Standard library only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from actions.rules.dates import PlanDate
from actions.rules.scale import OURS, Scale
from actions.rules.status import Rating
from kpis.rules.text import amount

# Marks a field that published figures, whose text is kept, may be without.
LATER = "later"

# What a cell of a table says where there is nothing to say.
NONE = "–"


class Kind(StrEnum):
    MEASURE = "measure"
    RATINGS = "ratings"
    GRID = "grid"
    TIMELINE = "timeline"


class Role(StrEnum):
    """What a series is, whatever its name."""

    ACTUAL = "actual"
    PROJECTED = "projected"
    TRAJECTORY = "trajectory"
    TARGET = "target"
    COMPARATOR = "comparator"
    MEAN = "mean"
    UPPER = "upper limit"
    LOWER = "lower limit"
    RATING = "rating"
    FIRST = "first agreed"
    NOW = "now"
    ASKED = "asked for"
    FORECAST = "forecast"
    DELIVERED = "delivered"

    @property
    def is_stepped(self) -> bool:
        """Holds throughout a period, and changes between two."""
        return self in {Role.TARGET, Role.MEAN, Role.UPPER, Role.LOWER}


class Shape(StrEnum):
    """How a point is drawn: its meaning never rests on its colour."""

    CIRCLE = "circle"
    DIAMOND = "diamond"
    SQUARE = "square"
    UP = "up"
    DOWN = "down"

    @property
    def words(self) -> str:
        return _SHAPE_WORDS[self]


_SHAPE_WORDS = {
    Shape.CIRCLE: "Circle: usual variation",
    Shape.DIAMOND: "Diamond: better than chance",
    Shape.SQUARE: "Square: worse than chance",
    Shape.UP: "Triangle up: higher than chance",
    Shape.DOWN: "Triangle down: lower than chance",
}


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on the x axis. `at` is its position; only periods can have a gap."""

    at: float
    on: date
    label: str
    is_period: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """Values, one for each tick, None where there is none.

    `words` say each value in full, `notes` stand beside a point, `shapes` are those of the points.
    `starts` are the ticks at which a stepped line begins anew, or a trajectory has a dated value;
    `provisional` those whose value may still change, `marked` small numbers for this reader alone.
    """

    name: str
    role: Role
    values: tuple[Decimal | None, ...]
    words: tuple[str, ...]
    shapes: tuple[Shape, ...] = ()
    notes: tuple[str, ...] = ()
    starts: frozenset[int] = frozenset()
    provisional: frozenset[int] = frozenset()
    marked: frozenset[int] = field(default=frozenset(), metadata={LATER: True})
    rating: Rating | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright with its words: limits set, plan begins, as at."""

    at: float
    words: str
    is_as_at: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the latest figure is from its path: the tick, both values, and the words of each."""

    tick: int
    value: Decimal
    expected: Decimal
    words: str
    path_words: str


@dataclass(frozen=True, slots=True)
class Far:
    """A target or path so far from the figures that these have an axis of their own.

    `scale` is theirs, `whole` that of a second panel below with everything on it. `name` and
    `distance` are of the next target that lies beyond the first axis, empty where none does.
    """

    scale: tuple[Decimal, ...]
    whole: tuple[Decimal, ...]
    name: str = ""
    distance: tuple[str, ...] = ()
    is_below: bool = False
    gap: Gap | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Something in a row, at a tick: a judgement of an area, or a date of a commitment."""

    tick: int
    words: str
    role: Role = Role.RATING
    rating: Rating | None = None
    counts: tuple[int, ...] = ()
    # Of a judgement in a plan with words of its own; else the colour's.
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    ref: str
    name: str
    cells: tuple[Cell, ...]
    group: str = ""
    # Written at the row's end, and whether it stands out.
    end: str = ""
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers in words, one text for each column; the first heads its row.

    `numeric` are the columns to be set right. `shapes` are those of the points, by row, or empty:
    they belong before the text of the column "Point".
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    shapes: tuple[Shape | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """`title` is the finding in a sentence, `unit` what the values count, `notes` stand below.

    `value_unit` is what stands behind a number ("%", "weeks"). `subject` says what the finding is
    about, where what stands around the figure does not. `closed` are the places of periods that are
    too few to show.
    """

    kind: Kind
    title: str
    unit: str
    x: tuple[Tick, ...]
    alt: str
    table: Table
    series: tuple[Series, ...] = ()
    rows: tuple[Row, ...] = ()
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    value_unit: str = ""
    subject: str = ""
    far: Far | None = field(default=None, metadata={LATER: True})
    closed: tuple[float, ...] = field(default=(), metadata={LATER: True})

    def of(self, role: Role) -> Series | None:
        return next((series for series in self.series if series.role is role), None)

    @property
    def comparators(self) -> list[Series]:
        """The only role that several series of a figure may have."""
        return [series for series in self.series if series.role is Role.COMPARATOR]


def month_ticks(months: Sequence[PlanDate]) -> tuple[Tick, ...]:
    return tuple(
        Tick(float(index), month.last_day, str(month)) for index, month in enumerate(months)
    )


def listed(items: Sequence[str]) -> str:
    """`a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def counted(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """In the middle of a sentence; an abbreviation keeps its capitals."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def counts_text(counts: Mapping[Rating, int], scale: Scale = OURS) -> str:
    """`2 Blue, 3 Green and 1 not yet rated, 6 in all`: the colours there are, in their order."""
    total = sum(counts.values())
    if not total:
        return "none"
    return f"{listed(_rating_counts(counts, scale))}, {total} in all"


def _rating_counts(counts: Mapping[Rating, int], scale: Scale) -> list[str]:
    return [
        f"{counts[rating]} {scale.within(rating)}" for rating in Rating if counts.get(rating, 0)
    ]


def short_text(value: Decimal, unit: str) -> str:
    """A number where its unit is said nearby: `52.9%`, but `125`."""
    return amount(value, unit if unit == "%" else "").strip()
