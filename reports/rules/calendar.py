"""The periods a series reports on, and when each report is due. Standard library only.

Months are calendar months. Six weeks, or any number of weeks, are counted from the series' anchor,
so they cross the ends of months and years. Quarters and half-years are those of the year that
begins in the series' month. A period of a *term* ends with the term, and the next begins the day
after, so that what happens in the holidays is reported with the term that follows. A period *for a
meeting* of a body ends on the day its papers are due, and the next begins the day after; the first
begins at the series' anchor, and none is known after the last meeting that is entered.

A report for a meeting is due with that meeting's papers, on the last day of its period. Any other
is due when the papers of the first meeting of its bodies after the period are due, and, where there
is no such meeting within the next period, so many working days after its end.

No report is late before the first that was made here of its series, none of a plan that nobody
tracks, and none once the plan is closed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from actions.rules.cycle import between_closings, terms_of, weeks_around
from actions.rules.dates import (
    MONTHS,
    PlanDate,
    add_months,
    add_working_days,
    day_after,
    last_day_of_month,
)

MONTHS_OF = {"monthly": 1, "quarterly": 3, "six_monthly": 6}
WEEKS_OF = {"six_weekly": 6}
MEETINGS = "meetings"
# Those whose periods are counted from an anchor.
ANCHORED = ("six_weekly", "weeks", MEETINGS)


class NoPeriodError(ValueError):
    """No period holds a day, said in words for whoever asked for it."""


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

    def overlaps(self, other: "Period") -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


def _day(day: date, beside_year: int | None = None) -> str:
    text = f"{day.day} {MONTHS[day.month - 1]}"
    return text if day.year == beside_year else f"{text} {day.year}"


class ReportState(StrEnum):
    PUBLISHED = "published"
    DRAFTED = "drafted"
    LATE = "late"
    DUE = "due"
    TO_COME = "to_come"
    NOT_MADE = "not_made"


@dataclass(frozen=True, slots=True, order=True)
class MeetingPapers:
    """A meeting that a series reports to, and the day its papers are due."""

    held_on: date
    due_on: date


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a series reports. `anchor` is needed for weeks and meetings alone."""

    name: str
    anchor: date | None = None
    year_starts_in: int = 4
    # Every so many weeks.
    weeks: int | None = None
    # For each of these.
    meetings: tuple[MeetingPapers, ...] = ()

    @property
    def needs_anchor(self) -> bool:
        return self.name in ANCHORED

    @property
    def ends_with_papers(self) -> bool:
        return self.name == MEETINGS

    @property
    def begins_on(self) -> date | None:
        """The first day of its first period; None where it goes back for ever."""
        return self.anchor if self.needs_anchor else None

    def period_of(self, day: date) -> Period:
        """The period that holds a day.

        NoPeriodError without an anchor that is needed; and, of periods for meetings, before it and
        after the last meeting that is entered.
        """
        if self.needs_anchor and self.anchor is None:
            raise NoPeriodError("Its periods are counted from a first day, and none is set.")
        if self.name == "termly":
            return _term_of(day)
        if self.ends_with_papers:
            return self._for_meeting(day)
        if self.anchor and (weeks := self.weeks or WEEKS_OF.get(self.name)):
            number, starts, ends = weeks_around(day, self.anchor, weeks)
            return Period(starts, ends, f"Issue {number}")
        months = MONTHS_OF[self.name]
        into_year = (day.month - self.year_starts_in) % 12
        starts = add_months(day.replace(day=1), -(into_year % months))
        ends = last_day_of_month(add_months(starts, months - 1))
        return Period(starts, ends, self._number(starts, into_year // months))

    def period_on(self, day: date) -> Period | None:
        """The same, or None where none is known."""
        try:
            return self.period_of(day)
        except NoPeriodError:
            return None

    def last_over(self, day: date) -> Period:
        """The last period that ended before a day. NoPeriodError as for `period_of`."""
        if not (self.ends_with_papers and self.anchor):
            return self.period_of(self.period_of(day).starts_on - timedelta(days=1))
        over = [period for period in self.periods(self.anchor, day) if period.ends_on < day]
        if not over:
            raise NoPeriodError("No period of this series is over yet.")
        return over[-1]

    def period_after(self, period: Period) -> Period | None:
        """None where nobody has entered the meeting that it will be for."""
        return self.period_on(day_after(period.ends_on))

    def _for_meeting(self, day: date) -> Period:
        first = self.anchor or date.min
        if day < first:
            raise NoPeriodError(f"This series begins on {_day(first)}.")
        closings = [(meeting.due_on, meeting) for meeting in sorted(self.meetings)]
        for starts, ends, meeting in between_closings(first, closings):
            if day <= ends:
                return Period(starts, ends, f"Meeting of {_day(meeting.held_on)}")
        raise NoPeriodError(f"No meeting is entered whose papers are due on {_day(day)} or later.")

    def _number(self, starts: date, part: int) -> str:
        if self.name == "monthly":
            return f"{MONTHS[starts.month - 1]} {starts.year}"
        began = starts.year if starts.month >= self.year_starts_in else starts.year - 1
        year = str(began) if self.year_starts_in == 1 else f"{began}/{(began + 1) % 100:02}"
        return f"{'Q' if self.name == 'quarterly' else 'H'}{part + 1} {year}"

    def periods(self, first: date, until: date) -> Iterator[Period]:
        """From the period that holds `first` to the one that holds `until`."""
        period = self.period_on(first)
        while period is not None and period.starts_on <= until:
            yield period
            period = self.period_after(period)


def _term_of(day: date) -> Period:
    """From the day after a term to the last day of the next."""
    first = day_after(PlanDate.term("autumn", day.year - 1).last_day)
    closings = [(term.last_day, term.words) for term in terms_of(day.year, day.year + 1)]
    return next(
        Period(starts, ends, f"{name[:1].upper()}{name[1:]}")
        for starts, ends, name in between_closings(first, closings)
        if day <= ends
    )


def papers_for(period: Period, rhythm: Rhythm, papers: Iterable[date]) -> date | None:
    """The first day on which papers are due after a period, and before the next one ends.

    Of a period for a meeting its last day, on which that meeting's papers are due.
    """
    if rhythm.ends_with_papers:
        return period.ends_on
    following = rhythm.period_of(day_after(period.ends_on))
    return min((day for day in papers if period.ends_on < day <= following.ends_on), default=None)


def due_on(
    period: Period,
    rhythm: Rhythm,
    papers: Iterable[date],
    due_after: int,
    holidays: Collection[date],
) -> date:
    """The day a period's report is due; `papers` are the days its bodies' papers are due."""
    with_papers = papers_for(period, rhythm, papers)
    return with_papers or add_working_days(period.ends_on, due_after, holidays)


def first_owed(rhythm: Rhythm, tracked_from: date | None, first_made: date | None) -> date | None:
    """The first day of the first period that owes a report; None while none does.

    `first_made` is the first day of the earliest period of which a report was made.
    """
    if tracked_from is None or first_made is None:
        return None
    holding = rhythm.period_on(tracked_from)
    return max(first_made, holding.starts_on if holding else tracked_from)


def report_state(
    period: Period,
    due: date,
    today: date,
    *,
    is_drafted: bool,
    is_published: bool,
    is_expected: bool = True,
    is_update_due: bool = True,
    is_due_within: bool = False,
) -> ReportState:
    """`is_expected`: people wait for the plan's reports. Only what is owed besides can be late.

    `is_due_within`: it is due while its period still runs, on the last day.
    """
    if is_published:
        return ReportState.PUBLISHED
    if today > due and is_expected and is_update_due:
        return ReportState.LATE
    if is_drafted:
        return ReportState.DRAFTED
    if today > due or not is_expected:
        return ReportState.NOT_MADE
    is_due = today > period.ends_on or (is_due_within and today == due)
    return ReportState.DUE if is_due else ReportState.TO_COME


@dataclass(frozen=True, slots=True)
class Entry:
    """One report in the calendar."""

    period: Period
    due_on: date
    # The day of papers that it is due with; None where working days are counted.
    papers_on: date | None
    state: ReportState


def timetable(
    rhythm: Rhythm,
    day: date,
    made: Mapping[Period, bool],
    *,
    tracked_from: date | None,
    closed_on: date | None,
    papers: Collection[date],
    due_after: int,
    holidays: Collection[date],
) -> list[Entry]:
    """The reports of a series around a day, the latest period first.

    Of the last twelve months those that were made (`made` says whether each is published) or are
    owed, and the last that could have been; then the current period and the next. A closed plan
    has none that begin after its closing.
    """
    since = add_months(day, -12)
    is_closed = closed_on is not None and closed_on <= day
    owed_from = first_owed(
        rhythm, tracked_from, min((period.starts_on for period in made), default=None)
    )

    def entry_for(period: Period) -> Entry:
        due = due_on(period, rhythm, papers, due_after, holidays)
        state = report_state(
            period,
            due,
            day,
            is_drafted=period in made,
            is_published=made.get(period, False),
            is_expected=not is_closed
            and tracked_from is not None
            and tracked_from <= period.ends_on,
            is_update_due=owed_from is not None and period.starts_on >= owed_from,
            is_due_within=rhythm.ends_with_papers,
        )
        return Entry(period, due, papers_for(period, rhythm, papers), state)

    possible = _possible(rhythm, since, day, closed_on if is_closed else None)
    over = [period for period in possible if period.ends_on < day]
    last_over = over[-1:]
    unmade = [
        entry
        for period in possible
        if not any(period.overlaps(other) for other in made)
        for entry in [entry_for(period)]
        if entry.state is not ReportState.NOT_MADE
        or period in last_over
        or period.starts_on <= day <= period.ends_on
    ]
    recent = [entry_for(period) for period in made if period.ends_on >= since]
    return sorted([*unmade, *recent], key=lambda entry: entry.period, reverse=True)


def _possible(rhythm: Rhythm, since: date, day: date, closed_on: date | None) -> list[Period]:
    """From `since` to the period after that of `day`; of a closed plan to that of its closing."""
    first = max(since, rhythm.begins_on or since)
    if closed_on:
        return list(rhythm.periods(first, closed_on)) if first <= closed_on else []
    current = rhythm.period_on(max(first, day))
    return list(rhythm.periods(first, day_after(current.ends_on) if current else day))
