"""Whether a measure is where its trajectory says it should be. Pure, standard library only.

A trajectory is the line through the baseline and the dated targets, straight from one to the next.
A month's point lies on its last day: "125 weeks by June 2023" is to be reached by 30 June. Before
the first point it is flat at the first value, and after the last one flat at the last: a target
that has been reached is to be held. With one dated value the line is that value throughout.

*On* the trajectory is a value as good as expected or better, *near* one that falls short by no more
than the tolerance, *off* any other. The tolerance is a tenth of the way from the first value of the
line to its last, whatever its unit; with a single value, a tenth of that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

TOLERANCE = Fraction(1, 10)
# A forecast further out than this says nothing.
FURTHEST = timedelta(days=365 * 10)


class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


class TrajectoryStatus(StrEnum):
    ON = "on"
    NEAR = "near"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Dated:
    """A value of the KPI, in its unit, on a day (of a month, its last)."""

    on: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Expected:
    value: Decimal
    is_before_first: bool = False
    is_after_last: bool = False


def expected_on(points: Sequence[Dated], day: date) -> Expected | None:
    """What the line through the points, in time order, expects of a day. None without points."""
    if not points:
        return None
    first, last = points[0], points[-1]
    if day < first.on:
        return Expected(first.value, is_before_first=True)
    if day > last.on:
        return Expected(last.value, is_after_last=True)
    for earlier, later in pairwise(points):
        if earlier.on <= day <= later.on:
            return Expected(_between(earlier, later, day))
    return Expected(first.value)


def gap(actual: Decimal, expected: Decimal, direction: Direction) -> Decimal:
    """How far a value is from what is expected, in the KPI's unit; below zero it falls short."""
    return actual - expected if direction is Direction.HIGHER else expected - actual


def tolerance(points: Sequence[Dated]) -> Decimal:
    """How far short is still near, in the KPI's unit."""
    if not points:
        return Decimal(0)
    span = abs(points[-1].value - points[0].value) or abs(points[-1].value)
    return _decimal(Fraction(span) * TOLERANCE)


def beside(
    actual: Decimal, expected: Decimal, direction: Direction, within: Decimal
) -> TrajectoryStatus:
    """Where a value stands beside what is expected; short by no more than `within`, it is near."""
    short = -gap(actual, expected, direction)
    if short <= 0:
        return TrajectoryStatus.ON
    return TrajectoryStatus.NEAR if short <= within else TrajectoryStatus.OFF


def reaches_on(actuals: Sequence[Dated], target: Decimal, direction: Direction) -> date | None:
    """The day on which the target is reached at the present rate.

    The rate is that from the first to the last of the actuals given, in time order. The last one's
    own day where it has been reached already; None where the measure stands still or moves away,
    where fewer than two values say how it moves, or beyond ten years.
    """
    if not actuals:
        return None
    first, last = actuals[0], actuals[-1]
    missing = -gap(last.value, target, direction)
    if missing <= 0:
        return last.on
    days = (last.on - first.on).days
    gained = gap(last.value, first.value, direction)
    if days == 0 or gained <= 0:
        return None
    needed = Fraction(missing) / (Fraction(gained) / days)
    # A part of a day counts as a whole one: by then it is reached.
    wait = timedelta(days=-(-needed.numerator // needed.denominator))
    return last.on + wait if wait <= FURTHEST else None


def _between(earlier: Dated, later: Dated, day: date) -> Decimal:
    days = (later.on - earlier.on).days
    if days == 0:
        return later.value
    share = Fraction((day - earlier.on).days, days)
    return _decimal(Fraction(earlier.value) + share * Fraction(later.value - earlier.value))


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)
