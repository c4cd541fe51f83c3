"""Who is to be written to about a plan: what waits for each, and what they were told already.

Made from the lists of My work of everybody, in a fixed number of queries whatever their number.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q
from django.http import HttpRequest

from actions import memberships
from actions.models import Plan
from actions.pages.plan_page import PlanPage
from actions.rules.cycle import UpdatePeriod
from wsoa.pages.work.everybody import Holder, work_of_everybody
from wsoa.pages.work.items import Kind, WorkItem
from wsoa.reaching.models import ClosedDays, ContactAddress, Hold, MailWishes, Message
from wsoa.reaching.rules.mail_days import MailDays
from wsoa.reaching.rules.reminders import (
    Period,
    Rule,
    Thing,
    Told,
    Wants,
    is_long_overdue,
    is_told_of_others,
    rule_on,
)

# How far back it matters what somebody was told.
REMEMBERED = timedelta(days=400)
# What somebody wants to hear of on the day it comes.
AT_ONCE = frozenset(
    {Kind.QUESTION, Kind.CLOSING, Kind.CHANGE, Kind.BLUE, Kind.REPORT, Kind.HANDOVER}
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody of the plan with an address, and all that says whether they get a mail."""

    holder: Holder
    # Of who has no account, the person alone.
    user: int | None
    days: MailDays
    wants: Wants
    # Of this plan, and the days on which another plan wrote.
    told: tuple[Told, ...]
    busy_days: frozenset[date]
    # The last day on which the programme team holds their mail; None: it goes.
    held_until: date | None
    # What is overdue with others in the areas of a senior responsible officer.
    others: tuple["WithOther", ...] = ()

    def rule_on(self, day: date, period: UpdatePeriod | None) -> Rule | None:
        """By which rule a mail goes on that day, if the programme team does not hold it."""
        if self.holder.cover or day in self.busy_days:
            # Who is away is covered for: the other's list holds what waits.
            return None
        own = rule_on(
            day,
            [thing_of(item) for item in self.holder.items],
            self.told,
            Period(period.first_day, period.closes_on) if period else None,
            self.days,
            self.wants,
        )
        others = [thing_of(one.item) for one in self.others]
        if own is None and is_told_of_others(day, others, self.told, self.days):
            return Rule.OTHERS
        return own

    def long_overdue_with_others(self, day: date) -> list["WithOther"]:
        """Oldest first."""
        found = [one for one in self.others if is_long_overdue(one.item.due, day, self.days)]
        return sorted(found, key=lambda one: one.item.due or day)

    def is_held(self, day: date) -> bool:
        return self.held_until is not None and day <= self.held_until


@dataclass(frozen=True, slots=True)
class WithOther:
    """Something that waits for somebody else."""

    name: str
    item: WorkItem


@dataclass(frozen=True, slots=True)
class Mailing:
    """A plan's people on a day."""

    page: PlanPage
    recipients: Sequence[Recipient]

    @property
    def plan(self) -> Plan:
        return self.page.plan

    def period_on(self, day: date) -> UpdatePeriod | None:
        return self.page.periods.current(day)


def mailing_of(plan: Plan, today: date) -> Mailing | None:
    """None where nobody is asked for anything: of a draft, a closed plan, one without a team."""
    team = [one for one in memberships.everybodys_access(plan) if one.is_officer]
    if plan.state != Plan.State.AGREED or not team:
        return None
    # Read as one of the team would; each list is made for whom it waits.
    granted = memberships.get_plan(team[0].user, plan.slug)
    return mailing_for(PlanPage(HttpRequest(), granted, today, today))


def mailing_for(page: PlanPage) -> Mailing:
    """As somebody of the programme team has the page open."""
    everybody = work_of_everybody(page)
    holders = with_addresses(page, everybody)
    users = [one.user for one in holders if one.user]
    wishes = {one.user_id: one for one in MailWishes.objects.filter(user__in=users)}
    closed = tuple(ClosedDays.objects.filter(plan=page.plan).values_list("first_day", "last_day"))
    told, busy = _told(page, holders)
    held = _held(page)
    return Mailing(
        page,
        [
            _recipient(
                page,
                holder,
                wishes.get(holder.user or 0),
                closed,
                told[key_of_receiver(holder.user, holder.person)],
                busy[key_of_receiver(holder.user, holder.person)],
                held,
                _with_others(page, holder, everybody),
            )
            for holder in holders
        ],
    )


