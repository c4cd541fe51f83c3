"""Where a KPI stands on its way to its targets. Standard library only."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from kpis.rules import trajectory
from kpis.rules.facts import ONE_WAY, STAY_CLOSE, KpiHistory, Status
from kpis.rules.figures import PeriodFigure
from kpis.rules.targets import Target, awaits_baseline, start_of
from kpis.rules.trajectory import Dated, Direction, TrajectoryStatus


class Position(StrEnum):
    """Where a measure stands. The first three need a line, a comparison or a reached target."""

    ON = "on"
    NEAR = "near"
    OFF = "off"
    # A target without a date, not reached; and a dated one, not reached and not due.
    SHORT = "short"
    NOT_DUE = "not_due"
    BASELINE_AWAITED = "baseline_awaited"
    NO_TARGET = "no_target"
    NO_FIGURE = "no_figure"
    TOO_FEW = "too_few"
    # In words, not in numbers: nothing to set against a line.
    IN_WORDS = "in_text"


POSITIONS = {
    TrajectoryStatus.ON: Position.ON,
    TrajectoryStatus.NEAR: Position.NEAR,
    TrajectoryStatus.OFF: Position.OFF,
}


def settles(history: KpiHistory, targets: Sequence[Target], latest: PeriodFigure | None) -> bool:
    """Whether the latest figure can meet or miss a target: a running total's at its year's end."""
    if history.kind != "cumulative" or latest is None:
        return True
    if history.year_starts is not None:
        after = latest.ends_on + timedelta(days=1)
        return (after.month, after.day) == (history.year_starts, 1)
    ends = [target.on.last_day for target in targets if target.on]
    return bool(ends) and latest.ends_on >= max(ends)


def expected_of(
    points: Sequence[Dated], latest: PeriodFigure | None, *, has_start: bool
) -> Decimal | None:
    if latest is None or not points:
        return None
    if not has_start and latest.ends_on < points[0].on:
        return None
    expected = trajectory.expected_on(points, latest.ends_on)
    return expected.value if expected else None


def gap_of(
    latest: PeriodFigure | None, wanted: Decimal | None, good: Direction | None
) -> Decimal | None:
    if latest is None or latest.value is None or wanted is None or good is None:
        return None
    return trajectory.gap(latest.value, wanted, good)


def position_of(
    history: KpiHistory,
    figures: Sequence[PeriodFigure],
    targets: Sequence[Target],
    points: Sequence[Dated],
    latest: PeriodFigure | None,
    target: Target | None,
    expected: Decimal | None,
    good: Direction | None,
    is_settled: bool,
) -> Position:
    newest = next(
        (
            figure
            for figure in reversed(figures)
            if figure.status not in (Status.PROJECTED, Status.MISSING)
        ),
        None,
    )
    if newest is not None and newest.is_too_few:
        return Position.TOO_FEW
    if latest is None:
        return Position.BASELINE_AWAITED if awaits_baseline(history) else Position.NO_FIGURE
    if latest.value is None:
        return Position.IN_WORDS
    if is_against_others(history, target):
        return _against_others(latest, good)
    if not targets:
        return Position.NO_TARGET
    if target is not None and not is_settled and has_own_rule(target):
        return Position.NOT_DUE
    if target is not None and target.operator in ONE_WAY:
        return _in_direction(history, target, latest)
    if target is not None and target.operator == STAY_CLOSE and target.level is not None:
        return _close_to(latest.value, target.level, target.tolerance)
    if expected is not None and good is not None:
        stands = trajectory.standing(latest.value, points, latest.ends_on, good)
        return POSITIONS[stands] if stands else Position.NO_TARGET
    if target is None or target.level is None:
        return Position.BASELINE_AWAITED if awaits_baseline(history) else Position.NO_TARGET
    if not is_settled:
        return Position.NOT_DUE
    if good is None:
        return Position.ON if latest.value == target.level else Position.SHORT
    if trajectory.gap(latest.value, target.level, good) >= 0:
        return Position.ON
    return Position.NOT_DUE if target.on else Position.SHORT


def is_against_others(history: KpiHistory, target: Target | None) -> bool:
    """Whether a comparison is judged by the others' value, and by no path to a number."""
    if history.kind != "comparator":
        return False
    return target is None or (target.level is None and target.operator not in ONE_WAY)


def _against_others(latest: PeriodFigure, good: Direction | None) -> Position:
    if latest.value is None or latest.compared_with is None or good is None:
        return Position.NO_TARGET
    short = trajectory.gap(latest.value, latest.compared_with, good) < 0
    return Position.OFF if short else Position.ON


def has_own_rule(target: Target | None) -> bool:
    """Whether it is judged by no path to it."""
    return target is not None and (target.operator in ONE_WAY or target.operator == STAY_CLOSE)


def target_gap_of(
    latest: PeriodFigure | None, target: Target | None, good: Direction | None
) -> Decimal | None:
    if target is None:
        return None
    if target.operator != STAY_CLOSE:
        return gap_of(latest, target.level, good)
    if latest is None or latest.value is None or target.level is None:
        return None
    return -abs(latest.value - target.level)


def _in_direction(history: KpiHistory, target: Target, latest: PeriodFigure) -> Position:
    start = start_of(history)
    if start is None or latest.value is None:
        return Position.BASELINE_AWAITED if awaits_baseline(history) else Position.NO_TARGET
    if trajectory.gap(latest.value, start, ONE_WAY[target.operator]) > 0:
        return Position.ON
    is_due = target.on is None or latest.ends_on >= target.on.last_day
    return Position.SHORT if is_due else Position.NOT_DUE


def _close_to(value: Decimal, level: Decimal, tolerance: Decimal | None) -> Position:
    apart = abs(value - level)
    if apart <= (tolerance or 0):
        return Position.ON
    if tolerance is None and apart <= abs(level) / 10:
        return Position.NEAR
    return Position.OFF
