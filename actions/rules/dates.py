"""Dates as plans give them: a month, or now and then a day. Standard library only.

A month is a span: a commitment due in December 2022 is not late on the 31st, and is on 1 January.
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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


def iso_day(text: str) -> date:
    """A day written `2022-12-07`. ValueError for any other writing, also for weeks and ordinals."""
    if not _ISO_DAY.fullmatch(text):
        raise ValueError(f"{text!r} is not a day")
    return date.fromisoformat(text)


@dataclass(frozen=True, order=True, slots=True)
class PlanDate:
    """A month, kept as its first day, or a single day."""

    first_day: date
    is_day: bool = False

    def __post_init__(self) -> None:
        if not self.is_day and self.first_day.day != 1:
            raise ValueError("a month is kept as its first day")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `2022-12` or `2022-12-07`. ValueError when it is neither."""
        parts = [int(part) for part in text.split("-")]
        if len(parts) == 2:
            return cls(date(parts[0], parts[1], 1))
        if len(parts) == 3:
            return cls(date(*parts), is_day=True)
        raise ValueError(f"{text!r} is neither a month nor a day")

    @classmethod
    def month_of(cls, day: date) -> Self:
        return cls(day.replace(day=1))

    @property
    def last_day(self) -> date:
        if self.is_day:
            return self.first_day
        return last_day_of_month(self.first_day)

    @property
    def month_number(self) -> int:
        """Months since year 0, for counting months between two dates."""
        return self.first_day.year * 12 + self.first_day.month - 1

    def passed_by(self, day: date) -> bool:
        return day > self.last_day

    def months_until(self, other: Self) -> int:
        return other.month_number - self.month_number

    def plus_months(self, months: int) -> Self:
        return type(self)(add_months(self.first_day, months), self.is_day)

    @property
    def short(self) -> str:
        """`Dec 2022`: for narrow columns."""
        month = {9: "Sept"}.get(self.first_day.month, MONTHS[self.first_day.month - 1][:3])
        day = f"{self.first_day.day} " if self.is_day else ""
        return f"{day}{month} {self.first_day.year}"

    @property
    def iso(self) -> str:
        return self.first_day.isoformat() if self.is_day else self.first_day.strftime("%Y-%m")

    def __str__(self) -> str:
        day = f"{self.first_day.day} " if self.is_day else ""
        return f"{day}{MONTHS[self.first_day.month - 1]} {self.first_day.year}"


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


def last_working_day(month: PlanDate, holidays: Collection[date]) -> date:
    day = last_day_of_month(month.first_day)
    while not is_working_day(day, holidays):
        day -= timedelta(days=1)
    return day
