"""The days on which somebody may be written to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from actions.rules.dates import is_working_day

ONE_DAY = timedelta(days=1)
# Monday to Friday, as `date.weekday` numbers them.
WORKING_WEEK = frozenset(range(5))
# How far a mail day is looked for: nobody is away from their desk by the calendar for longer.
FURTHEST = 100


@dataclass(frozen=True, slots=True)
class MailDays:
    """Never at weekends, on bank holidays, on the plan's closed days, on days one does not work."""

    holidays: Collection[date] = ()
    # First and last days on which the plan's offices are closed, as at Christmas.
    closed: Sequence[tuple[date, date]] = ()
    weekdays: frozenset[int] = WORKING_WEEK

    def allow(self, day: date) -> bool:
        return (
            is_working_day(day, self.holidays)
            and day.weekday() in self.weekdays
            and not any(first <= day <= last for first, last in self.closed)
        )

    def last_until(self, day: date) -> date | None:
        """The last mail day up to this one; None where there is none in reach."""
        days = (day - timedelta(days=number) for number in range(FURTHEST))
        return next(filter(self.allow, days), None)

    def coming(self, day: date, count: int) -> list[date]:
        """The next so many mail days from this one on, itself counted."""
        days = (day + timedelta(days=number) for number in range(FURTHEST))
        return [one for one in days if self.allow(one)][:count]
