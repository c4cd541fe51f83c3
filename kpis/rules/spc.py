"""XmR control charts as NHS readers know them. A pure function, standard library only.

The rules are those of the NHS "Making Data Count" charts, as the R package NHSRplotthedots computes
them: limits at the mean plus or minus 2.66 mean moving ranges; four kinds of special cause (a value
outside the limits, a trend of seven, two of three near a limit, a shift of seven); a variation icon
from the last value, and an assurance icon that sets the target against the limits.

Numbers are compared exactly, as the decimals that were entered: a constant series of 92.3 gives no
signal, and a value on the mean is on it. So the arithmetic is in fractions; the result in floats.

Missing values are taken out before anything is computed: the values on either side of a gap are
neighbours. A rebase date starts a new phase at the first value on or after it, and nothing (range,
run or window) crosses from one phase to the next.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import isfinite, lcm
from typing import Literal

Number = int | float | Decimal
Improvement = Literal["increase", "decrease", "neutral"]
TwoOfThree = Literal["near_only", "near_or_outside"]

# Mean moving ranges from the mean to a process limit: the constant itself, not 3 / 1.128.
LIMIT = Fraction("2.66")
# A near limit lies two thirds of the way out.
NEAR = LIMIT * Fraction(2, 3)
# Moving ranges at or above this many means are left out when screening.
SCREEN = Fraction("3.267")
RUN = 7
# A phase of fewer values has limits that are only provisional.
ENOUGH = 13
SHORTEST_BASELINE = 12


@dataclass(frozen=True, slots=True)
class Point:
    """One period with a value. Limits are None where the phase has no moving range."""

    date: date
    value: float
    phase: int
    mean: float
    lower: float | None
    upper: float | None
    short: bool
    side: int
    outside: bool
    near: bool
    trend: bool
    two_of_three: bool
    shift: bool
    label: str
    point_type: str


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A series with its signals. `variation` and `assurance` are None where there is no icon."""

    points: tuple[Point, ...]
    last_date: date | None
    target: float | None
    variation: str | None
    assurance: str | None


def control_chart(
    observations: Iterable[tuple[date, Number | None]],
    *,
    improvement: Improvement,
    rebases: Iterable[date] = (),
    baseline_length: int | None = None,
    screen: bool = False,
    two_of_three: TwoOfThree = "near_only",
    targets: Iterable[tuple[date | None, Number | None]] = (),
) -> ControlChart:
    """The chart of one KPI of one organisation.

    `observations` are a date and a number, or None for a period without a value, in any order.
    `targets` are a start (None: always) and a number (None: no target from then on).
    ValueError where two observations or two targets share a date, a baseline is shorter than
    twelve, or an option is unknown.
    """
    if improvement not in ("increase", "decrease", "neutral"):
        raise ValueError(f"unknown direction of improvement: {improvement!r}")
    if two_of_three not in ("near_only", "near_or_outside"):
        raise ValueError(f"unknown variant of two of three: {two_of_three!r}")
    if baseline_length is not None and baseline_length < SHORTEST_BASELINE:
        raise ValueError(f"a baseline needs at least {SHORTEST_BASELINE} values")
    values = _prepared(observations)
    phases = [
        _Phase.of(number, rows, baseline_length, screen)
        for number, rows in enumerate(_split(values, rebases))
    ]
    points = tuple(point for phase in phases for point in _points(phase, improvement, two_of_three))
    goals = _goals(targets)
    if not points:
        return ControlChart((), None, None, None, None)
    target = _in_force(goals, points[-1].date)
    return ControlChart(
        points=points,
        last_date=points[-1].date,
        target=None if target is None else float(target),
        variation=_variation(points[-1]),
        assurance=_assurance(phases[-1], target, improvement),
    )


# --- Preparing --------------------------------------------------------------------------------

_Row = tuple[date, Fraction]


def _exact(number: Number) -> Fraction:
    """A number as the decimal that was entered: a float by its shortest spelling."""
    if isinstance(number, float):
        if not isfinite(number):
            raise ValueError(f"{number} is no value")
        return Fraction(repr(number))
    if isinstance(number, Decimal) and not number.is_finite():
        raise ValueError(f"{number} is no value")
    return Fraction(number)


