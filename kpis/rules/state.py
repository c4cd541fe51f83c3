"""How each measure stands as at a day, worked out from what was recorded. Standard library only.

A row counts as at a day when the moment it speaks of lies before the end of that day in London, and
as known at a moment when it had been recorded by then. The newest row of a period is its figure;
what was said before stays with it. Nobody else computes where a measure stands.

1. *Figures*. A final figure that asks for a second person is provisional until confirmed. Missing
   is missing, never zero. A projected figure is shown and counts for nothing else. What is closed
   (decided once, by `kpis/rules/disclosure.py`) is taken out first for who may not see small
   numbers, so that nothing is built on it; who may sees it marked. Where a closed figure stands is
   said where each number that anybody may take it for would stand there.
2. *The level of a target*, in the KPI's unit. A relative one ("10 % fewer") is a share of the
   baseline, and has no level before there is one; where the KPI's unit is per cent of its baseline,
   the level is that percentage itself. An increase or decrease of any other KPI is in its unit. A
   target of a direction alone ("fewer") has none. A date given from the agreement ("by month 6") is
   stored as that month when the plan is agreed; before, it is none.
3. *The line* runs from the baseline (without a date: from the plan's start) through the dated
   targets. A cumulative measure has a line for each year, from nothing at its start. Where there is
   no baseline the first target is judged from its date on, and not before.
   A value to stay close to is no point of the line: it holds at any time.
4. *Where it stands*: see `Position`. A comparison stands on the others' value of the same period. A
   running total meets or misses its target when its year ends; before, it only runs by its line. A
   direction alone is met by a figure that has moved that way from the baseline. A value to stay
   close to is met within its tolerance, on either side; without one by that value alone, and a
   figure within a tenth of it is near.
5. *Data due*. A period's figure is due by the tenth working day after the period, from the first
   month the KPI names, or the month from which the plan is tracked. Of a plan that is closed no
   figure is due, and its measures stand as on its closing day, with what was said of them since.
6. *Control chart*: where figures come monthly and do not add up over a year, and none is too small
   to show. Figures of twelve months each have none: two that follow one another share eleven. A
   quarterly or rarer measure has one only where its own number of values is set. Icons need that
   number, thirteen unless set, in the last phase.
7. *A forecast* of the day on which the last target is reached is made only where the chart's icon
   shows a change in the wanted direction that is not by chance, from the figures since the limits
   were last set, of the last twelve months.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TypeVar

from actions.rules.dates import (
    PlanDate,
    add_months,
    add_working_days,
    day_of,
    end_of_day,
    last_day_of_month,
)
from actions.rules.state import CommitmentState
from kpis.rules import disclosure, spc, trajectory
from kpis.rules.trajectory import Dated, Direction, TrajectoryStatus

DUE_WORKING_DAYS = 10
# How long something has to be done before its measure is asked whether it helped.
DONE_MONTHS = 3
# The months whose figures say what the present rate is.
RATE_MONTHS = 12
_BY = ("increase_by", "decrease_by")
# Targets without a number.
ONE_WAY = {"increase": Direction.HIGHER, "decrease": Direction.LOWER}
STAY_CLOSE = "stay_close"
MONTHS_OF = {"monthly": 1, "quarterly": 3, "six_monthly": 6, "yearly": 12}
YEAR_STARTS = {"financial": 4, "school": 9, "calendar": 1}


class Status(StrEnum):
    PROJECTED = "projected"
    PROVISIONAL = "provisional"
    FINAL = "final"
    MISSING = "missing"


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


# --- What was recorded ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MeasurementFact:
    id: int
    effective_at: datetime
    recorded_at: datetime
    starts_on: date
    ends_on: date
    status: Status
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    respondents: int | None = None
    compared_with: Decimal | None = None
    judgement: str = ""
    corrects: int | None = None
    by: int | None = None
    # The second person's answer and its clocks, where one was given.
    is_confirmed: bool | None = None
    looked_effective_at: datetime | None = None
    looked_recorded_at: datetime | None = None
    # None: open, or, of a KPI that counts children or families, not decided and closed.
    is_open: bool | None = None
    # What is shown of a closed one, and what it could be: as `disclosure.Decision` says.
    shown: Decimal | None = None
    could_be: Sequence[int] = ()
    # To what an open one is rounded for who may not see small numbers.
    rounding: int | None = None


@dataclass(frozen=True, slots=True)
class TargetFact:
    id: int
    effective_at: datetime
    recorded_at: datetime
    on: PlanDate | None
    value: Decimal | None
    operator: str
    kind: str
    replaces: int | None = None
    is_withdrawn: bool = False
    tolerance: Decimal | None = None
    # As the plan prints it: "milestone 3"; and whose value it is: "England 2023/24".
    label: str = ""
    borrowed_from: str = ""
    months_after_agreement: int | None = None


@dataclass(frozen=True, slots=True)
class RebaseFact:
    id: int
    effective_at: datetime
    recorded_at: datetime
    on: date
    replaces: int | None = None
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class KpiHistory:
    """A KPI as described on the day it was read for, and all that was recorded of it."""

    id: int
    plan: int
    code: str
    kind: str
    direction: str
    frequency: str
    is_percentage: bool
    plan_starts: PlanDate
    baseline: Decimal | None = None
    baseline_on: PlanDate | None = None
    awaits_baseline: bool = False
    counts_people: bool = False
    needs_second_person: bool = False
    year: str = ""
    enough_values: int | None = None
    # None: nothing is owed.
    due_from: PlanDate | None = None
    # The day the plan was closed on.
    closed_on: date | None = None
    areas: tuple[int, ...] = ()
    commitments: tuple[int, ...] = ()
    data_owner: int | None = None
    measurements: tuple[MeasurementFact, ...] = ()
    targets: tuple[TargetFact, ...] = ()
    rebases: tuple[RebaseFact, ...] = ()

    @property
    def months(self) -> int | None:
        """The months of a period; None where figures have no rhythm."""
        return MONTHS_OF.get(self.frequency)

    @property
    def year_starts(self) -> int | None:
        return YEAR_STARTS.get(self.year)

    @property
    def good(self) -> Direction | None:
        return None if self.direction == "neither" else Direction(self.direction)


# --- How it stands ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeriodFigure:
    """What a period came to, as far as it may be shown."""

    id: int
    starts_on: date
    ends_on: date
    status: Status
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    respondents: int | None
    compared_with: Decimal | None
    judgement: str
    said_on: date
    # Closed, and its numbers taken out; what is shown in their place: the nearest ten of a count,
    # or where the band of a rate begins.
    is_too_few: bool = False
    shown: Decimal | None = None
    # Closed, and seen by who may see small numbers.
    is_marked: bool = False
    awaits_second_person: bool = False
    is_returned: bool = False
    # What was said of the period before, oldest first, as far as it may be shown.
    before: tuple["PeriodFigure", ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it says how things are: neither projected nor missing nor hidden."""
        if self.status in (Status.PROJECTED, Status.MISSING):
            return False
        return self.value is not None or bool(self.judgement)

    @property
    def band(self) -> tuple[Decimal, Decimal] | None:
        """Of a closed rate: between which percentages it lies."""
        if self.shown is None or self.shown >= disclosure.LARGE:
            return None
        return self.shown, self.shown + disclosure.BAND

    def hides(self, respondents: int | None) -> bool:
        """Whether a number of it is not shown; so many respondents are on record."""
        return self.is_too_few or (self.respondents is None and respondents is not None)

    @property
    def is_restated(self) -> bool:
        """Whether a final figure was put right later."""
        return any(earlier.status is Status.FINAL for earlier in self.before)


