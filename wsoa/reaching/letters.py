"""The words of a mail: what waits, by when, and where it is done. Text alone suffices.

Nothing that somebody wrote goes into it but names of things: no progress, no reason, no figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from actions.models import Plan
from actions.pages import formatting
from actions.rules.cycle import UpdatePeriod
from actions.rules.dates import MONTHS
from actions.wording import in_words
from wsoa.pages.work.items import Kind, WorkItem
from wsoa.reaching.models import MailSettings
from wsoa.reaching.recipients import Mailing, Recipient, key_of
from wsoa.reaching.rules.reminders import Rule
from wsoa.reaching.unsubscribing import unsubscribe_url

# As many as one reads on a telephone.
MOST_LINES = 5
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it is put on record and sent."""

    subject: str
    text: str
    html: str
    keys: list[str]


@dataclass(frozen=True, slots=True)
class Line:
    ref: str
    name: str
    url: str
    what: str
    since: str


def letter(mailing: Mailing, to: Recipient, rule: Rule, day: date, about: MailSettings) -> Letter:
    """What somebody is told on a day by a rule."""
    if rule is Rule.OTHERS:
        return _of_others(mailing, to, day, about)
    items = _in_order(to.holder.items)
    heading = _heading(rule, items, day)
    period = mailing.period_on(day)
    words = {"heading": heading, "opening": _opening(mailing.plan, rule, period, day)}
    return _letter(
        mailing, to, _subject(rule, heading, period, items, day), words, day, about, signed=""
    )


def _of_others(mailing: Mailing, to: Recipient, day: date, about: MailSettings) -> Letter:
    """To the senior responsible officer of an area: what is overdue there, and with whom."""
    found = to.long_overdue_with_others(day)
    count = len(found)
    areas = in_words("your {area}") if len(to.holder.sro_areas) == 1 else in_words("your {areas}")
    verb = "is" if count == 1 else "are"
    heading = f"{_things(count)} in {areas} {verb} overdue for more than four weeks"
    lines = [
        replace(
            _line(one.item, day),
            url=absolute(one.item.name_url or one.item.url),
            what=f"{_what(one.item)}, with {one.name}",
        )
        for one in found[:MOST_LINES]
    ]
    words = {"heading": heading, "opening": ""}
    return _letter(
        mailing,
        to,
        heading,
        words,
        day,
        about,
        signed="",
        shown=(lines, count - len(lines), [key_of(one.item) for one in found]),
    )


def written_letter(
    mailing: Mailing,
    to: Recipient,
    subject: str,
    words: str,
    day: date,
    about: MailSettings,
    by: str,
) -> Letter:
    """What somebody of the programme team writes, in front of what waits."""
    return _letter(mailing, to, subject, {"words": words}, day, about, signed=by)


def _letter(
    mailing: Mailing,
    to: Recipient,
    subject: str,
    words: dict[str, str],
    day: date,
    about: MailSettings,
    *,
    signed: str,
    shown: tuple[list[Line], int, list[str]] | None = None,
) -> Letter:
    """`shown` are the lines, how many more there are and the keys, of what is not one's own."""
    page, items = mailing.page, _in_order(to.holder.items)
    lines, more, keys = shown or (
        [_line(item, day) for item in items[:MOST_LINES]],
        max(len(items) - MOST_LINES, 0),
        [key_of(item) for item in items],
    )
    team = about.signed or f"The programme team of {page.plan.local_area.name}"
    context: dict[str, Any] = {
        **words,
        "name": to.holder.name,
        "subject": subject,
        "lines": lines,
        "more": more,
        "is_own": shown is None,
        "signs_in": to.user is not None,
        "all_url": absolute(page.url("pages:my_work")),
        "cover_url": absolute(page.url("pages:deputies")),
        "signed": f"{signed}, {team}" if signed else team,
        "phone": about.phone,
        "because": to.holder.roles,
        "plan": f"{page.plan.short_name}, {page.plan.local_area.name}",
        "off_url": unsubscribe_url(to.user) if to.user else "",
    }
    return Letter(
        subject=subject,
        text=render_to_string("reaching/letter.txt", context),
        html=render_to_string("reaching/letter.html", context),
        keys=keys,
    )


def absolute(address: str) -> str:
    """The address of a page as a mail needs it."""
    return f"{settings.SITE_URL}{address}"


def _in_order(items: Sequence[WorkItem]) -> list[WorkItem]:
    """Overdue first, oldest first; then by the day it is due."""
    return sorted(items, key=lambda item: (item.due or date.max, item.since or date.max))


def _heading(rule: Rule, items: Sequence[WorkItem], day: date) -> str:
    late = sum(item.is_overdue(day) for item in items)
    if rule is Rule.LATE:
        return f"{_things(late)} {'is' if late == 1 else 'are'} overdue"
    waits = f"{_things(len(items))} {'waits' if len(items) == 1 else 'wait'} for you"
    if late and late == len(items):
        return f"{waits}, overdue"
    return f"{waits}, {late} of them overdue" if late else waits


def _things(count: int) -> str:
    return formatting.plural(count, "thing")


def _subject(
    rule: Rule, heading: str, period: UpdatePeriod | None, items: Sequence[WorkItem], day: date
) -> str:
    """What waits and by when: all that is read of most mails."""
    if rule is Rule.LATE:
        oldest = min(item.due for item in items if item.due)
        return f"{heading}, the oldest since {near(oldest, day)}"
    if period and rule is Rule.OPENS:
        return (
            f"{_capital(period.update_name)} is open: {heading}, by {near(period.closes_on, day)}"
        )
    if period and rule is Rule.CLOSES:
        closes = "today" if period.closes_on == day else f"on {near(period.closes_on, day)}"
        return f"{_capital(period.update_name)} closes {closes}: {heading}"
    due = [item.due for item in items if item.due and item.due >= day]
    return f"{heading}, the next by {near(min(due), day)}" if due else heading


def _opening(plan: Plan, rule: Rule, period: UpdatePeriod | None, day: date) -> str:
    if rule is Rule.LATE or period is None or day > period.closes_on:
        return ""
    closes = formatting.day_text(period.closes_on)
    return f"The {period.update_name} of the {plan.kind_text} is open until {closes}."


def _line(item: WorkItem, day: date) -> Line:
    is_late = item.is_overdue(day)
    what = _what(item)
    since = ""
    if item.due:
        since = f"overdue since {near(item.due, day)}" if is_late else ""
        what = what if is_late else f"{what}, due {near(item.due, day)}"
    return Line(
        item.ref,
        formatting.cut(item.name, LONGEST_NAME),
        absolute(item.url),
        what,
        since,
    )


def _what(item: WorkItem) -> str:
    if item.is_returned:
        return in_words("Update; your {Blue} was returned")
    if item.kind is Kind.RATING:
        return in_words("Rate the {area}")
    return item.kind_text


def near(day: date, today: date) -> str:
    """`30 November`; with its year where that is another."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