def _prepared(observations: Iterable[tuple[date, Number | None]]) -> list[_Row]:
    rows = sorted(observations, key=lambda row: row[0])
    for (day, _), (next_day, _) in pairwise(rows):
        if day == next_day:
            raise ValueError(f"two observations for {day}")
    return [(day, _exact(value)) for day, value in rows if value is not None]


def _split(values: Sequence[_Row], rebases: Iterable[date]) -> list[list[_Row]]:
    """The values of each phase. Dates that lead to the same value count once."""
    starts = {0}
    remaining = sorted(set(rebases))
    position = 0
    for index, (day, _) in enumerate(values):
        while position < len(remaining) and remaining[position] <= day:
            starts.add(index)
            position += 1
    ordered = sorted(starts)
    if not values:
        return []
    return [
        list(values[start:end])
        for start, end in zip(ordered, [*ordered[1:], len(values)], strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Phase:
    number: int
    rows: list[_Row]
    mean: Fraction
    # Mean moving range; None with one baseline value.
    moving_range: Fraction | None

    @classmethod
    def of(
        cls, number: int, rows: list[_Row], baseline_length: int | None, screen: bool
    ) -> "_Phase":
        # In whole numbers of the smallest part that all are made of: exact, and far quicker.
        parts = _common_parts(value for _, value in rows)
        baseline = [_in_parts(value, parts) for _, value in rows[:baseline_length]]
        ranges = [abs(later - earlier) for earlier, later in pairwise(baseline)]
        moving = Fraction(sum(ranges), parts * len(ranges)) if ranges else None
        if screen and moving:
            kept = [step for step in ranges if Fraction(step, parts) < SCREEN * moving]
            moving = Fraction(sum(kept), parts * len(kept))
        return cls(number, rows, Fraction(sum(baseline), parts * len(baseline)), moving)

    def bound(self, ranges: Fraction) -> Fraction | None:
        """So many mean moving ranges from the mean, up or down; None without a range."""
        return None if self.moving_range is None else self.mean + ranges * self.moving_range

    @property
    def short(self) -> bool:
        return len(self.rows) < ENOUGH


# --- Facts and rules --------------------------------------------------------------------------


def _points(phase: _Phase, improvement: Improvement, variant: TwoOfThree) -> list[Point]:
    limits = (phase.bound(-LIMIT), phase.bound(LIMIT))
    near_limits = (phase.bound(-NEAR), phase.bound(NEAR))
    lines = [line for line in (*limits, *near_limits) if line is not None]
    parts = _common_parts([phase.mean, *lines, *(value for _, value in phase.rows)])
    values = [_in_parts(value, parts) for _, value in phase.rows]
    mean = _in_parts(phase.mean, parts)
    sides = [(value > mean) - (value < mean) for value in values]
    outside = _beyond(values, limits, parts)
    near = [
        not out and is_beyond
        for out, is_beyond in zip(outside, _beyond(values, near_limits, parts), strict=True)
    ]
    trends = _trends(values)
    shifts = _shifts(sides)
    pairs = _two_of_three(
        sides,
        near if variant == "near_only" else [a or b for a, b in zip(near, outside, strict=True)],
    )
    lower, upper = (None if limit is None else float(limit) for limit in limits)
    mean_shown, points = float(phase.mean), []
    for index, (day, value) in enumerate(phase.rows):
        label, direction = _label(
            side=sides[index],
            outside=outside[index],
            trend=trends[index],
            pair=pairs[index],
            shift=shifts[index],
        )
        points.append(
            Point(
                date=day,
                value=float(value),
                phase=phase.number,
                mean=mean_shown,
                lower=lower,
                upper=upper,
                short=phase.short,
                side=sides[index],
                outside=outside[index],
                near=near[index],
                trend=trends[index] != 0,
                two_of_three=pairs[index],
                shift=shifts[index],
                label=label,
                point_type=_type(direction, improvement),
            )
        )
    return points


def _common_parts(numbers: Iterable[Fraction]) -> int:
    """How many of the smallest part that all are made of make one."""
    return lcm(*(number.denominator for number in numbers))


def _in_parts(number: Fraction, parts: int) -> int:
    return number.numerator * (parts // number.denominator)


def _beyond(
    values: Sequence[int], limits: tuple[Fraction | None, Fraction | None], parts: int
) -> list[bool]:
    lower, upper = limits
    if lower is None or upper is None:
        return [False] * len(values)
    lowest, highest = _in_parts(lower, parts), _in_parts(upper, parts)
    return [not lowest <= value <= highest for value in values]


def _trends(values: Sequence[int]) -> list[int]:
    """For each value 1 in a rising run of seven, -1 in a falling one, else 0. A tie ends a run.

    A turning point belongs to both runs and takes the later one's direction.
    """
    marks = [0] * len(values)
    steps = [(later > earlier) - (later < earlier) for earlier, later in pairwise(values)]
    start = 0
    for end in range(1, len(steps) + 1):
        if end < len(steps) and steps[end] == steps[start]:
            continue
        # The steps from `start` to `end` join one value more than there are steps.
        if steps[start] and end - start + 1 >= RUN:
            marks[start : end + 1] = [steps[start]] * (end - start + 1)
        start = end
    return marks


def _shifts(sides: Sequence[int]) -> list[bool]:
    """Values of a run of seven on one side of the mean. A value on the mean ends a run."""
    marks = [False] * len(sides)
    start = 0
    for end in range(1, len(sides) + 1):
        if end < len(sides) and sides[end] == sides[start]:
            continue
        if sides[start] and end - start >= RUN:
            marks[start:end] = [True] * (end - start)
        start = end
    return marks


def _two_of_three(sides: Sequence[int], counted: Sequence[bool]) -> list[bool]:
    """The counted values of each three in a row on one side, where at least two are counted."""
    marks = [False] * len(sides)
    for first in range(len(sides) - 2):
        window = range(first, first + 3)
        if sides[first] == 0 or any(sides[index] != sides[first] for index in window):
            continue
        if sum(counted[index] for index in window) < 2:
            continue
        for index in window:
            marks[index] = marks[index] or counted[index]
    return marks


def _label(*, side: int, outside: bool, trend: int, pair: bool, shift: bool) -> tuple[str, int]:
    """The first label that applies, and the direction of its signal (1 high, -1 low, 0 none)."""
    end = "high" if side > 0 else "low"
    if outside:
        return f"outside_{end}", side
    if trend:
        return ("trend_up" if trend > 0 else "trend_down"), trend
    if pair:
        return f"two_of_three_{end}", side
    if shift:
        return f"shift_{end}", side
    return "common_cause", 0


def _type(direction: int, improvement: Improvement) -> str:
    if direction == 0:
        return "common_cause"
    if improvement == "neutral":
        return "neutral_high" if direction > 0 else "neutral_low"
    better = 1 if improvement == "increase" else -1
    return "improvement" if direction == better else "concern"


# --- Icons ------------------------------------------------------------------------------------


def _variation(last: Point) -> str:
    if last.point_type in ("improvement", "concern"):
        direction = _DIRECTIONS.get(last.label) or ("high" if last.side > 0 else "low")
        return f"{last.point_type}_{direction}"
    return last.point_type


# A trend goes by the way it runs, whatever the side of the mean.
_DIRECTIONS = {"trend_up": "high", "trend_down": "low"}


def _goals(
    targets: Iterable[tuple[date | None, Number | None]],
) -> list[tuple[date | None, Fraction | None]]:
    goals = [(start, None if goal is None else _exact(goal)) for start, goal in targets]
    starts = [start for start, _ in goals]
    if len(set(starts)) < len(starts):
        raise ValueError("two targets start on the same date")
    return goals


def _in_force(goals: Iterable[tuple[date | None, Fraction | None]], day: date) -> Fraction | None:
    """The target with the latest start not after the day; "always" counts as earliest."""
    begun = [(start, goal) for start, goal in goals if start is None or start <= day]
    latest = max(begun, key=lambda row: (row[0] is not None, row[0] or date.min), default=None)
    return latest[1] if latest else None


def _assurance(phase: _Phase, target: Fraction | None, improvement: Improvement) -> str | None:
    lower, upper = phase.bound(-LIMIT), phase.bound(LIMIT)
    if target is None or lower is None or upper is None or improvement == "neutral":
        return None
    if lower <= target <= upper:
        return "inconsistent"
    above = target > upper
    return "fail" if above == (improvement == "increase") else "pass"
