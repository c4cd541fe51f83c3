"""Which mail somebody gets on a day, if any.

1. One mail a day at most, on a mail day, and none where nothing waits.
2. *The updates open*: once in an update period, while an update of it waits.
3. *They close soon*: once in a period, from the last mail day that leaves three working days before
   the closing; it comes in place of the opening where that was never told. Somebody who works part
   of the week is told on a day of theirs before that, not after.
4. *Late*: where something is overdue and no mail went for seven days. A mail of any kind lists what
   is overdue first, so that it counts. In a normal month there are two mails; whoever is late gets
   one more, and then one a week until nothing is late.
5. *Due soon*: something with a day of its own (figures, a question, an agreed action) is due within
   three working days, and no mail of the last seven days named it.
6. *New*: a question, something returned, something to sign or decide, that no mail has named yet.
7. *Overdue with others*: once a week the senior responsible officer of an area hears of what has
   been overdue there with somebody else for more than four weeks, twenty working days. Nobody is
   spared that; what is their own goes first, where both fall on a day.
8. Who wants fewer mails gets none of 2, 3 and 5; of 4 and of 6 one can be spared apart.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from actions.rules.dates import add_working_days, working_days_before
from wsoa.reaching.rules.mail_days import MailDays

# Working days for which something is overdue before it is told to whom it is not with.
LONG_OVERDUE = 20
# Working days that are left when one is told of a closing or a due day.
NOTICE_DAYS = 3
A_WEEK = timedelta(days=7)


class Rule(StrEnum):
    """Why a mail was sent."""

    OPENS = "opens"
    CLOSES = "closes"
    LATE = "late"
    DUE = "due"
    NEW = "new"
    OTHERS = "others"
    # By somebody of the programme team, in words of their own.
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that waits. `key` says on every day alike which it is."""

    key: str
    due: date | None = None
    # An update of the open period; what else is due has a day of its own.
    is_update: bool = False
    # Somebody wants to be told at once: a question, something returned, something to sign.
    comes_at_once: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A mail that somebody got, or will get when the server is back, and what it named."""

    rule: Rule
    day: date
    keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Period:
    """The update period that is open: its first day, and the last to be in time."""

    first_day: date
    closes_on: date


@dataclass(frozen=True, slots=True)
class Wants:
    """What somebody wants to be written to about."""

    reminders: bool = True
    late: bool = True
    at_once: bool = True


def rule_on(
    day: date,
    things: Collection[Thing],
    told: Sequence[Told],
    period: Period | None,
    days: MailDays,
    wants: Wants,
) -> Rule | None:
    """By which rule somebody is written to on a day; None: not at all."""
    if not things or not days.allow(day) or any(mail.day == day for mail in told):
        return None
    if wants.reminders and period and (rule := _of_period(day, things, told, period, days)):
        return rule
    # What is overdue with others says nothing of one's own.
    lately = [mail for mail in told if day - mail.day < A_WEEK and mail.rule is not Rule.OTHERS]
    if wants.late and not lately and any(thing.due and thing.due < day for thing in things):
        return Rule.LATE
    if wants.reminders and _is_due_soon(day, things, _named(lately), days):
        return Rule.DUE
    named = _named(told)
    if wants.at_once and any(thing.comes_at_once and thing.key not in named for thing in things):
        return Rule.NEW
    return None


def is_told_of_others(
    day: date, things: Iterable[Thing], told: Sequence[Told], days: MailDays
) -> bool:
    """Whether somebody hears on a day of what is overdue with others in their areas."""
    if not days.allow(day) or any(mail.day == day for mail in told):
        return False
    if any(mail.rule is Rule.OTHERS and day - mail.day < A_WEEK for mail in told):
        return False
    return any(is_long_overdue(thing.due, day, days) for thing in things)


def is_long_overdue(due: date | None, day: date, days: MailDays) -> bool:
    return due is not None and add_working_days(due, LONG_OVERDUE, days.holidays) < day


def _of_period(
    day: date,
    things: Iterable[Thing],
    told: Iterable[Told],
    period: Period,
    days: MailDays,
) -> Rule | None:
    if not any(thing.is_update for thing in things) or not _lies_in(day, period):
        return None
    rules = {mail.rule for mail in told if _lies_in(mail.day, period)}
    if Rule.CLOSES in rules:
        return None
    notice = working_days_before(period.closes_on, NOTICE_DAYS, days.holidays)
    closes_from = days.last_until(notice)
    if closes_from and day >= closes_from:
        return Rule.CLOSES
    return None if Rule.OPENS in rules else Rule.OPENS


def _lies_in(day: date, period: Period) -> bool:
    return period.first_day <= day <= period.closes_on


def _is_due_soon(
    day: date, things: Iterable[Thing], named: Collection[str], days: MailDays
) -> bool:
    for thing in things:
        if thing.is_update or thing.due is None or thing.due < day or thing.key in named:
            continue
        notice = working_days_before(thing.due, NOTICE_DAYS, days.holidays)
        from_day = days.last_until(notice)
        if from_day and day >= from_day:
            return True
    return False


def _named(told: Iterable[Told]) -> frozenset[str]:
    return frozenset(key for mail in told for key in mail.keys)
