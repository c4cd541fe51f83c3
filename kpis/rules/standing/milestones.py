"""The dated targets of a KPI one by one, each with the figure of its day. Standard library only.

1. The *figure of a target* is the first said whose period ends on the target's last day or later. A
   period that begins after that day and ends on the next target's day or later tells of that one.
2. It is *met* or *missed* by that figure (`position.meets`) from the day after its date on; before
   it is not due. What came later changes nothing here: where the KPI stands now, its newest figure
   says. Where no figure tells, nobody can say.
3. The last target of a running total's year is due when that year ends, whatever day it names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from actions.rules.dates import add_months
from kpis.rules.disclosure import year_of
from kpis.rules.facts import KpiHistory
from kpis.rules.figures import PeriodFigure, said_of
from kpis.rules.standing.position import Outcome, told
from kpis.rules.standing.targets import Target, asked_direction
from kpis.rules.state import KpiState


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated target, with what became of it; no outcome while it is not due."""

    target: Target
    due_on: date
    outcome: Outcome | None
    figure: PeriodFigure | None = None

    @property
    def level(self) -> Decimal | None:
        return self.target.level


def milestones(history: KpiHistory, state: KpiState) -> list[Milestone]:
    """In time order, as far as the state's reader may see."""
    said = [account for figure in state.figures if (account := said_of(figure))]
    dated = [target for target in state.targets if target.on]
    return [
        _milestone(history, state.on, said, target, dated[place + 1 :])
        for place, target in enumerate(dated)
    ]


def _milestone(
    history: KpiHistory,
    day: date,
    said: Sequence[PeriodFigure],
    target: Target,
    later: Sequence[Target],
) -> Milestone:
    due_on, until = _span(history, target, later)
    if due_on >= day:
        return Milestone(target, due_on, None)
    figure = _figure_of(said, due_on, until)
    if figure is None:
        return Milestone(target, due_on, Outcome.NO_FIGURE)
    if figure.judgement:
        return Milestone(target, due_on, None, figure)
    good = history.good or asked_direction(target)
    outcome = told(history, target, figure, good, target.level)
    return Milestone(target, due_on, outcome, figure)


def _span(history: KpiHistory, target: Target, later: Sequence[Target]) -> tuple[date, date | None]:
    """The day it is due, and the last day of which a figure may tell of it, where there is one."""
    assert target.on is not None
    due_on = target.on.last_day
    after = [other.on.last_day for other in later if other.on and other.on.last_day > due_on]
    until = after[0] - timedelta(days=1) if after else None
    starts = history.year_starts
    if history.kind != "cumulative" or starts is None:
        return due_on, until
    year_end = add_months(date(year_of(due_on, starts), starts, 1), 12) - timedelta(days=1)
    is_last = until is None or until >= year_end
    return (year_end, year_end) if is_last else (due_on, until)


def _figure_of(
    said: Iterable[PeriodFigure], due_on: date, until: date | None
) -> PeriodFigure | None:
    first = next((figure for figure in said if figure.ends_on >= due_on), None)
    if first is None or until is None or first.ends_on <= until or first.starts_on <= due_on:
        return first
    return None
