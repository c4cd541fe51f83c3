"""When updates are asked for: the update periods of a plan. Standard library only.

1. A plan has an update cycle. Without one of its own it is monthly: a period is a calendar month,
   and closes on the last working day of it; or so many working days before the steering group's
   papers are due, where that day lies in the month.
2. A cycle of its own holds from its first day on. What was asked for before that day is asked for
   by the cycle before it, whose last period ends the day before. Of two set for the same day, or
   for days that overlap, the one that was set later holds.
3. *Every n weeks*: counted from the cycle's first day; a period closes on its last working day.
4. *Termly*: the terms as `PlanDate.term` proposes them; a period closes on the term's last working
   day. Between two terms nothing is asked for.
5. *Before each meeting of a body*: a period closes so many working days before the papers of a
   meeting are due, and the next begins the day after. After the last meeting that is entered
   nothing is asked for.
6. *On listed dates*: a period closes on each of them, and the next begins the day after.
7. A period can be skipped: nothing is asked for. Or joined with the next: one update answers for
   both, from the first day of the one to the closing of the other.
8. After the closing come the days of grace, 0 to 10 working days: what comes in them is late, what
   comes after them was overdue.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

from actions.rules.dates import (
    MONTHS,
    TERMS,
    PlanDate,
    add_working_days,
    day_after,
    last_day_of_month,
    last_working_day,
    working_days_before,
)

GRACE_WORKING_DAYS = 5
MOST_GRACE_DAYS = 10
PAPERS_NEED_WORKING_DAYS = 5
MOST_DAYS_BEFORE_PAPERS = 20
MOST_WEEKS = 26

ONE_DAY = timedelta(days=1)
# How far beyond the years asked for periods are worked out, so that joined ones are whole.
_MARGIN = 2


class CycleKind(StrEnum):
    MONTHLY = "monthly"
    WEEKS = "weeks"
    MEETINGS = "meetings"
    TERMLY = "termly"
    DATES = "dates"


class Treatment(StrEnum):
    """What is made of one period."""

    USUAL = "usual"
    SKIPPED = "skipped"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class CycleRule:
    """How a plan asks for updates from a day on; None: since ever."""

    starts_on: date | None = None
    kind: CycleKind = CycleKind.MONTHLY
    # Every so many weeks.
    weeks: int | None = None
    # Before each meeting of this body.
    body: int | None = None
    # The days of a list, on each of which a period closes.
    closing_days: tuple[date, ...] = ()
    # Of a monthly cycle: it closes before the steering group's papers are due.
    is_before_papers: bool = False
    # Working days from a closing to the day on which papers are due.
    days_before_papers: int = PAPERS_NEED_WORKING_DAYS
    grace_days: int = GRACE_WORKING_DAYS

    @property
    def needs_meetings(self) -> bool:
        return self.kind is CycleKind.MEETINGS or self.is_before_papers

    def words(self, body: str = "") -> str:
        """`Every 6 weeks, closing on the last working day; 5 working days of grace`."""
        days = _plural(self.days_before_papers, "working day")
        match self.kind:
            case CycleKind.MONTHLY if self.is_before_papers:
                text = f"Every month, closing {days} before the steering group’s papers are due"
            case CycleKind.MONTHLY:
                text = "Every month, closing on the last working day"
            case CycleKind.WEEKS:
                weeks = "week" if self.weeks == 1 else f"{self.weeks} weeks"
                text = f"Every {weeks}, closing on the last working day"
            case CycleKind.TERMLY:
                text = "Every school term, closing on its last working day"
            case CycleKind.MEETINGS:
                before = f"closing {days} before its papers are due"
                text = f"Before each meeting of {body or 'a board or group'}, {before}"
            case CycleKind.DATES:
                listed = [PlanDate.of_day(day).words for day in sorted(self.closing_days)]
                text = f"Closing on {_and(listed)}"
        grace = _plural(self.grace_days, "working day") if self.grace_days else "no days"
        return f"{text}; {grace} of grace"

    def says_the_same_as(self, other: "CycleRule") -> bool:
        """Whether nothing changes where the one follows the other. Weeks are counted anew."""
        if self.kind is CycleKind.WEEKS:
            return False
        return replace(self, starts_on=None) == replace(other, starts_on=None)


@dataclass(frozen=True, slots=True)
class MeetingDay:
    """A meeting whose papers updates wait for."""

    body: int
    name: str
    is_steering_group: bool
    held_on: date
    papers_due_on: date


@dataclass(frozen=True, slots=True)
class TreatedPeriod:
    """What is made of the period that holds a day."""

    day: date
    treatment: Treatment


@dataclass(frozen=True, slots=True)
class UpdatePeriod:
    """A span for which each commitment in the plan owes one update."""

    first_day: date
    last_day: date
    closes_on: date
    grace_ends_on: date
    # How people call it: by itself, "March 2027" or "For the Improvement Board of 4 May 2027"; and
    # after "for", "March 2027" or "the Improvement Board of 4 May 2027".
    name: str
    phrase: str
    # What its update is called beside the day it closes: "March update".
    update_name: str
    is_whole_month: bool = False
    # Several that are joined.
    is_joined: bool = False
    is_skipped: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """What addresses know it by: a month as `2027-03`, else its first day."""
        first = self.first_day
        return first.strftime("%Y-%m") if self.is_whole_month else first.isoformat()

    @property
    def update_title(self) -> str:
        """`March 2027 update`; `Update for the autumn term 2026`."""
        return f"{self.name} update" if self.is_whole_month else f"Update for {self.phrase}"

    @property
    def in_text(self) -> str:
        """`this month`, said within it; `for the autumn term 2026`."""
        return "this month" if self.is_whole_month else f"for {self.phrase}"


@dataclass(frozen=True, slots=True)
class Cycle:
    """The cycles of one plan, what was made of single periods, and the meetings they wait for.

    Cycles and treatments stand in the order in which they were set.
    """

    rules: tuple[CycleRule, ...] = ()
    treated: tuple[TreatedPeriod, ...] = ()
    meetings: tuple[MeetingDay, ...] = ()

    @property
    def in_force(self) -> tuple[CycleRule, ...]:
        """The cycles that hold, one after another; the first holds since ever."""
        return (MONTHLY, *cycles_in_force(self.rules))

    def rule_on(self, day: date) -> CycleRule:
        """The cycle that holds on a day."""
        return [rule for rule in self.in_force if _starts(rule) <= day][-1]

    def periods(self, holidays: Collection[date]) -> "UpdatePeriods":
        """The same object for the same cycle and holidays, so that they are worked out once."""
        return _periods_of(self, frozenset(holidays))


MONTHLY = CycleRule()
EVERY_MONTH = Cycle()


def cycles_in_force(rules: Iterable[CycleRule]) -> list[CycleRule]:
    """Those of a plan's own that hold, by their first days.

    One set later takes the place of all that were to begin on its first day or after; one that says
    the same as the one before it changes nothing, and is left out.
    """
    kept: list[CycleRule] = []
    for rule in rules:
        kept = [*(one for one in kept if _starts(one) < _starts(rule)), rule]
    told = [MONTHLY]
    for rule in kept:
        if not rule.says_the_same_as(told[-1]):
            told.append(rule)
    return told[1:]


def treated_in_force(treated: Iterable[TreatedPeriod]) -> list[TreatedPeriod]:
    """By their days, what was said last of each that is not as usual."""
    said = {one.day: one for one in treated}
    return [said[day] for day in sorted(said) if said[day].treatment is not Treatment.USUAL]


def _starts(rule: CycleRule) -> date:
    return rule.starts_on or date.min


@lru_cache(maxsize=256)
def _periods_of(cycle: Cycle, holidays: frozenset[date]) -> "UpdatePeriods":
    return UpdatePeriods(cycle, holidays)


class UpdatePeriods:
    """The update periods of a plan in order, worked out for the years that are asked about."""

    def __init__(self, cycle: Cycle, holidays: frozenset[date]) -> None:
        self._cycle = cycle
        self._holidays = holidays
        # First and last year; the periods; their first days. One value, replaced as a whole, for
        # several threads ask.
        self._known: tuple[int, int, list[UpdatePeriod], list[date]] = (0, -1, [], [])

    def begun_by(self, day: date) -> UpdatePeriod:
        """The newest period whose first day has come by then, skipped or not."""
        periods, first_days = self._around(day.year)
        return periods[bisect_right(first_days, day) - 1]

    def on(self, day: date) -> UpdatePeriod | None:
        """The period that holds a day; none between two terms, and after the last meeting."""
        period = self.begun_by(day)
        return period if day <= period.last_day else None

    def before(self, period: UpdatePeriod) -> UpdatePeriod:
        return self.begun_by(period.first_day - ONE_DAY)

    def after(self, period: UpdatePeriod) -> UpdatePeriod | None:
        """None where nobody has said yet when the next one is."""
        periods, first_days = self._around(period.last_day.year)
        place = bisect_right(first_days, period.first_day)
        return periods[place] if place < len(periods) else None

    def current(self, day: date) -> UpdatePeriod | None:
        """The newest period that asks for an update on a day: until it and its grace are over.

        A period's own days come first: within them no earlier one is asked for any more.
        """
        period = self._asking(self.begun_by(day))
        return period if day <= max(period.last_day, period.grace_ends_on) else None

    def last_closed(self, day: date) -> UpdatePeriod:
        """The newest period whose grace was over before a day; a skipped one is none.

        That can be one which holds the day, where updates close early in it, before papers.
        """
        period = self._asking(self.begun_by(day))
        while day <= period.grace_ends_on:
            period = self.previous(period)
        return period

    def previous(self, period: UpdatePeriod) -> UpdatePeriod:
        """The one before that asked for something."""
        return self._asking(self.before(period))

    def _asking(self, period: UpdatePeriod) -> UpdatePeriod:
        while period.is_skipped:
            period = self.before(period)
        return period

    def ahead(self, day: date, until: date) -> list[UpdatePeriod]:
        """Those that begin after a day, and by another."""
        found = []
        period = self.after(self.begun_by(day))
        while period is not None and period.first_day <= until:
            found.append(period)
            period = self.after(period)
        return found

    def _around(self, year: int) -> tuple[list[UpdatePeriod], list[date]]:
        first, last, periods, first_days = self._known
        if not first <= year - 1 <= year + 1 <= last:
            known = (first, last) if periods else (year, year)
            first, last = min(known[0], year - 1), max(known[1], year + 1)
            periods = list(_between(self._cycle, first, last, self._holidays))
            first_days = [period.first_day for period in periods]
            self._known = (first, last, periods, first_days)
        return periods, first_days


# --- How periods are made ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Span:
    """A period before anything is joined or skipped."""

    first_day: date
    last_day: date
    closes_on: date
    rule: CycleRule
    # What it is called where it is not its days.
    month: PlanDate | None = None
    term: str = ""
    meeting: MeetingDay | None = None


def _between(
    cycle: Cycle, first_year: int, last_year: int, holidays: frozenset[date]
) -> Iterator[UpdatePeriod]:
    """The periods of these years and some around them, in order."""
    since = date(max(first_year - _MARGIN, 1), 1, 1)
    until = date(min(last_year + _MARGIN, MAXYEAR - 1), 12, 31)
    rules = cycle.in_force
    spans: list[_Span] = []
    for place, rule in enumerate(rules):
        following = rules[place + 1].starts_on if place + 1 < len(rules) else None
        ends = following - ONE_DAY if following else date.max
        # Of one that was over before these years its end, so that there is always one before.
        low = min(since, ends.replace(year=ends.year - 1, day=1))
        starts = max(_starts(rule), low)
        spans += _spans_of(rule, cycle.meetings, starts, ends, min(ends, until), holidays)
    treatments = _treatments(spans, cycle.treated)
    joined: list[_Span] = []
    for place, span in enumerate(spans):
        treatment = treatments.get(place, Treatment.USUAL)
        joined.append(span)
        if treatment is Treatment.JOINED and place + 1 < len(spans):
            continue
        yield _period(joined, holidays, is_skipped=treatment is Treatment.SKIPPED)
        joined = []


def _treatments(spans: Sequence[_Span], treated: Iterable[TreatedPeriod]) -> dict[int, Treatment]:
    """By the place of a span, what was said last of it."""
    first_days = [span.first_day for span in spans]
    said = {}
    for one in treated:
        place = bisect_right(first_days, one.day) - 1
        if place >= 0 and one.day <= spans[place].last_day:
            said[place] = one.treatment
    return said


def _spans_of(
    rule: CycleRule,
    meetings: Sequence[MeetingDay],
    starts: date,
    ends: date,
    until: date,
    holidays: frozenset[date],
) -> Iterator[_Span]:
    """What a cycle asks for from one day on: to its end, where that is known, else until a day."""
    match rule.kind:
        case CycleKind.MONTHLY:
            yield from _months(rule, meetings, starts, until, holidays)
        case CycleKind.WEEKS:
            yield from _weeks(rule, starts, until, holidays)
        case CycleKind.TERMLY:
            yield from _terms(rule, starts, until, holidays)
        case CycleKind.MEETINGS:
            own = sorted(
                (one for one in meetings if one.body == rule.body), key=lambda one: one.held_on
            )
            closings: list[tuple[date, MeetingDay | None]] = [
                (working_days_before(one.papers_due_on, rule.days_before_papers, holidays), one)
                for one in own
            ]
            yield from _closings(rule, closings, ends, holidays)
        case CycleKind.DATES:
            listed: list[tuple[date, MeetingDay | None]] = [
                (day, None) for day in sorted(rule.closing_days)
            ]
            yield from _closings(rule, listed, ends, holidays)


def _months(
    rule: CycleRule,
    meetings: Sequence[MeetingDay],
    starts: date,
    ends: date,
    holidays: frozenset[date],
) -> Iterator[_Span]:
    before_papers = _before_papers(rule, meetings, holidays)
    month = PlanDate.month_of(starts)
    while month.first_day <= ends:
        first, last = max(month.first_day, starts), min(month.last_day, ends)
        closes = before_papers.get(month.month_number)
        if closes is None or not first <= closes <= last:
            closes = last_working_day(PlanDate.days(first, last), holidays)
        yield _Span(first, last, closes, rule, month=month)
        month = month.plus_months(1)


def _before_papers(
    rule: CycleRule, meetings: Iterable[MeetingDay], holidays: frozenset[date]
) -> dict[int, date]:
    """By month number, the day before the first papers of the steering group that falls in it."""
    closings: dict[int, date] = {}
    if rule.is_before_papers:
        for meeting in meetings:
            if meeting.is_steering_group:
                day = working_days_before(meeting.papers_due_on, rule.days_before_papers, holidays)
                number = PlanDate.month_of(day).month_number
                closings[number] = min(closings.get(number, day), day)
    return closings


def weeks_around(day: date, counted_from: date, weeks: int) -> tuple[int, date, date]:
    """Which of the spans of so many weeks holds a day, its first day and its last.

    The span that begins on `counted_from` is the first, 1; those before it count down from 0.
    """
    length = timedelta(weeks=weeks)
    number = (day - counted_from) // length
    first = counted_from + number * length
    return number + 1, first, first + length - ONE_DAY


def _weeks(rule: CycleRule, starts: date, ends: date, holidays: frozenset[date]) -> Iterator[_Span]:
    if rule.weeks is None or rule.starts_on is None:
        raise ValueError("weeks are counted from a day, and it is said how many")
    day = starts
    while day <= ends:
        _, first, last = weeks_around(day, rule.starts_on, rule.weeks)
        cut = min(last, ends)
        yield _Span(first, cut, last_working_day(PlanDate.days(first, cut), holidays), rule)
        day = day_after(last)


def terms_of(first_year: int, last_year: int) -> Iterator[PlanDate]:
    """The school terms of these calendar years, in order, as `PlanDate.term` proposes them."""
    for year in range(first_year, last_year + 1):
        for name in TERMS:
            yield PlanDate.term(name, year)


def _terms(rule: CycleRule, starts: date, ends: date, holidays: frozenset[date]) -> Iterator[_Span]:
    for term in terms_of(starts.year, ends.year):
        first, last = max(term.first_day, starts), min(term.last_day, ends)
        if first <= last:
            closes = last_working_day(PlanDate.days(first, last), holidays)
            yield _Span(first, last, closes, rule, term=term.words)


_Closing = TypeVar("_Closing")


def between_closings(
    first: date, closings: Iterable[tuple[date, _Closing]]
) -> Iterator[tuple[date, date, _Closing]]:
    """From a first day to each closing in turn, the next from the day after.

    A closing that lies before its turn, of a meeting that an earlier one overtook, closes nothing.
    """
    for closes, of in closings:
        if closes >= first:
            yield first, closes, of
            first = day_after(closes)


def _closings(
    rule: CycleRule,
    closings: Iterable[tuple[date, MeetingDay | None]],
    ends: date,
    holidays: frozenset[date],
) -> Iterator[_Span]:
    """From one closing day to the next, counted from the cycle's first day."""
    for first, closes, meeting in between_closings(_starts(rule), closings):
        if first > ends:
            return
        if closes > ends:
            # The next cycle begins before this would have closed.
            yield _Span(first, ends, last_working_day(PlanDate.days(first, ends), holidays), rule)
            return
        yield _Span(first, closes, closes, rule, meeting=meeting)