@dataclass(frozen=True, slots=True)
class Target:
    """A target in force; its level is in the KPI's unit, None where there is none yet."""

    id: int
    on: PlanDate | None
    value: Decimal | None
    level: Decimal | None
    operator: str
    kind: str
    # Its value is a share of the baseline, in per cent.
    is_share: bool = False
    tolerance: Decimal | None = None
    label: str = ""
    borrowed_from: str = ""
    months_after_agreement: int | None = None


@dataclass(frozen=True, slots=True)
class DuePeriod:
    starts_on: date
    ends_on: date
    due_by: date
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class KpiState:
    """One KPI by the end of a day."""

    id: int
    plan: int
    code: str
    on: date
    areas: tuple[int, ...]
    commitments: tuple[int, ...]
    figures: tuple[PeriodFigure, ...]
    targets: tuple[Target, ...]
    # The line of the latest figure: of a cumulative measure, that of its year.
    points: tuple[Dated, ...]
    # Where the line starts at a baseline whose date the plan does not give.
    assumes_start: bool
    baseline: Decimal | None
    latest: PeriodFigure | None
    previous: PeriodFigure | None
    target: Target | None
    expected: Decimal | None
    # Its figures are numbers of people, and nobody is a part of one.
    in_people: bool
    # Short of what is expected where below zero, in the KPI's unit.
    gap: Decimal | None
    # Short of the target, the same way; None of a running total whose year has not ended.
    target_gap: Decimal | None
    position: Position
    reaches_on: date | None
    due: tuple[DuePeriod, ...]
    is_no_better: bool | None
    rebases: tuple[date, ...]
    chart: spc.ControlChart | None
    # Why there is no chart, or why its icons are withheld: a key of `kpis/rules/text.py`.
    chart_withheld: str
    awaits_baseline: bool
    # Of a closed newest figure: where it stands, whatever it could be.
    stands_anyway: Position | None = None

    @property
    def is_off(self) -> bool:
        return self.position is Position.OFF

    @property
    def is_overdue(self) -> bool:
        return any(period.is_overdue for period in self.due)


