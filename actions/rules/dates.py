"""Dates as plans give them: a month, now and then a day, a term or a year. Standard library only.

Each is a span: a commitment due in December 2022 is not late on the 31st, and is on 1 January; one
due in 2026, or in the summer term, is late when that is over.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import total_ordering
from typing import Self
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_TERM = re.compile(r"(spring|summer|autumn) term ([0-9]{4})")
_YEARS = re.compile(r"(school|financial) year ([0-9]{4})/([0-9]{2})")
_YEAR = re.compile(r"[0-9]{4}")
# Printed words up to this many signs stand in narrow columns too.
NARROW = 20


def iso_day(text: str) -> date:
    """A day written `2022-12-07`. ValueError for any other writing, also for weeks and ordinals."""
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not a day")
    return date.fromisoformat(text)


class Precision(StrEnum):
    """How exactly a plan gives a date. Each has a first and a last day; rules compare last days."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    TERM = "term"
    YEAR = "year"
    SCHOOL_YEAR = "school_year"
    FINANCIAL_YEAR = "financial_year"
    DAYS = "days"


# Those that are whole by the calendar, and those that an area's schools decide.
EXACT = frozenset({Precision.DAY, Precision.MONTH})
DECIDED_LOCALLY = frozenset({Precision.TERM, Precision.SCHOOL_YEAR})

TERMS = ("spring", "summer", "autumn")
_SPRING_ENDS, _SUMMER_ENDS = 4, 8


