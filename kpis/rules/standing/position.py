"""Where a KPI stands on its way to its targets. Standard library only.

1. *The target* is the next dated one that the newest figure is on its way to; past the last, the
   last one is to be held. An undated one counts where none has a date.
2. *Met* is a value as good as the target's level or better; without a good direction, that level
   alone. A value to stay close to is met within its tolerance, on either side. A direction alone is
   met by a value that has moved that way from the baseline, and a comparison without a level by one
   no worse than the others' of the same period.
3. *Passed* is the last dated target from the day after its last day on: of a term, a quarter or a
   year, the day after that. A running total's is due when its year ends, and again in each year
   after it that is held to it. Milestones before the last decide nothing here: see `milestones`.
4. Once it has passed, the newest figure decides, where its period ends on that day or later: *at
   target*, or *target missed*. Where there is none, nobody can tell: *target passed, no figure*.
5. Before, a figure that meets the last target is *at target* already, and any other stands on its
   path: *on* it where it is as good as expected, *near* where it falls short by no more than the
   tolerance, else *off*. Without a path to judge by, the target is *not due yet*.
6. A running total meets or misses when its year is over. Before, it only runs by its path, and is
   near it within a tenth of what the path expects on that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from kpis.rules import trajectory
from kpis.rules.disclosure import year_of
from kpis.rules.facts import ONE_WAY, STAY_CLOSE, KpiHistory
from kpis.rules.figures import PeriodFigure
from kpis.rules.standing.targets import Target, awaits_baseline, line_of_year, start_of
from kpis.rules.trajectory import Dated, Direction, TrajectoryStatus


class Position(StrEnum):
    """Where a KPI stands. On, near and off need a path or a comparison."""

    AT_TARGET = "at_target"
    ON = "on"
    NEAR = "near"
    OFF = "off"
    # The last target's date has passed: the newest figure is short of it, or there is none since.
    MISSED = "target_missed"
    PASSED = "target_passed"
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


class Outcome(StrEnum):
    """What became of a target whose date has passed."""

    MET = "met"
    MISSED = "missed"
    NO_FIGURE = "no_figure"
    # There is a figure, and no baseline or comparison to judge it by.
    NOTHING_BESIDE = "nothing_beside"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Judged:
    """A KPI by the end of a day, as far as its position needs it."""

    history: KpiHistory
    day: date
    # What is said of each period, in time order; some may be too small to show.
    said: Sequence[PeriodFigure]
    targets: Sequence[Target]
    # The newest of them that is shown.
    latest: PeriodFigure | None
    target: Target | None
    points: Sequence[Dated]
    expected: Decimal | None
    good: Direction | None

    @property
    def newest(self) -> PeriodFigure | None:
        return self.said[-1] if self.said else None

    @property
    def is_of_year(self) -> bool:
        """Whether it is a running total that begins again each year."""
        return self.history.kind == "cumulative" and self.history.year_starts is not None

    @property
    def is_settled(self) -> bool:
        """Whether the latest figure can meet or miss: a running total's once its year is over."""
        if self.history.kind != "cumulative" or self.latest is None:
            return True
        if self.history.year_starts is not None:
            after = self.latest.ends_on + timedelta(days=1)
            is_end = (after.month, after.day) == (self.history.year_starts, 1)
            return is_end and self.day > self.latest.ends_on
        ends = [target.on.last_day for target in self.targets if target.on]
        return bool(ends) and self.latest.ends_on >= max(ends)

    @property
    def passed_on(self) -> date | None:
        return passed_on(self.history, self.targets, self.day)


def passed_on(history: KpiHistory, targets: Sequence[Target], day: date) -> date | None:
    """The day by which the last dated target was to be met; None while that is to come."""
    ends = [target.on.last_day for target in targets if target.on]
    if not ends:
        return None
    starts = history.year_starts
    if history.kind != "cumulative" or starts is None:
        return ends[-1] if ends[-1] < day else None
    year_end = date(year_of(day, starts), starts, 1) - timedelta(days=1)
    return year_end if ends[-1] <= year_end else None


def outcome_of(judged: Judged) -> Outcome | None:
    """What became of the last dated target; None while it is to come, and of judged words."""
    passed = judged.passed_on
    if passed is None:
        return None
    target = [target for target in judged.targets if target.on][-1]
    said = judged.newest
    if judged.is_of_year:
        said = next((figure for figure in judged.said if figure.ends_on == passed), None)
    if said is not None and said.judgement:
        return None
    if said is None or said.ends_on < passed:
        return Outcome.NO_FIGURE
    return told(judged.history, target, said, judged.good, _level(judged, target, passed))


def told(
    history: KpiHistory,
    target: Target,
    said: PeriodFigure,
    good: Direction | None,
    level: Decimal | None,
) -> Outcome:
    """What a figure of its day says of a target of this level."""
    if said.is_too_few:
        return Outcome.TOO_FEW
    met = meets(history, target, said, good, level)
    if met is None:
        return Outcome.NOTHING_BESIDE
    return Outcome.MET if met else Outcome.MISSED