def kpi_states(
    histories: Iterable[KpiHistory],
    day: date,
    holidays: Collection[date],
    *,
    reads_small: Collection[int] = (),
    known_at: datetime | None = None,
) -> dict[int, KpiState]:
    """Each KPI's state by the end of `day`, by id.

    `reads_small` names the KPIs whose small numbers the reader may see; of all others they are
    absent. `known_at` narrows to what had been recorded by then.
    """
    states = {}
    for history in histories:
        seen = _as_at(history, day, known_at)
        until = min(day, history.closed_on) if history.closed_on else day
        state = _state(seen, until, holidays, history.id in reads_small)
        if state.position is Position.TOO_FEW:
            state = replace(state, stands_anyway=_stands_anyway(seen, until, holidays, state))
        states[history.id] = state
    return states


# The positions that say how a figure is, and the most numbers that are tried one by one.
_SAID = (Position.ON, Position.NEAR, Position.OFF, Position.SHORT, Position.NOT_DUE)
_MOST_TRIED = 20


def _stands_anyway(
    history: KpiHistory, day: date, holidays: Collection[date], state: KpiState
) -> Position | None:
    """Where the newest figure, which is closed, stands: the same for all that it could be."""
    newest = next(figure for figure in reversed(state.figures) if figure.is_too_few)
    row = next(row for row in history.measurements if row.id == newest.id)
    if not row.could_be or row.value is None or len(row.could_be) > _MOST_TRIED:
        return None
    is_count = row.numerator is None and row.respondents is None and not history.is_percentage
    if not is_count and not row.numerator:
        return None
    each = Decimal(1) if is_count or not row.numerator else row.value / row.numerator
    stand = set()
    for number in row.could_be:
        tried = replace(row, value=each * number, is_open=True, rounding=None)
        others = tuple(tried if one is row else one for one in history.measurements)
        stand.add(_state(replace(history, measurements=others), day, holidays, False).position)
    (position,) = stand if len(stand) == 1 else (None,)
    return position if position in _SAID else None


def _as_at(history: KpiHistory, day: date, known_at: datetime | None) -> KpiHistory:
    end = end_of_day(day)

    def is_seen(effective_at: datetime, recorded_at: datetime) -> bool:
        return effective_at < end and (known_at is None or recorded_at <= known_at)

    def answered(row: MeasurementFact) -> MeasurementFact:
        if row.looked_effective_at is None or row.looked_recorded_at is None:
            return row
        if is_seen(row.looked_effective_at, row.looked_recorded_at):
            return row
        return replace(row, is_confirmed=None)

    return replace(
        history,
        measurements=tuple(
            answered(row)
            for row in history.measurements
            if is_seen(row.effective_at, row.recorded_at)
        ),
        targets=tuple(row for row in history.targets if is_seen(row.effective_at, row.recorded_at)),
        rebases=tuple(row for row in history.rebases if is_seen(row.effective_at, row.recorded_at)),
    )


