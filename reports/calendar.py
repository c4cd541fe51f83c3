"""The periods a series reports on, and when each report is due. Standard library only.

Months are calendar months. Six weeks are counted from the series' anchor, so they cross the ends of
months and years. Quarters and half-years are those of the year that begins in the series' month.
A report is due when the papers of the first meeting of its bodies after the period are due, and,
where there is no such meeting within the next period, so many working days after its end.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from actions.dates import MONTHS, add_months, add_working_days, last_day_of_month

SIX_WEEKS = timedelta(days=42)
MONTHS_OF = {"monthly": 1, "quarterly": 3, "six_monthly": 6}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """`number` is how people call it: `January 2023`, `Issue 4`, `Q3 2022/23`, `H1 2023`."""

    starts_on: date
    ends_on: date
    number: str

    @property
    def words(self) -> str:
        """`January 2023`, `October to December 2022`, `9 January to 19 February 2023`."""
        if self.starts_on.day != 1 or self.ends_on != last_day_of_month(self.ends_on):
            return f"{_day(self.starts_on, self.ends_on.year)} to {_day(self.ends_on)}"
        last = f"{MONTHS[self.ends_on.month - 1]} {self.ends_on.year}"
        if last_day_of_month(self.starts_on) == self.ends_on:
            return last
        first = MONTHS[self.starts_on.month - 1]
        if self.starts_on.year != self.ends_on.year:
            first += f" {self.starts_on.year}"
        return f"{first} to {last}"


def _day(day: date, beside_year: int | None = None) -> str:
    words = f"{day.day} {MONTHS[day.month - 1]}"
    return words if day.year == beside_year else f"{words} {day.year}"


class ReportState(StrEnum):
    PUBLISHED = "published"
    DRAFTED = "drafted"
    LATE = "late"
    DUE = "due"
    TO_COME = "to_come"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a series reports. `anchor` is needed for six weeks alone."""

    name: str
    anchor: date | None = None
    year_starts_in: int = 4

    def period_of(self, day: date) -> Period:
        """The period that holds a day. ValueError for six weeks without an anchor."""
        if self.name == "six_weekly":
            return self._six_weeks(day)
        months = MONTHS_OF[self.name]
        into_year = (day.month - self.year_starts_in) % 12
        starts = add_months(day.replace(day=1), -(into_year % months))
        ends = last_day_of_month(add_months(starts, months - 1))
        return Period(starts, ends, self._number(starts, into_year // months))

    def _six_weeks(self, day: date) -> Period:
        if self.anchor is None:
            raise ValueError("six weeks are counted from a day, and none is set")
        number = (day - self.anchor) // SIX_WEEKS
        starts = self.anchor + number * SIX_WEEKS
        return Period(starts, starts + SIX_WEEKS - timedelta(days=1), f"Issue {number + 1}")

    def _number(self, starts: date, part: int) -> str:
        if self.name == "monthly":
            return f"{MONTHS[starts.month - 1]} {starts.year}"
        began = starts.year if starts.month >= self.year_starts_in else starts.year - 1
        year = str(began) if self.year_starts_in == 1 else f"{began}/{(began + 1) % 100:02}"
        return f"{'Q' if self.name == 'quarterly' else 'H'}{part + 1} {year}"

    def periods(self, first: date, until: date) -> Iterator[Period]:
        """From the period that holds `first` to the one that holds `until`."""
        period = self.period_of(first)
        while period.starts_on <= until:
            yield period
            period = self.period_of(period.ends_on + timedelta(days=1))


def due_on(
    period: Period,
    rhythm: Rhythm,
    papers: Iterable[date],
    due_after: int,
    holidays: Collection[date],
) -> date:
    """The day a period's report is due; `papers` are the days its bodies' papers are due."""
    following = rhythm.period_of(period.ends_on + timedelta(days=1))
    meant = [day for day in papers if period.ends_on < day <= following.ends_on]
    return min(meant, default=add_working_days(period.ends_on, due_after, holidays))


def report_state(
    period: Period, due: date, today: date, *, is_drafted: bool, is_published: bool
) -> ReportState:
    if is_published:
        return ReportState.PUBLISHED
    if today > due:
        return ReportState.LATE
    if is_drafted:
        return ReportState.DRAFTED
    return ReportState.DUE if today > period.ends_on else ReportState.TO_COME
