"""The programme team's month: what waits for whom, and how to reach them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions import access
from actions.io.mailing import mails_to
from actions.kept_pages import kept_page
from actions.models import Area
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, UnusableAddress, get_page_today
from actions.wording import in_words, levels
from wsoa.pages.work.everybody import Holder, work_of_everybody
from wsoa.pages.work.items import Kind, WorkItem, late_text, near_day

# By what the people are grouped: the word of the address.
PERSON, AREA, ORGANISATION = "person", "area", "organisation"
CHOICES = (PERSON, AREA, ORGANISATION)
# As much of a thing's name as tells which one it is.
LONGEST_NAME = 80
# What its reference alone tells.
TOLD_BY_REFERENCE = (Kind.UPDATE, Kind.BLUE, Kind.FIGURES, Kind.FIGURE_CHECK, Kind.QUESTION)


@require_GET
@kept_page()
def everybody(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for whom, overdue first, by person, area or organisation (`?by=`)."""
    page = get_page_today(request, slug)
    access.require(access.can_manage_periods(page.access))
    by = request.GET.get("by", PERSON)
    if by not in CHOICES:
        raise UnusableAddress("Show the people by person, by area or by organisation.")
    holders = work_of_everybody(page)
    busy = sorted((one for one in holders if one.items), key=lambda holder: holder.oldest_due)
    things = _different(busy)
    groups = _grouped(page, by, busy)
    return render(
        request,
        "reaching/everybody.html",
        {
            **page.context("everybody"),
            "total": len(things),
            "overdue": sum(thing.is_overdue(page.day) for thing in things),
            "lead_in": _lead_in(page, busy),
            "choices": [
                {
                    "label": levels().area if choice == AREA else choice.capitalize(),
                    "url": f"{page.url('reaching:everybody')}?by={choice}",
                    "is_chosen": choice == by,
                }
                for choice in CHOICES
            ],
            "groups": [_group(page, title, people) for title, people in groups if people],
            "idle_count": len(holders) - len(busy),
            "hand_over_url": page.url("oversight:hand_over")
            if access.can_hand_over(page.access)
            else "",
            "cover_url": page.url("pages:deputies"),
            "period_url": page.url("pages:period"),
        },
    )


def _different(holders: Iterable[Holder]) -> list[WorkItem]:
    """Each thing once, also where it waits for several: for both leads, for the whole team."""
    things = {
        (item.kind, item.ref, item.name, item.url): item
        for holder in holders
        for item in holder.items
    }
    return list(things.values())


def _lead_in(page: PlanPage, busy: Collection[Holder]) -> str:
    """`Three people have something overdue. The December update closes on ….`"""
    late = sum(bool(holder.overdue(page.day)) for holder in busy)
    sentences = []
    if late:
        who = "person has" if late == 1 else "people have"
        sentences.append(f"{formatting.number_text(late).capitalize()} {who} something overdue.")
    if period := page.period:
        closes = formatting.day_text(period.closes_on)
        verb = "closes" if page.day <= period.closes_on else "closed"
        sentences.append(f"The {period.update_name} {verb} on {closes}.")
    return " ".join(sentences)


def _grouped(page: PlanPage, by: str, busy: list[Holder]) -> list[tuple[str, list[Holder]]]:
    """The headings in order, each with its people and of those what belongs under it."""
    if by == AREA:
        return _by_area(page, busy)
    if by == ORGANISATION:
        of: dict[str, list[Holder]] = defaultdict(list)
        for holder in busy:
            of[holder.organisation].append(holder)
        nowhere = of.pop("", [])
        return [*sorted(of.items()), ("No organisation given", nowhere)]
    late = [holder for holder in busy if holder.overdue(page.day)]
    return [("Overdue", late), ("Due next", [one for one in busy if one not in late])]


def _by_area(page: PlanPage, busy: list[Holder]) -> list[tuple[str, list[Holder]]]:
    """What is in several areas stands under each; what is in none, under the plan."""
    areas = Area.objects.filter(plan=page.plan, withdrawn_at=None).order_by("position", "pk")
    groups = [(formatting.area_name(area), _in(busy, area.pk)) for area in areas]
    return [*groups, ("The plan as a whole", _in(busy, None))]


def _in(busy: list[Holder], area: int | None) -> list[Holder]:
    """The people with what of theirs is in an area; with None, in none."""
    narrowed = (
        replace(
            holder,
            items=[item for item in holder.items if area in (item.areas or (None,))],
        )
        for holder in busy
    )
    return sorted((one for one in narrowed if one.items), key=lambda one: one.oldest_due)


def _group(page: PlanPage, title: str, people: list[Holder]) -> dict[str, Any]:
    addresses = list(dict.fromkeys(holder.email for holder in people if holder.email))
    mails = mails_to(
        addresses,
        f"{page.plan.short_name}: what waits for you",
        "What waits for you stands under My work in Plan Ledger.",
    )
    things = _different(people)
    late = sum(thing.is_overdue(page.day) for thing in things)
    who = "1 person" if len(people) == 1 else f"{len(people)} people"
    overdue = f", {late} overdue" if late else ""
    return {
        "title": title,
        "note": f"{who}, {formatting.plural(len(things), 'thing')}{overdue}",
        "mails": [
            formatting.Breadcrumb(
                "Write to them" if len(mails) == 1 else f"Write to them, {number} of {len(mails)}",
                mail,
            )
            for number, mail in enumerate(mails, start=1)
        ],
        "addresses": "; ".join(addresses),
        "people": [_line(page, holder) for holder in people],
    }


def _line(page: PlanPage, holder: Holder) -> dict[str, Any]:
    day, due = page.day, holder.oldest_due
    items = sorted(holder.items, key=lambda item: (item.due or date.max, item.since or date.max))
    has_updates = any(item.kind is Kind.UPDATE for item in items)
    return {
        "name": holder.name,
        "about": ", ".join(filter(None, (holder.roles, holder.organisation))),
        "email": holder.email,
        "cover": formatting.listed(list(holder.cover)) if holder.cover else "",
        "waits": _together(items, day),
        "due_text": near_day(due, day) if due != date.max else "",
        "late_text": late_text(due, day, page.history.holidays) if due < day else "",
        "told_url": page.url("pages:told", holder.person) if has_updates and holder.person else "",
    }


def _together(items: Iterable[WorkItem], day: date) -> list[dict[str, Any]]:
    """A line for each, but one for all that say the same and are due on the same day."""
    lines: dict[tuple[Any, ...], list[WorkItem]] = {}
    for item in items:
        is_alike = item.kind in TOLD_BY_REFERENCE and item.ref
        lines.setdefault((item.kind, item.due) if is_alike else (id(item),), []).append(item)
    return [
        {
            "text": _text(alike[0]),
            "url": alike[0].name_url,
            "things": [{"ref": item.ref, "url": item.name_url} for item in alike if item.ref],
            "due": f"due {formatting.brief_day(due)}" if due and due < day else "",
        }
        for alike in lines.values()
        for due in [alike[0].due]
    ]


def _text(item: WorkItem) -> str:
    """`Update`; of what its reference does not tell, its name as well."""
    if item.kind is Kind.RATING:
        return in_words("Rate the {area}")
    if item.kind in TOLD_BY_REFERENCE and item.ref:
        return item.kind_text
    return f"{item.kind_text}: {formatting.cut(item.name, LONGEST_NAME)}"