def _state(
    history: KpiHistory, day: date, holidays: Collection[date], reads_small: bool
) -> KpiState:
    figures = _figures(history, reads_small)
    targets = _targets(history)
    actual = [figure for figure in figures if figure.counts]
    latest = actual[-1] if actual else None
    previous = actual[-2] if len(actual) > 1 else None
    points, assumes = _line(history, targets, latest.ends_on if latest else day)
    target = _next_target(targets, latest.ends_on if latest else day)
    expected = (
        None
        if _is_against_others(history, target) or _has_own_rule(target)
        else _expected(points, latest, has_start=_has_start(history))
    )
    good = history.good or _asked_direction(target)
    is_settled = _is_settled(history, targets, latest)
    rebases = tuple(sorted(row.on for row in _unreplaced(history.rebases) if not row.is_withdrawn))
    chart, withheld = _chart(history, figures, targets, rebases)
    return KpiState(
        id=history.id,
        plan=history.plan,
        code=history.code,
        on=day,
        areas=history.areas,
        commitments=history.commitments,
        figures=figures,
        targets=targets,
        points=points,
        assumes_start=assumes,
        baseline=history.baseline,
        latest=latest,
        previous=previous,
        target=target,
        expected=expected,
        in_people=history.counts_people
        and not history.is_percentage
        and history.kind in ("quantity", "cumulative", "rolling"),
        gap=_gap(latest, expected, good),
        target_gap=_target_gap(latest, target, good) if is_settled else None,
        position=_position(
            history, figures, targets, points, latest, target, expected, good, is_settled
        ),
        reaches_on=_reaches_on(
            actual, targets, good, rebases, None if withheld or chart is None else chart.variation
        ),
        due=tuple(_due(history, figures, day, holidays)),
        is_no_better=_is_no_better(history, latest),
        rebases=rebases,
        chart=chart,
        chart_withheld=withheld,
        awaits_baseline=_awaits_baseline(history),
    )


# --- Figures ----------------------------------------------------------------------------------


def _figures(history: KpiHistory, reads_small: bool) -> tuple[PeriodFigure, ...]:
    """The figure of each period, in time order, with what was said of the period before."""
    by_period: dict[date, list[MeasurementFact]] = {}
    for row in sorted(history.measurements, key=lambda row: (row.recorded_at, row.id)):
        by_period.setdefault(row.ends_on, []).append(row)
    figures = []
    for ends_on in sorted(by_period):
        *earlier, newest = [_figure(history, row, reads_small) for row in by_period[ends_on]]
        # A closed one is never printed as what was said before: not even to the nearest ten.
        before = tuple(replace(said, shown=None) for said in earlier)
        figures.append(replace(newest, before=before) if before else newest)
    return tuple(figures)


def _figure(history: KpiHistory, row: MeasurementFact, reads_small: bool) -> PeriodFigure:
    awaits = (
        history.needs_second_person and row.status is Status.FINAL and row.is_confirmed is not True
    )
    figure = PeriodFigure(
        id=row.id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        status=Status.PROVISIONAL if awaits else row.status,
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        respondents=row.respondents,
        compared_with=row.compared_with,
        judgement=row.judgement,
        said_on=day_of(row.recorded_at),
        awaits_second_person=awaits and row.is_confirmed is None,
        is_returned=awaits and row.is_confirmed is False,
    )
    if is_open(history, row):
        return figure if reads_small or not row.rounding else _rounded(figure, row.rounding)
    if reads_small:
        return replace(figure, is_marked=True)
    if row.judgement:
        return replace(figure, respondents=None)
    return replace(
        figure,
        value=None,
        numerator=None,
        denominator=None,
        respondents=None,
        compared_with=None,
        is_too_few=True,
        shown=row.shown,
    )


def is_open(history: KpiHistory, row: MeasurementFact) -> bool:
    """Whether a figure may be shown to everybody."""
    if row.is_open is not None:
        return row.is_open
    return not history.counts_people or (row.value is None and not row.judgement)