def _level(judged: Judged, target: Target | None, on: date) -> Decimal | None:
    """What the target asks of a day; of a running total, what its year was to come to."""
    if target is None:
        return None
    if judged.is_of_year and not has_own_rule(target):
        points = line_of_year(judged.history, judged.targets, on)
        return points[-1].value if points else None
    return target.level


def meets(
    history: KpiHistory,
    target: Target,
    figure: PeriodFigure,
    good: Direction | None,
    level: Decimal | None,
) -> bool | None:
    """Whether a figure meets a target of this level; None where nothing says."""
    value = figure.value
    if value is None:
        return None
    if is_against_others(history, target):
        if figure.compared_with is None or good is None:
            return None
        return trajectory.gap(value, figure.compared_with, good) >= 0
    if target.operator in ONE_WAY:
        start = start_of(history)
        if start is None:
            return None
        return trajectory.gap(value, start, ONE_WAY[target.operator]) > 0
    if level is None:
        return None
    if target.operator == STAY_CLOSE:
        return abs(value - level) <= (target.tolerance or 0)
    if good is None:
        return value == level
    return trajectory.gap(value, level, good) >= 0


def position_of(judged: Judged) -> Position:
    newest, latest, passed = judged.newest, judged.latest, judged.passed_on
    is_silent = passed is not None and (newest is None or newest.ends_on < passed)
    if newest is not None and newest.is_too_few and not is_silent:
        return Position.TOO_FEW
    if latest is not None and latest.judgement:
        return Position.IN_WORDS
    if is_silent:
        return Position.PASSED
    if latest is None:
        is_awaited = awaits_baseline(judged.history)
        return Position.BASELINE_AWAITED if is_awaited else Position.NO_FIGURE
    target = judged.target
    has_passed = passed is not None and passed <= latest.ends_on
    if is_against_others(judged.history, target):
        return _against_others(latest, judged.good, has_passed=has_passed)
    if target is None:
        return Position.NO_TARGET
    return _on_its_way(judged, latest, target, has_passed=has_passed)


def _on_its_way(
    judged: Judged, latest: PeriodFigure, target: Target, *, has_passed: bool
) -> Position:
    history = judged.history
    met = meets(history, target, latest, judged.good, _level(judged, target, latest.ends_on))
    if target.level is None and met is None:
        return Position.BASELINE_AWAITED if awaits_baseline(history) else Position.NO_TARGET
    if met is None or not judged.is_settled:
        return _on_path(judged, latest) or Position.NOT_DUE
    is_last = target.on is None or not any(
        other.on and other.on.last_day > target.on.last_day for other in judged.targets
    )
    # A running total whose year is over has met or missed what that year was to come to.
    is_over = has_passed or history.kind == "cumulative"
    if met and (is_last or is_over):
        return Position.AT_TARGET
    if is_over:
        return Position.MISSED
    if target.operator == STAY_CLOSE:
        return _close_to(latest, target, met=met)
    on_path = _on_path(judged, latest)
    if on_path or met:
        return on_path or Position.ON
    return Position.NOT_DUE if target.on else Position.SHORT


def _on_path(judged: Judged, latest: PeriodFigure) -> Position | None:
    if judged.expected is None or judged.good is None or latest.value is None:
        return None
    within = tolerance_of(judged.history, judged.points, judged.expected)
    return POSITIONS[trajectory.beside(latest.value, judged.expected, judged.good, within)]


def tolerance_of(history: KpiHistory, points: Sequence[Dated], expected: Decimal) -> Decimal:
    """How far short of its path is still near; of a running total, a tenth of what is expected."""
    if history.kind == "cumulative":
        return abs(expected) / 10
    return trajectory.tolerance(points)


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


def is_against_others(history: KpiHistory, target: Target | None) -> bool:
    """Whether a comparison is judged by the others' value, and by no path to a number."""
    if history.kind != "comparator":
        return False
    return target is None or (target.level is None and target.operator not in ONE_WAY)


def _against_others(latest: PeriodFigure, good: Direction | None, *, has_passed: bool) -> Position:
    if latest.value is None or latest.compared_with is None or good is None:
        return Position.NO_TARGET
    if trajectory.gap(latest.value, latest.compared_with, good) >= 0:
        return Position.AT_TARGET if has_passed else Position.ON
    return Position.MISSED if has_passed else Position.OFF


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


def _close_to(latest: PeriodFigure, target: Target, *, met: bool) -> Position:
    if met:
        return Position.AT_TARGET
    assert latest.value is not None
    assert target.level is not None
    is_near = abs(latest.value - target.level) <= abs(target.level) / 10
    return Position.NEAR if target.tolerance is None and is_near else Position.OFF
