"""The periods of a KPI, and the figures of them that are due. Standard library only."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from actions.rules.dates import PlanDate, add_months, add_working_days, last_day_of_month
from kpis.rules.facts import KpiHistory, Status
from kpis.rules.figures import PeriodFigure

# After the end of its period; data of the NHS usually comes later, which the KPI says.
DUE_WORKING_DAYS = 15
NHS_DUE_WORKING_DAYS = 30
MOST_DUE_DAYS = 250


@dataclass(frozen=True, slots=True)
class DuePeriod:
    starts_on: date
    ends_on: date
    due_by: date
    is_overdue: bool


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


def due_by_of(history: KpiHistory, ends_on: date, holidays: Collection[date]) -> date:
    """The last day on which the figure of a period is in time, by the lag of the KPI's own data.

    As it was on the day the KPI was read for: another lag makes nothing of an earlier day late.
    """
    return add_working_days(ends_on, history.due_after_days or DUE_WORKING_DAYS, holidays)


def due_periods(
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
        due_by = due_by_of(history, period.ends_on, holidays)
        yield replace(period, due_by=due_by, is_overdue=day > due_by)