def _period(spans: Sequence[_Span], holidays: frozenset[date], *, is_skipped: bool) -> UpdatePeriod:
    """One period of the spans that are joined."""
    first, last = spans[0], spans[-1]
    name, phrase, update_name = _names(spans)
    return UpdatePeriod(
        first_day=first.first_day,
        last_day=last.last_day,
        closes_on=last.closes_on,
        grace_ends_on=add_working_days(last.closes_on, last.rule.grace_days, holidays),
        name=name,
        phrase=phrase,
        update_name=update_name,
        is_whole_month=len(spans) == 1 and _whole_month(first) is not None,
        is_joined=len(spans) > 1,
        is_skipped=is_skipped,
    )


# --- What they are called ---------------------------------------------------------------------


def _names(spans: Sequence[_Span]) -> tuple[str, str, str]:
    """By itself; after "for"; and as the name of its update."""
    last = spans[-1]
    if last.meeting is not None:
        body = last.meeting.name.removeprefix("The ").removeprefix("the ")
        meeting = f"the {body} of {PlanDate.of_day(last.meeting.held_on).words}"
        return f"For {meeting}", meeting, f"Update for the {body}"
    if all(span.term for span in spans):
        names = [span.term for span in spans]
        phrase = _and([f"the {name}" for name in names])
        # Without the year, which the day of closing has.
        short = _and([name.rpartition(" ")[0] for name in names])
        return _capital(_and(names)), phrase, f"{_capital(short)} update"
    months = [month for span in spans if (month := _whole_month(span)) is not None]
    if len(months) == len(spans):
        name = _months_text(months)
        short = _and([MONTHS[month.first_day.month - 1] for month in months])
        return name, name, f"{short} update"
    days = _days_text(spans[0].first_day, last.last_day)
    return days, days, "Update"


def _whole_month(span: _Span) -> PlanDate | None:
    is_whole = span.first_day.day == 1 and span.last_day == last_day_of_month(span.first_day)
    return span.month if is_whole else None


def _months_text(months: Sequence[PlanDate]) -> str:
    """`July and August 2027`; each with its year where they are of two."""
    last = months[-1]
    if months[0].first_day.year != last.first_day.year:
        return _and([month.words for month in months])
    return _and([*(MONTHS[month.first_day.month - 1] for month in months[:-1]), last.words])


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _days_text(first: date, last: date) -> str:
    return (PlanDate.of_day(last) if first == last else PlanDate.days(first, last)).words


def _and(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
