"""How each measure stands as at a day, worked out from what was recorded. Standard library only.

A row counts as at a day when the moment it speaks of lies before the end of that day in London, and
as known at a moment when it had been recorded by then. The newest row of a period is its figure;
what was said before stays with it. Nobody else computes where a measure stands.

1. *Figures*. A final figure that asks for a second person is provisional until confirmed, and does
   not take the place of the newest: until then what was said before it stands. Missing is missing,
   never zero. A projected figure is shown and counts for nothing else. What is closed (decided
   once, by `kpis/rules/disclosure.py`) is taken out first for who may not see small numbers, so
   that nothing is built on it; who may sees it marked. Where a closed figure stands is said where
   each number that anybody may take it for would stand there.
2. *The level of a target*, in the KPI's unit. A relative one ("10 % fewer") is a share of the
   baseline, and has no level before there is one; where the KPI's unit is per cent of its baseline,
   the level is that percentage itself. An increase or decrease of any other KPI is in its unit. A
   target of a direction alone ("fewer") has none. A date given from the agreement ("by month 6") is
   stored as that month when the plan is agreed; before, it is none.
3. *The line* runs from the baseline (without a date: from the plan's start) through the dated
   targets. A cumulative measure has a line for each year, from nothing at its start. Where there is
   no baseline the first target is judged from its date on, and not before.
   A value to stay close to is no point of the line: it holds at any time.
4. *Where it stands*, and what became of a target whose date has passed: see
   `kpis/rules/standing/position.py`. A comparison stands on the others' value of the same period.
   Of a value to stay close to without a tolerance, a figure within a tenth of it is near.
5. *Data due*. A period's figure is due by the fifteenth working day after the period, or after as
   many as the KPI says, from the first month the KPI names, or the month from which the plan is
   tracked. Of a plan that is closed no figure is due, and its measures stand as on its closing day,
   with what was said of them since.
6. *Control chart*: where figures come monthly and do not add up over a year, and none is too small
   to show. Figures of twelve months each have none: two that follow one another share eleven. A
   quarterly or rarer measure has one only where its own number of values is set. Icons need that
   number, thirteen unless set, in the last phase.
7. *A forecast* of the day on which the last target is reached is made only where the chart's icon
   shows a change in the wanted direction that is not by chance, from the figures since the limits
   were last set, of the last twelve months.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from actions.rules.dates import add_months, day_of, end_of_day
from actions.rules.state import CommitmentState
from kpis.rules import disclosure, spc, trajectory
from kpis.rules.due import DuePeriod, due_periods
from kpis.rules.facts import (
    STAY_CLOSE,
    KpiHistory,
    MeasurementFact,
    Status,
    unreplaced,
)
from kpis.rules.figures import NONE_AND_ALL, PeriodFigure, places_of, said_of
from kpis.rules.standing.position import (
    Judged,
    Outcome,
    Position,
    expected_of,
    gap_of,
    has_own_rule,
    is_against_others,
    outcome_of,
    passed_on,
    position_of,
    target_gap_of,
)
from kpis.rules.standing.targets import (
    Target,
    asked_direction,
    awaits_baseline,
    has_start,
    line_of,
    line_of_year,
    next_target,
    start_of,
    target_course,
    target_steps,
    targets_of,
)
from kpis.rules.trajectory import Dated, Direction

# How long something has to be done before its measure is asked whether it helped.
DONE_MONTHS = 3
# The months whose figures say what the present rate is.
RATE_MONTHS = 12


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
    # From which day on which target was asked for.
    target_course: tuple[tuple[date, Decimal | None], ...]
    # The line of the latest figure: of a cumulative measure, that of its year.
    points: tuple[Dated, ...]
    # Where the line starts at a baseline whose date the plan does not give.
    assumes_start: bool
    baseline: Decimal | None
    # The newest figure that waits for no second person; it may be too few to show.
    newest: PeriodFigure | None
    # The newest that is shown, and the one before it.
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
    # What became of its last dated target, once that has passed.
    outcome: Outcome | None
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
    def is_missed(self) -> bool:
        """Whether the date of its last target has passed, and its newest figure is short of it."""
        return self.position is Position.MISSED

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
_SAID = (
    Position.AT_TARGET,
    Position.ON,
    Position.NEAR,
    Position.OFF,
    Position.MISSED,
    Position.SHORT,
    Position.NOT_DUE,
)
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
    targets = targets_of(history)
    figures = _with_places(_figures(history, reads_small), targets)
    said = [account for figure in figures if (account := said_of(figure))]
    actual = [account for account in said if account.counts]
    latest = actual[-1] if actual else None
    previous = actual[-2] if len(actual) > 1 else None
    points, assumes = line_of(history, targets, latest.ends_on if latest else day)
    target = next_target(targets, latest.ends_on if latest else day)
    if passed_on(history, targets, day):
        target = [one for one in targets if one.on][-1]
    expected = (
        None
        if is_against_others(history, target) or has_own_rule(target)
        else expected_of(points, latest, has_start=has_start(history))
    )
    good = history.good or asked_direction(target)
    judged = Judged(history, day, said, targets, latest, target, points, expected, good)
    rebases = tuple(sorted(row.on for row in unreplaced(history.rebases) if not row.is_withdrawn))
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
        target_course=tuple(target_course(history)),
        points=points,
        assumes_start=assumes,
        baseline=history.baseline,
        newest=judged.newest,
        latest=latest,
        previous=previous,
        target=target,
        expected=expected,
        in_people=history.counts_people
        and not history.is_percentage
        and history.kind in ("quantity", "cumulative", "rolling"),
        gap=gap_of(latest, expected, good),
        target_gap=target_gap_of(latest, target, good) if judged.is_settled else None,
        position=position_of(judged),
        outcome=outcome_of(judged),
        reaches_on=_reaches_on(
            actual, targets, good, rebases, None if withheld or chart is None else chart.variation
        ),
        due=tuple(due_periods(history, figures, day, holidays)),
        is_no_better=_is_no_better(history, latest),
        rebases=rebases,
        chart=chart,
        chart_withheld=withheld,
        awaits_baseline=awaits_baseline(history),
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


def _with_places(
    figures: Iterable[PeriodFigure], targets: Iterable[Target]
) -> tuple[PeriodFigure, ...]:
    """Figures with the places that keep what was worked out off none, all and each target."""
    not_onto = NONE_AND_ALL | {target.level for target in targets if target.level is not None}

    def placed(figure: PeriodFigure) -> PeriodFigure:
        if figure.value is None or figure.numerator is None:
            return figure
        return replace(figure, places=places_of(figure.value, not_onto))

    return tuple(
        replace(placed(figure), before=tuple(map(placed, figure.before)))
        if figure.before
        else placed(figure)
        for figure in figures
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


# --- What its figures say ----------------------------------------------------------------------


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
    points = line_of_year(history, state.targets, ended[-1].ends_on)
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
    start, good = start_of(history), history.good
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
        (figure.ends_on, account.value if (account := said_of(figure)) else None)
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
