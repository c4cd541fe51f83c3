"""The earlier day a page compares with: the address’s own, else the group’s last meeting."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from actions.models import Body, Plan
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.rules.dates import add_months, last_day_of_month, months_back
from wsoa.oversight.models import Meeting

MEETINGS_OFFERED = 6


@dataclass(frozen=True, slots=True)
class ComparisonDay:
    """The earlier day, and what happened on it where something did."""

    day: date
    note: str = ""


def meetings_before(page: PlanPage) -> list[Meeting]:
    """The steering group's last meetings before the page's day, newest first. One query."""
    return list(
        Meeting.objects.filter(
            plan=page.plan, body__kind=Body.Kind.STEERING_GROUP, held_on__lt=page.day
        )
        .select_related("body")
        .order_by("-held_on")[:MEETINGS_OFFERED]
    )


def meetings_of(plan: Plan) -> list[Meeting]:
    """All of the plan's, the newest first. One query."""
    return list(Meeting.objects.filter(plan=plan).select_related("body").order_by("-held_on"))


def last_of_the_group(page: PlanPage, meetings: Iterable[Meeting]) -> list[Meeting]:
    """As `meetings_before`, out of all the meetings of the plan."""
    before = [
        meeting
        for meeting in meetings
        if meeting.body.kind == Body.Kind.STEERING_GROUP and meeting.held_on < page.day
    ]
    return before[:MEETINGS_OFFERED]


def comparison_day_of(page: PlanPage, meetings: Sequence[Meeting]) -> ComparisonDay:
    """The day the address names; else the group's last meeting; else a month ago."""
    if page.comparison_day:
        note = next(
            (str(meeting.body) for meeting in meetings if meeting.held_on == page.comparison_day),
            "",
        )
        return ComparisonDay(page.comparison_day, note)
    if meetings:
        return ComparisonDay(meetings[0].held_on, str(meetings[0].body))
    return ComparisonDay(add_months(page.day, -1), "a month before")


def days_to_choose(
    page: PlanPage, comparison_day: ComparisonDay, meetings: Sequence[Meeting]
) -> dict[str, Any]:
    """What the two lists over the page offer: days with their words, the chosen one marked."""
    ends = [last_day_of_month(month.first_day) for month in months_back(page.today, 13)[:-1]]
    shown = {page.today: f"{formatting.short_day(page.today)}, today"}
    shown |= {day: formatting.short_day(day) for day in (page.day, *reversed(ends))} | shown
    earlier = {day: formatting.short_day(day) for day in reversed(ends) if day < page.day}
    earlier |= {
        meeting.held_on: f"{formatting.short_day(meeting.held_on)}, {meeting.body}"
        for meeting in meetings
    }
    note = f", {comparison_day.note}" if comparison_day.note else ""
    earlier[comparison_day.day] = f"{formatting.short_day(comparison_day.day)}{note}"
    return {
        "as_at": _options(shown, page.day, {page.today: ""}),
        "compared": _options(earlier, comparison_day.day, {}),
    }


def _options(days: Mapping[date, str], chosen: date, values: Mapping[date, str]) -> list[Any]:
    return [
        {"value": values.get(day, day.isoformat()), "words": days[day], "is_chosen": day == chosen}
        for day in sorted(days, reverse=True)
    ]