def _rounded(figure: PeriodFigure, to: int) -> PeriodFigure:
    """A figure with its people rounded, and a rate as it is of those."""

    def near(number: Decimal) -> Decimal:
        return (number / to).to_integral_value(ROUND_HALF_UP) * to

    respondents = figure.respondents and int(near(Decimal(figure.respondents)))
    if figure.value is None or figure.respondents is not None or figure.denominator is not None:
        # No rate that gives a numerator away again.
        value = figure.value and figure.value.to_integral_value(ROUND_HALF_UP)
    else:
        value = near(figure.value)
    return replace(
        figure,
        value=value,
        numerator=None if figure.numerator is None else near(figure.numerator),
        denominator=None if figure.denominator is None else near(figure.denominator),
        respondents=respondents,
    )


# --- Targets and the line ---------------------------------------------------------------------


_Row = TypeVar("_Row", TargetFact, RebaseFact)


def _unreplaced(rows: Iterable[_Row]) -> list[_Row]:
    rows = list(rows)
    replaced = {row.replaces for row in rows}
    return [row for row in rows if row.id not in replaced]


def _targets(history: KpiHistory) -> tuple[Target, ...]:
    """The targets in force: the dated in time order, then those without a date."""
    in_force = [row for row in _unreplaced(history.targets) if not row.is_withdrawn]
    in_force.sort(key=lambda row: (row.on is None, row.on.last_day if row.on else date.max))
    return tuple(
        Target(
            row.id,
            row.on,
            row.value,
            _level(history, row),
            row.operator,
            row.kind,
            is_share=history.kind == "relative" and row.operator in _BY,
            tolerance=row.tolerance,
            label=row.label,
            borrowed_from=row.borrowed_from,
            months_after_agreement=row.months_after_agreement,
        )
        for row in in_force
    )


def month_after(agreed_on: date | None, months: int | None) -> PlanDate | None:
    """The month so many months after the agreement, to be stored then; None before it."""
    if agreed_on is None or months is None:
        return None
    return PlanDate.month_of(agreed_on).plus_months(months)


def _level(history: KpiHistory, target: TargetFact) -> Decimal | None:
    if target.value is None:
        return None
    if target.operator not in _BY:
        return target.value
    change = target.value if target.operator == "increase_by" else -target.value
    if history.kind == "relative" and history.is_percentage:
        return change
    if history.baseline is None:
        return None
    if history.kind == "relative":
        return history.baseline * (100 + change) / 100
    return history.baseline + change


def _awaits_baseline(history: KpiHistory) -> bool:
    if history.baseline is not None:
        return False
    if history.awaits_baseline:
        return True
    needs = any(
        target.operator in _BY for target in _unreplaced(history.targets) if not target.is_withdrawn
    )
    # A change in per cent has been worked out from a baseline once there is a figure of it.
    is_change = history.kind == "relative" and history.is_percentage
    return needs and not (is_change and bool(history.measurements))


def _start(history: KpiHistory) -> Decimal | None:
    """The value at which the line starts; None where there is no baseline."""
    if history.kind == "relative" and history.is_percentage:
        return Decimal(0)
    return history.baseline


def _has_start(history: KpiHistory) -> bool:
    return history.kind == "cumulative" or _start(history) is not None


def _line(
    history: KpiHistory, targets: Sequence[Target], day: date
) -> tuple[tuple[Dated, ...], bool]:
    """The points of the line that `day` lies under, and whether its start's date is assumed."""
    if history.kind == "cumulative":
        return _line_of_year(history, targets, day), False
    points = [
        Dated(target.on.last_day, target.level)
        for target in targets
        if target.on and target.level is not None and target.operator != STAY_CLOSE
    ]
    start = _start(history)
    if start is None or not points:
        return tuple(points), False
    begins = (history.baseline_on or history.plan_starts).last_day
    if history.baseline_on is None:
        begins = history.plan_starts.first_day
    # A baseline measured after a target's date can start no line to it.
    later = [point for point in points if point.on > begins]
    return (Dated(begins, start), *later), history.baseline_on is None