@total_ordering
@dataclass(frozen=True, slots=True)
class PlanDate:
    """A date as a plan gives it: a month, kept as its first day; a day; or something longer.

    `ends` is the last day of what is longer than a day and no month. `printed` are the words of the
    paper, where they are others than ours: two dates that differ in them alone are the same date.
    """

    first_day: date
    precision: Precision = Precision.MONTH
    ends: date | None = None
    printed: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.precision is Precision.MONTH and self.first_day.day != 1:
            raise ValueError("a month is kept as its first day")
        if (self.ends is None) != (self.precision in EXACT):
            raise ValueError("what is no day and no month says when it ends")
        if self.ends is not None and self.ends < self.first_day:
            raise ValueError("a date does not end before it begins")

    def __lt__(self, other: "PlanDate") -> bool:
        """By the first day; of two that begin together, the longer comes first."""
        if self.first_day != other.first_day:
            return self.first_day < other.first_day
        return self.last_day > other.last_day

    # What there is

    @classmethod
    def of_day(cls, day: date) -> Self:
        return cls(day, Precision.DAY)

    @classmethod
    def month_of(cls, day: date) -> Self:
        return cls(day.replace(day=1))

    @classmethod
    def quarter(cls, year: int, number: int) -> Self:
        """A quarter of the calendar year: the first begins in January."""
        first = date(year, 3 * number - 2, 1)
        return cls(first, Precision.QUARTER, last_day_of_month(add_months(first, 2)))

    @classmethod
    def term(cls, name: str, year: int) -> Self:
        """A school term. Its days are proposed: an area's schools have days of their own.

        Autumn is from 1 September to the last Friday before Christmas Day, spring from 1 January to
        the Thursday before Easter, summer from the Tuesday after Easter to 24 July.
        """
        easter = easter_sunday(year)
        if name == "autumn":
            eve = date(year, 12, 24)
            first, last = date(year, 9, 1), eve - timedelta(days=(eve.weekday() - 4) % 7)
        elif name == "spring":
            first, last = date(year, 1, 1), easter - timedelta(days=3)
        elif name == "summer":
            first, last = easter + timedelta(days=2), date(year, 7, 24)
        else:
            raise ValueError(f"{name!r} is no term")
        return cls(first, Precision.TERM, last)

    @classmethod
    def year(cls, year: int) -> Self:
        return cls(date(year, 1, 1), Precision.YEAR, date(year, 12, 31))

    @classmethod
    def school_year(cls, year: int) -> Self:
        """From September to August. The days are proposed."""
        return cls(date(year, 9, 1), Precision.SCHOOL_YEAR, date(year + 1, 8, 31))

    @classmethod
    def financial_year(cls, year: int) -> Self:
        """From April to March."""
        return cls(date(year, 4, 1), Precision.FINANCIAL_YEAR, date(year + 1, 3, 31))

    @classmethod
    def days(cls, first: date, last: date) -> Self:
        return cls(first, Precision.DAYS, last)

    @classmethod
    def stored(cls, first: date, last: date, precision: str, printed: str = "") -> Self:
        """From its columns."""
        exact = Precision(precision)
        return cls(first, exact, None if exact in EXACT else last, printed)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `iso` back: `2022-12`, `2022-12-07`, `2026`, `2026-Q2`, `summer term 2026`,
        `school year 2025/26`, `financial year 2025/26`, `2026-05-01 to 2026-05-05`.

        ValueError when it is none of them.
        """
        first, to, last = text.partition(" to ")
        if to:
            return cls.days(iso_day(first), iso_day(last))
        if quarter := _QUARTER.fullmatch(text):
            return cls.quarter(int(quarter[1]), int(quarter[2]))
        if term := _TERM.fullmatch(text):
            return cls.term(term[1], int(term[2]))
        if years := _YEARS.fullmatch(text):
            year = int(years[2])
            if (year + 1) % 100 != int(years[3]):
                raise ValueError(f"{text!r} is not one year")
            return cls.school_year(year) if years[1] == "school" else cls.financial_year(year)
        if _YEAR.fullmatch(text):
            return cls.year(int(text))
        parts = [int(part) for part in text.split("-")]
        if len(parts) == 2:
            return cls(date(parts[0], parts[1], 1))
        if len(parts) == 3:
            return cls.of_day(date(*parts))
        raise ValueError(f"{text!r} is not a date of a plan")

    # What it comes to

    @property
    def is_day(self) -> bool:
        return self.precision is Precision.DAY

    @property
    def last_day(self) -> date:
        if self.ends is not None:
            return self.ends
        return self.first_day if self.is_day else last_day_of_month(self.first_day)

    @property
    def month_number(self) -> int:
        """Months since year 0, for counting months between two dates: of what is longer than a
        month, its last one."""
        day = self.ends or self.first_day
        return day.year * 12 + day.month - 1

    @property
    def last_month(self) -> Self:
        """The month in which it has to be done."""
        return type(self).month_of(self.ends or self.first_day)

    def passed_by(self, day: date) -> bool:
        return day > self.last_day

    def months_until(self, other: Self) -> int:
        return other.month_number - self.month_number

    def plus_months(self, months: int) -> Self:
        """A month or a day so many months on. ValueError for what is longer: it would be another
        kind of date."""
        if self.precision not in EXACT:
            raise ValueError(f"{self.iso} is neither a month nor a day")
        return type(self)(add_months(self.first_day, months), self.precision)

    def with_days(self, first: date | None, last: date | None) -> Self:
        """The same with days of its own. ValueError where it then is another term or year."""
        own = replace(self, first_day=first or self.first_day, ends=last or self.ends)
        if self.precision not in DECIDED_LOCALLY or own.iso != self.iso or not own._fits:
            raise ValueError(f"these are not days of {self.iso}")
        return own

    @property
    def proposed(self) -> Self:
        """Of a term or a school year: the same with the days that we propose."""
        return type(self).parse(self.iso) if self.precision in DECIDED_LOCALLY else self

    @property
    def _fits(self) -> bool:
        """A term is no longer than five months, a school year no longer than a year."""
        longest = 5 if self.precision is Precision.TERM else 12
        return self.last_day < add_months(self.first_day, longest)

    # How it is written

    @property
    def iso(self) -> str:
        """As plan files have it."""
        first, last = self.first_day, self.last_day
        match self.precision:
            case Precision.DAY:
                return first.isoformat()
            case Precision.MONTH:
                return first.strftime("%Y-%m")
            case Precision.QUARTER:
                return f"{first.year}-Q{last.month // 3}"
            case Precision.DAYS:
                return f"{first.isoformat()} to {last.isoformat()}"
        return self._name

    @property
    def words(self) -> str:
        """In our words, whatever the paper has."""
        first, last = self.first_day, self.last_day
        match self.precision:
            case Precision.DAY:
                return _day_text(first)
            case Precision.MONTH:
                return f"{MONTHS[first.month - 1]} {first.year}"
            case Precision.QUARTER:
                return f"{MONTHS[first.month - 1]} to {MONTHS[last.month - 1]} {last.year}"
            case Precision.DAYS:
                return f"{_day_text(first, beside=last)} to {_day_text(last)}"
        return self._name

    @property
    def short(self) -> str:
        """`Dec 2022`: for narrow columns."""
        if self.printed and len(self.printed) <= NARROW:
            return self.printed
        first, last = self.first_day, self.last_day
        match self.precision:
            case Precision.DAY:
                return f"{first.day} {_short_month(first)} {first.year}"
            case Precision.MONTH:
                return f"{_short_month(first)} {first.year}"
            case Precision.QUARTER:
                return f"{_short_month(first)}–{_short_month(last)} {last.year}"
            case Precision.DAYS:
                same = first.replace(day=1) == last.replace(day=1)
                start = f"{first.day}" if same else f"{first.day} {_short_month(first)}"
                return f"{start}–{last.day} {_short_month(last)} {last.year}"
        return self._name

    @property
    def _name(self) -> str:
        """Of a term or a year."""
        last = self.last_day
        if self.precision is Precision.YEAR:
            return str(last.year)
        if self.precision is Precision.TERM:
            # It is named by the month in which it ends, whatever its days.
            spring, summer, autumn = TERMS
            name = spring if last.month <= _SPRING_ENDS else autumn
            return (
                f"{summer if _SPRING_ENDS < last.month <= _SUMMER_ENDS else name} term {last.year}"
            )
        kind = "school" if self.precision is Precision.SCHOOL_YEAR else "financial"
        return f"{kind} year {last.year - 1}/{last.year % 100:02}"

    def __str__(self) -> str:
        """As printed, else in our words."""
        return self.printed or self.words

    @property
    def in_sentence(self) -> str:
        """The same within a sentence: without the brackets that some plans print about a date."""
        text = str(self)
        bare = text[1:-1]
        if text.startswith("(") and text.endswith(")") and not set(bare) & set("()"):
            return bare
        return text


def _day_text(day: date, beside: date | None = None) -> str:
    """`1 May 2026`; without what it shares with the day it stands beside."""
    if beside and (day.year, day.month) == (beside.year, beside.month):
        return str(day.day)
    year = "" if beside and day.year == beside.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def _short_month(day: date) -> str:
    return "Sept" if day.month == 9 else MONTHS[day.month - 1][:3]


def easter_sunday(year: int) -> date:
    """By the rule of Oudin, which holds for the Gregorian calendar."""
    century = year // 100
    golden = year % 19
    moon = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    offset = moon - weekday
    month = 3 + (offset + 40) // 44
    return date(year, month, offset + 28 - 31 * (month // 4))


def last_day_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day so many months on; the month's last day where there is no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_back(day: date, count: int) -> list[PlanDate]:
    """The `count` months that end with the month of `day`, oldest first."""
    current = PlanDate.month_of(day)
    return [current.plus_months(offset) for offset in range(1 - count, 1)]


def day_after(day: date) -> date:
    return day + timedelta(days=1)


def end_of_day(day: date) -> datetime:
    """The first moment after `day` in London; what happened *by the end of* it is earlier."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=LONDON)


def start_of_day(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=LONDON)


def day_of(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def working_days_after(day: date, holidays: Collection[date]) -> Iterator[date]:
    while True:
        day += timedelta(days=1)
        if is_working_day(day, holidays):
            yield day


def add_working_days(day: date, count: int, holidays: Collection[date]) -> date:
    """The day that is `count` working days after `day`, which itself does not count."""
    days = working_days_after(day, holidays)
    for _ in range(count):
        day = next(days)
    return day


def working_days_before(day: date, count: int, holidays: Collection[date]) -> date:
    """The day that is `count` working days before `day`, which itself does not count."""
    while count:
        day -= timedelta(days=1)
        count -= is_working_day(day, holidays)
    return day


def last_working_day(when: PlanDate, holidays: Collection[date]) -> date:
    """Of a month or another span; its last day where nobody works in it."""
    day = when.last_day
    while not is_working_day(day, holidays):
        if day == when.first_day:
            return when.last_day
        day -= timedelta(days=1)
    return day