def with_addresses(page: PlanPage, holders: Iterable[Holder]) -> list[Holder]:
    """Those who can be written to; who has no account, where an address of theirs is given."""
    rows = ContactAddress.objects.filter(person__local_area=page.plan.local_area)
    addresses = dict(rows.values_list("person", "email"))
    return [
        one if one.user else replace(one, email=addresses[one.person or 0])
        for one in holders
        if one.user or one.person in addresses
    ]


def key_of_receiver(user: int | None, person: int | None) -> int:
    """As on the pages of everybody: the user's key, of who has no account the person's less 0."""
    return user or -(person or 0)


def _recipient(
    page: PlanPage,
    holder: Holder,
    wishes: MailWishes | None,
    closed: Sequence[tuple[date, date]],
    told: Sequence[Told],
    busy: set[date],
    held: dict[int, date | None],
    others: Sequence[WithOther],
) -> Recipient:
    holidays = page.history.holidays
    return Recipient(
        holder=holder,
        user=holder.user,
        days=MailDays(holidays, closed, frozenset(wishes.weekdays))
        if wishes
        else MailDays(holidays, closed),
        wants=Wants(wishes.reminders, wishes.late, wishes.at_once) if wishes else Wants(),
        told=tuple(told),
        busy_days=frozenset(busy),
        held_until=held.get(holder.user or 0),
        others=tuple(others),
    )


def _with_others(page: PlanPage, holder: Holder, everybody: Iterable[Holder]) -> list[WithOther]:
    """What is overdue in the areas that somebody answers for, each thing once, with who has it."""
    own = {key_of(item) for item in holder.items}
    found = {
        key_of(item): WithOther(other.name, item)
        for other in everybody
        if other is not holder
        for item in other.items
        if item.is_overdue(page.day) and holder.sro_areas.intersection(item.areas)
    }
    return [one for key, one in found.items() if key not in own]


def _told(
    page: PlanPage, holders: Sequence[Holder]
) -> tuple[dict[int, list[Told]], dict[int, set[date]]]:
    """What each was told of this plan, and the days on which another plan wrote, by their key."""
    told: dict[int, list[Told]] = defaultdict(list)
    busy: dict[int, set[date]] = defaultdict(set)
    rows = (
        Message.objects.filter(
            Q(user__in=[one.user for one in holders if one.user])
            | Q(person__in=[one.person for one in holders if not one.user]),
            day__gte=page.today - REMEMBERED,
        )
        .exclude(why=Rule.WRITTEN)
        .order_by("recorded_at")
        .values_list("plan", "user", "person", "why", "day", "keys")
    )
    for plan, user, person, why, day, keys in rows:
        key = key_of_receiver(user, person)
        if plan == page.plan.pk:
            told[key].append(Told(Rule(why), day, frozenset(keys)))
        else:
            busy[key].add(day)
    return told, busy


def _held(page: PlanPage) -> dict[int, date | None]:
    """Until when the programme team holds each person's mail, by what was said last."""
    rows = Hold.objects.filter(plan=page.plan).order_by("recorded_at")
    return {hold.user_id: hold.until for hold in rows}


def key_of(item: WorkItem) -> str:
    """Says of the same thing the same on every day, and of what came back another."""
    returned = " returned" if item.is_returned else ""
    return f"{item.kind.name.lower()}{returned} {item.url}"


def thing_of(item: WorkItem) -> Thing:
    return Thing(
        key=key_of(item),
        due=item.due,
        is_update=item.kind is Kind.UPDATE,
        comes_at_once=item.kind in AT_ONCE or item.is_returned,
    )