def _line_of_year(history: KpiHistory, targets: Sequence[Target], day: date) -> tuple[Dated, ...]:
    """From nothing at the start of the year to what it is to come to.

    The year's own dated target; else the last one before it, else one without a date, by its end.
    """
    starts_in = history.year_starts
    numbers = [target for target in targets if target.level is not None]
    if starts_in is None:
        begins = history.plan_starts.first_day
        ends = max((target.on.last_day for target in numbers if target.on), default=None)
    else:
        begins = date(disclosure.year_of(day, starts_in), starts_in, 1)
        ends = add_months(begins, 12) - timedelta(days=1)
    own = [
        Dated(target.on.last_day, target.level)
        for target in numbers
        if target.on
        and target.level is not None
        and begins <= target.on.last_day
        and (ends is None or target.on.last_day <= ends)
    ]
    if not own and ends is not None:
        earlier = [target for target in numbers if target.on and target.on.last_day < begins]
        held = earlier[-1:] or [target for target in numbers if target.on is None][:1]
        own = [Dated(ends, target.level) for target in held if target.level is not None]
    return (Dated(begins - timedelta(days=1), Decimal(0)), *own) if own else ()


def _next_target(targets: Sequence[Target], day: date) -> Target | None:
    """The target a day is on its way to; past the last, the last one is to be held."""
    dated = [target for target in targets if target.on]
    for target in dated:
        if target.on and target.on.last_day >= day:
            return target
    undated = [target for target in targets if not target.on]
    return dated[-1] if dated else (undated[-1] if undated else None)


def _asked_direction(target: Target | None) -> Direction | None:
    """Of a KPI without a good direction, the one its target asks for."""
    if target is None:
        return None
    return {
        "at_least": Direction.HIGHER,
        "increase_by": Direction.HIGHER,
        "at_most": Direction.LOWER,
        "decrease_by": Direction.LOWER,
        **ONE_WAY,
    }.get(target.operator)


# --- Where it stands --------------------------------------------------------------------------


def _is_settled(
    history: KpiHistory, targets: Sequence[Target], latest: PeriodFigure | None
) -> bool:
    """Whether the latest figure can meet or miss a target: a running total's at its year's end."""
    if history.kind != "cumulative" or latest is None:
        return True
    if history.year_starts is not None:
        after = latest.ends_on + timedelta(days=1)
        return (after.month, after.day) == (history.year_starts, 1)
    ends = [target.on.last_day for target in targets if target.on]
    return bool(ends) and latest.ends_on >= max(ends)


def _expected(
    points: Sequence[Dated], latest: PeriodFigure | None, *, has_start: bool
) -> Decimal | None:
    if latest is None or not points:
        return None
    if not has_start and latest.ends_on < points[0].on:
        return None
    expected = trajectory.expected_on(points, latest.ends_on)
    return expected.value if expected else None


def _gap(
    latest: PeriodFigure | None, wanted: Decimal | None, good: Direction | None
) -> Decimal | None:
    if latest is None or latest.value is None or wanted is None or good is None:
        return None
    return trajectory.gap(latest.value, wanted, good)


