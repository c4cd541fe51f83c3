"""The calendar of one's dates: when updates close, meetings, and what has a due day of its own.

A calendar program asks for it again every few hours, without signing in, by an address that nobody
can guess. It holds no words that somebody wrote, and ends with one's part in the plan.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from actions import access, memberships
from actions.memberships import PlanAccess
from actions.models import Body, Plan
from actions.pages.plan_page import PlanPage
from actions.rules.dates import add_months
from actions.wording import words_of
from wsoa.accounts.models import User
from wsoa.oversight.models import Meeting, ReviewMeeting
from wsoa.pages.work.items import Kind, WorkItem
from wsoa.pages.work.list import work_of
from wsoa.reaching.letters import absolute
from wsoa.reaching.recipients import key_of

# Meetings that were stay in it for a while; what is to come is told for so many months.
KEPT = timedelta(days=60)
MONTHS_AHEAD = 12
# The updates close as one date, so each of them is none.
WITH_OWN_DAY = frozenset(Kind) - {Kind.UPDATE}
# Whoever reads, and works on nothing, has no closing day to keep.
RECORDING = access.LEADING | {memberships.Role.PROGRAMME_OFFICER}


@dataclass(frozen=True, slots=True)
class Entry:
    """A day in the calendar. `key` is the same whenever the calendar is asked for."""

    key: str
    day: date
    title: str
    url: str


def entries_of(user: User, today: date) -> list[Entry]:
    """The dates of all plans that a user sees live, by day."""
    entries: list[Entry] = []
    for granted in memberships.plans_of(user):
        if granted.plan.state == Plan.State.AGREED and access.can_see_live(granted):
            with words_of(granted.plan):
                entries += _of_plan(memberships.get_plan(user, granted.plan.slug), today)
    return sorted(entries, key=lambda entry: (entry.day, entry.title))


def _of_plan(granted: PlanAccess, today: date) -> Iterator[Entry]:
    page = PlanPage(HttpRequest(), granted, today, today)
    name = granted.plan.local_area.name
    yield from _closings(page, name)
    yield from _meetings(page, name)
    for item in work_of(page):
        if item.due and item.due >= today and item.kind in WITH_OWN_DAY:
            yield _of_item(item, name)


def _closings(page: PlanPage, name: str) -> Iterator[Entry]:
    if not page.access.roles & RECORDING:
        return
    for period in page.periods.ahead(page.today, add_months(page.today, MONTHS_AHEAD)):
        if not period.is_skipped and period.closes_on >= page.today:
            title = f"{name}: {period.update_name} closes"
            url = absolute(page.url("pages:my_work"))
            yield Entry(f"closing {page.plan.slug} {period.key}", period.closes_on, title, url)


def _meetings(page: PlanPage, name: str) -> Iterator[Entry]:
    """Of the bodies one sits on; of the steering group for who answers to it; reviews."""
    roles = memberships.Role
    since = page.today - KEPT
    mine = memberships.bodies_of(page.access)
    answers = bool(page.access.roles & {roles.PROGRAMME_OFFICER, roles.SRO, roles.CHAIR})
    meetings = Meeting.objects.filter(plan=page.plan, held_on__gte=since).select_related("body")
    for meeting in meetings:
        is_of_all = answers and meeting.body.kind == Body.Kind.STEERING_GROUP
        if meeting.body_id in mine or is_of_all or page.access.is_officer:
            title = f"{name}: {meeting.body.name}"
            url = absolute(page.url("oversight:meeting", meeting.pk))
            yield Entry(f"meeting {meeting.pk}", meeting.held_on, title, url)
    if answers:
        for review in ReviewMeeting.objects.filter(plan=page.plan, held_on__gte=since):
            title = f"{name}: review with {review.advisers}"
            url = absolute(page.url("oversight:reviews"))
            yield Entry(f"review {review.pk}", review.held_on, title, url)


def _of_item(item: WorkItem, name: str) -> Entry:
    assert item.due is not None
    # By its reference alone: some names are words that somebody wrote.
    about = f", {item.ref}" if item.ref else ""
    return Entry(
        f"work {key_of(item)}",
        item.due,
        f"{name}: {item.kind_text}{about}",
        absolute(item.url),
    )


def calendar_file(entries: Sequence[Entry], made_at: datetime, name: str) -> bytes:
    """As an iCalendar file (RFC 5545), its days without an hour."""
    # Loaded by who asks for a calendar: no page needs it.
    icalendar: Any = import_module("icalendar")
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{settings.PRODUCT_NAME}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval;value=duration", "PT6H")
    host = settings.SITE_URL.partition("://")[2]
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", f"{entry.key.replace(' ', '-')}@{host}")
        event.add("dtstamp", made_at.astimezone(UTC))
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", entry.title)
        event.add("url", entry.url)
        event.add("description", entry.url)
        # It fills no hour of the day.
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    file: bytes = calendar.to_ical()
    return file
