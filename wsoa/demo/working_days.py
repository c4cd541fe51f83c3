"""On which days the sample's people write: working days of council and NHS offices.

Nobody writes at a weekend, on a bank holiday, or between Christmas Eve and New Year's Day.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zlib import crc32

from actions.records.history import bank_holidays
from actions.rules.dates import LONDON, last_day_of_month

# Of a month: figures of the month before are in by then.
_UPDATES_FROM, _UPDATES_TO = 13, 25
# This month's updates came in on the last days: since the steering group met, a fortnight ago.
_NEWEST = 6


class WorkingDays:
    """The days on which something could have been written, from the first year to today."""

    def __init__(self, first_year: int, today: date) -> None:
        self.today = today
        self._holidays = bank_holidays(first_year, today.year + 1)

    def is_worked(self, day: date) -> bool:
        at_christmas = (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1)
        return day.weekday() < 5 and not at_christmas and day not in self._holidays

    def on_or_after(self, day: date) -> date:
        while not self.is_worked(day):
            day += timedelta(days=1)
        return day

    def on_or_before(self, day: date) -> date:
        while not self.is_worked(day):
            day -= timedelta(days=1)
        return day

    def for_update(self, first: date, key: str) -> datetime | None:
        """A working hour of the month that begins on `first`, the same for the same key.

        None where no working day of it has come.
        """
        latest = min(last_day_of_month(first), self.today - timedelta(days=1))
        days = list(self._between(first.replace(day=_UPDATES_FROM), latest))
        days = [day for day in days if day.day <= _UPDATES_TO] or list(self._between(first, latest))
        if not days:
            return None
        if (first.year, first.month) == (self.today.year, self.today.month):
            days = days[-_NEWEST:]
        number = crc32(key.encode())
        # Decisions of the same day were taken before ten.
        hour = time(10 + number % 7, number // 7 % 60)
        return datetime.combine(days[number % len(days)], hour, tzinfo=LONDON)

    def _between(self, first: date, last: date) -> Iterator[date]:
        day = first
        while day <= last:
            if self.is_worked(day):
                yield day
            day += timedelta(days=1)