def _position(
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
        return Position.BASELINE_AWAITED if _awaits_baseline(history) else Position.NO_FIGURE
    if latest.value is None:
        return Position.IN_WORDS
    if _is_against_others(history, target):
        return _against_others(latest, good)
    if not targets:
        return Position.NO_TARGET
    if target is not None and not is_settled and _has_own_rule(target):
        return Position.NOT_DUE
    if target is not None and target.operator in ONE_WAY:
        return _in_direction(history, target, latest)
    if target is not None and target.operator == STAY_CLOSE and target.level is not None:
        return _close_to(latest.value, target.level, target.tolerance)
    if expected is not None and good is not None:
        stands = trajectory.standing(latest.value, points, latest.ends_on, good)
        return POSITIONS[stands] if stands else Position.NO_TARGET
    if target is None or target.level is None:
        return Position.BASELINE_AWAITED if _awaits_baseline(history) else Position.NO_TARGET
    if not is_settled:
        return Position.NOT_DUE
    if good is None:
        return Position.ON if latest.value == target.level else Position.SHORT
    if trajectory.gap(latest.value, target.level, good) >= 0:
        return Position.ON
    return Position.NOT_DUE if target.on else Position.SHORT


def _is_against_others(history: KpiHistory, target: Target | None) -> bool:
    """Whether a comparison is judged by the others' value, and by no path to a number."""
    if history.kind != "comparator":
        return False
    return target is None or (target.level is None and target.operator not in ONE_WAY)


def _against_others(latest: PeriodFigure, good: Direction | None) -> Position:
    if latest.value is None or latest.compared_with is None or good is None:
        return Position.NO_TARGET
    short = trajectory.gap(latest.value, latest.compared_with, good) < 0
    return Position.OFF if short else Position.ON


def _has_own_rule(target: Target | None) -> bool:
    """Whether it is judged by no path to it."""
    return target is not None and (target.operator in ONE_WAY or target.operator == STAY_CLOSE)


def _target_gap(
    latest: PeriodFigure | None, target: Target | None, good: Direction | None
) -> Decimal | None:
    if target is None:
        return None
    if target.operator != STAY_CLOSE:
        return _gap(latest, target.level, good)
    if latest is None or latest.value is None or target.level is None:
        return None
    return -abs(latest.value - target.level)


def _in_direction(history: KpiHistory, target: Target, latest: PeriodFigure) -> Position:
    start = _start(history)
    if start is None or latest.value is None:
        return Position.BASELINE_AWAITED if _awaits_baseline(history) else Position.NO_TARGET
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


@dataclass(frozen=True, slots=True)
class YearEnd:
    """How a running total's last whole year ended; `gap` is short of `level` where below zero."""

    figure: PeriodFigure
    level: Decimal
    gap: Decimal


def last_year_end(history: KpiHistory, state: KpiState) -> YearEnd | None:
    """The end of the year before the one that runs; None where it has no figure or no target.

    A new year begins from nothing, and what the last one came to would be told by nobody.
    """
    latest, good, starts_in = state.latest, history.good, history.year_starts
    if history.kind != "cumulative" or latest is None or good is None or starts_in is None:
        return None
    begins = date(disclosure.year_of(latest.ends_on, starts_in), starts_in, 1)
    ended = [
        figure
        for figure in state.figures
        if figure.counts and figure.ends_on == begins - timedelta(1)
    ]
    if not ended or ended[-1].value is None:
        return None
    points = _line_of_year(history, state.targets, ended[-1].ends_on)
    if not points or points[-1].on > ended[-1].ends_on:
        return None
    level = points[-1].value
    return YearEnd(ended[-1], level, trajectory.gap(ended[-1].value, level, good))


def _is_no_better(history: KpiHistory, latest: PeriodFigure | None) -> bool | None:
    """Whether the latest figure is no better than the baseline; None where nobody can tell."""
    if latest is None:
        return None
    if latest.judgement:
        return None if latest.judgement == "not_known" else latest.judgement != "improved"
    start, good = _start(history), history.good
    if history.kind == "cumulative" or start is None or good is None or latest.value is None:
        return None
    return trajectory.gap(latest.value, start, good) <= 0


def _reaches_on(
    actual: Sequence[PeriodFigure],
    targets: Sequence[Target],
    good: Direction | None,
    rebases: Sequence[date],
    variation: str | None,
) -> date | None:
    """When the last target is reached at the rate of the last twelve months; see rule 7."""
    levels = [target.level for target in targets if target.level is not None]
    if any(target.operator == STAY_CLOSE for target in targets):
        return None
    if not levels or good is None or not (variation or "").startswith("improvement"):
        return None
    begins = max(rebases, default=date.min)
    numbers = [
        Dated(figure.ends_on, figure.value)
        for figure in actual
        if figure.value is not None and figure.ends_on >= begins
    ]
    if not numbers:
        return None
    since = add_months(numbers[-1].on, -RATE_MONTHS)
    recent = [point for point in numbers if point.on >= since]
    return trajectory.reaches_on(recent, levels[-1], good)


# --- Figures that are due ---------------------------------------------------------------------


def periods_of(
    months: int, first: PlanDate, until: date, year_starts: int = 4
) -> Iterator[DuePeriod]:
    """The periods of so many months from the one that holds `first`, ended by `until`.

    Quarters and halves are those of the year that begins in `year_starts`.
    """
    begins = _period_start(first.first_day, months, year_starts)
    while True:
        ends = last_day_of_month(add_months(begins, months - 1))
        if ends > until:
            return
        yield DuePeriod(begins, ends, ends, is_overdue=False)
        begins = add_months(begins, months)


def period_holding(day: date, months: int, year_starts: int = 4) -> tuple[date, date]:
    """The first and last day of the period that holds a day."""
    begins = _period_start(day, months, year_starts)
    return begins, last_day_of_month(add_months(begins, months - 1))


def _period_start(day: date, months: int, year_starts: int) -> date:
    into = (day.month - year_starts) % 12 % months
    return add_months(day.replace(day=1), -into)


def _due(
    history: KpiHistory, figures: Sequence[PeriodFigure], day: date, holidays: Collection[date]
) -> Iterator[DuePeriod]:
    """Periods without a figure, oldest first; one projected is still to come."""
    if history.due_from is None or history.months is None:
        return
    if history.closed_on and history.closed_on <= day:
        return
    recorded = {figure.ends_on for figure in figures if figure.status is not Status.PROJECTED}
    for period in periods_of(history.months, history.due_from, day, history.year_starts or 4):
        if period.ends_on in recorded:
            continue
        due_by = add_working_days(period.ends_on, DUE_WORKING_DAYS, holidays)
        yield replace(period, due_by=due_by, is_overdue=day > due_by)


# --- Control chart ----------------------------------------------------------------------------


def _chart(
    history: KpiHistory,
    figures: Sequence[PeriodFigure],
    targets: Sequence[Target],
    rebases: Sequence[date],
) -> tuple[spc.ControlChart | None, str]:
    if any(figure.is_too_few for figure in figures):
        return None, "too_few"
    if history.kind in ("cumulative", "qualitative", "rolling"):
        return None, history.kind
    if history.months != 1 and history.enough_values is None:
        return None, "not_monthly"
    observations = [
        (figure.ends_on, figure.value if figure.counts else None)
        for figure in figures
        if figure.status is not Status.PROJECTED
    ]
    if sum(value is not None for _, value in observations) < 2:
        return None, "too_short"
    chart = spc.control_chart(
        observations,
        improvement={"higher": "increase", "lower": "decrease"}.get(history.direction, "neutral"),  # type: ignore[arg-type]
        rebases=rebases,
        targets=target_steps(targets),
    )
    phase = chart.points[-1].phase
    length = sum(point.phase == phase for point in chart.points)
    enough = history.enough_values or spc.ENOUGH
    return chart, "" if length >= enough else "short"


def target_steps(targets: Iterable[Target]) -> list[tuple[date | None, Decimal | None]]:
    """The targets as steps: each from the day after the one before it, the first from always.

    Of several of one day the first is a step, and none begins on a day that is past its own.
    """
    steps: list[tuple[date | None, Decimal | None]] = []
    begins: date | None = None
    for target in targets:
        if target.level is None or (steps and begins is None):
            continue
        if begins and target.on and target.on.last_day < begins:
            continue
        steps.append((begins, target.level))
        begins = target.on.last_day + timedelta(days=1) if target.on else None
    return steps


# --- Done, and no better ----------------------------------------------------------------------


class Effect(StrEnum):
    """What a measure says of work that has been done for three months."""

    NO_BETTER = "no_better"
    NO_DATA_SINCE = "no_data_since"


def effect_of(kpi: KpiState, commitment: CommitmentState) -> Effect | None:
    """Whether the work is done and its measure no better than the baseline, or silent since."""
    done_on = _done_on(commitment)
    if done_on is None or add_months(done_on, DONE_MONTHS) > kpi.on:
        return None
    if kpi.latest is None or kpi.latest.ends_on <= done_on:
        return Effect.NO_DATA_SINCE
    return Effect.NO_BETTER if kpi.is_no_better else None


def _done_on(commitment: CommitmentState) -> date | None:
    """The day since which it has been delivered or confirmed Blue."""
    days = []
    if commitment.completion and commitment.completion.delivered_on:
        days.append(commitment.completion.delivered_on)
    standing = commitment.standing
    if standing.is_confirmed_blue and standing.since:
        days.append(day_of(standing.since))
    return min(days, default=None)
