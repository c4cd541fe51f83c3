"""The programme team's month: what waits for whom, what they were last told, and reaching them."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions import access
from actions.models import Area, ProgressUpdate
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, UnusableAddress, get_page_today
from actions.rules.dates import day_of, start_of_day
from actions.rules.status import Rating
from actions.wording import in_words, levels, scale
from wsoa.pages.work.everybody import Holder, work_of_everybody
from wsoa.pages.work.items import Kind, WorkItem, late_text, near_day
from wsoa.reaching.models import Delivery, Message
from wsoa.reaching.recipients import key_of_receiver, with_addresses

# By what the people are grouped: the word of the address.
PERSON, AREA, ORGANISATION = "person", "area", "organisation"
CHOICES = (PERSON, AREA, ORGANISATION)
# What alone is shown: the word of the address, and its label.
OVERDUE, UPDATES, FIGURES, NO_ACCOUNT = "overdue", "updates", "figures", "no-account"
ONLY = {
    OVERDUE: "Overdue",
    UPDATES: "Updates",
    FIGURES: "Figures",
    NO_ACCOUNT: "No account",
}
# As much of a thing's name as tells which one it is.
LONGEST_NAME = 80
# What its reference alone tells.
TOLD_BY_REFERENCE = (Kind.UPDATE, Kind.BLUE, Kind.FIGURES, Kind.FIGURE_CHECK, Kind.QUESTION)


@dataclass(frozen=True, slots=True)
class LastTold:
    """The newest mail to somebody of the plan, and how many came before it."""

    message: int
    on: date
    before: int


@require_GET
def everybody(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for whom, overdue first, by person, area or organisation (`?by=`).

    `only` narrows it; `to` names who is chosen, `all` chooses everybody shown, and `show` gives the
    addresses of who is chosen to be copied.
    """
    page = get_page_today(request, slug)
    access.require(access.can_manage_periods(page.access))
    by, only = request.GET.get("by", PERSON), request.GET.get("only", "")
    if by not in CHOICES or only not in ("", *ONLY):
        raise UnusableAddress("Show the people by person, by area or by organisation.")
    found = work_of_everybody(page)
    contacts = {one.person: one for one in with_addresses(page, found) if not one.user}
    holders = [contacts.get(one.person, one) if not one.user else one for one in found]
    all_busy = [one for one in holders if one.items]
    busy = sorted(_only(all_busy, only, page.day), key=lambda holder: holder.oldest_due)
    things = _different(all_busy)
    told = _last_told(page)
    groups = _grouped(page, by, busy)
    chosen = _chosen(request, busy)
    return render(
        request,
        "reaching/everybody.html",
        {
            **page.context("everybody"),
            "total": len(things),
            "overdue": sum(thing.is_overdue(page.day) for thing in things),
            "lead_in": _lead_in(page, all_busy),
            "came_in": _came_in(page),
            "choices": [
                {
                    "label": levels().area if choice == AREA else choice.capitalize(),
                    "url": _address(page, choice, only),
                    "is_chosen": choice == by,
                }
                for choice in CHOICES
            ],
            "only": _only_choices(page, by, only, all_busy),
            "groups": [_group(page, title, people, told) for title, people in groups if people],
            "idle_count": len(holders) - len(all_busy),
            "by": by,
            "only_this": only,
            "chosen": chosen,
            "chosen_text": _chosen_text(len(chosen)),
            "addresses": "; ".join(_addresses(busy, chosen))
            if request.GET.get("show") == "addresses"
            else None,
            "all_url": f"{_address(page, by, only)}&all=yes",
            "none_url": _address(page, by, only),
            "write_url": page.url("reaching:write"),
            "sheets_zip_url": page.url("pages:sheets_of_several"),
            "sheets_url": page.url("pages:team_sheets"),
            "mail_url": page.url("reaching:mail"),
            "hand_over_url": page.url("oversight:hand_over")
            if access.can_hand_over(page.access)
            else "",
            "cover_url": page.url("pages:deputies"),
            "period_url": page.url("pages:period"),
        },
    )


def _address(page: PlanPage, by: str, only: str) -> str:
    asked = {"by": by} | ({"only": only} if only else {})
    return f"{page.url('reaching:everybody')}?{urlencode(asked)}"


# --- Who is shown and chosen ------------------------------------------------------------------


def _only(holders: Iterable[Holder], only: str, day: date) -> list[Holder]:
    """The people with what of theirs is asked for."""

    def is_shown(holder: Holder, item: WorkItem) -> bool:
        match only:
            case "overdue":
                return item.is_overdue(day)
            case "updates":
                return item.kind is Kind.UPDATE
            case "figures":
                return item.kind is Kind.FIGURES
            case "no-account":
                return not holder.user
            case _:
                return True

    narrowed = (
        replace(one, items=[item for item in one.items if is_shown(one, item)]) for one in holders
    )
    return [one for one in narrowed if one.items]


def _only_choices(
    page: PlanPage, by: str, only: str, busy: Collection[Holder]
) -> list[dict[str, Any]]:
    """Each with how many things it shows; of who has no account, how many people."""
    choices = []
    for key, label in ONLY.items():
        found = _only(busy, key, page.day)
        count = len(found) if key == NO_ACCOUNT else len(_different(found))
        if count or key == only:
            choices.append(
                {
                    "label": f"{label} {count}",
                    # Pressed again it shows all.
                    "url": _address(page, by, "" if key == only else key),
                    "is_chosen": key == only,
                }
            )
    return choices


def key_of_holder(holder: Holder) -> str:
    """Who is meant, in an address: of the plan's people, or else by their account."""
    return str(holder.person) if holder.person else f"user-{holder.user}"


def _chosen(request: HttpRequest, shown: Iterable[Holder]) -> set[str]:
    keys = {key_of_holder(one) for one in shown}
    return keys if request.GET.get("all") else keys & set(request.GET.getlist("to"))


def _chosen_text(count: int) -> str:
    return f"{count} chosen" if count else "Nobody chosen"


def _addresses(shown: Iterable[Holder], chosen: Collection[str]) -> list[str]:
    found = (one.email for one in shown if one.email and key_of_holder(one) in chosen)
    return list(dict.fromkeys(found))


# --- What stands above the people -------------------------------------------------------------


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


def _came_in(page: PlanPage) -> list[dict[str, str]]:
    """What has come since yesterday began, and addresses that take no mail. Two queries."""
    since = start_of_day(page.day - timedelta(days=1))
    rows = list(
        ProgressUpdate.objects.filter(
            commitment__plan=page.plan, effective_at__gte=since
        ).values_list("commitment__ref", "commitment__code", "brag")
    )
    lines = []
    if rows:
        words = f"{formatting.plural(len(rows), 'update')} came in"
        lines.append({"words": words, "url": page.url("pages:period")})
    lines += [
        {
            "words": f"{ref} is {scale().word(Rating.RED)}",
            "url": page.url("pages:commitment", code),
        }
        for ref, code in dict.fromkeys((ref, code) for ref, code, brag in rows if brag == "red")
    ]
    newest = Delivery.objects.filter(message=OuterRef("pk")).order_by("-recorded_at", "-pk")
    refused = (
        Message.objects.filter(plan=page.plan, recorded_at__gte=since)
        .annotate(outcome=Subquery(newest.values("outcome")[:1]))
        .filter(outcome=Delivery.Outcome.REFUSED)
    )
    lines += [
        {
            "words": f"{message.address} was refused by the mail server",
            "url": page.url("reaching:message", message.pk),
        }
        for message in refused
    ]
    return lines


def _last_told(page: PlanPage) -> dict[int, LastTold]:
    """By the key of the receiver. One query."""
    rows = (
        Message.objects.filter(plan=page.plan)
        .order_by()
        .values("user", "person")
        .annotate(newest=Max("pk"), at=Max("recorded_at"), count=Count("pk"))
    )
    return {
        key_of_receiver(row["user"], row["person"]): LastTold(
            row["newest"], day_of(row["at"]), row["count"] - 1
        )
        for row in rows
    }


# --- The people -------------------------------------------------------------------------------


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


def _group(
    page: PlanPage, title: str, people: list[Holder], told: dict[int, LastTold]
) -> dict[str, Any]:
    things = _different(people)
    late = sum(thing.is_overdue(page.day) for thing in things)
    who = "1 person" if len(people) == 1 else f"{len(people)} people"
    overdue = f", {late} overdue" if late else ""
    return {
        "title": title,
        "note": f"{who}, {formatting.plural(len(things), 'thing')}{overdue}",
        "people": [
            _line(page, holder, told.get(key_of_receiver(holder.user, holder.person)))
            for holder in people
        ],
    }


def _line(page: PlanPage, holder: Holder, told: LastTold | None) -> dict[str, Any]:
    day, due = page.day, holder.oldest_due
    items = sorted(holder.items, key=lambda item: (item.due or date.max, item.since or date.max))
    has_updates = any(item.kind is Kind.UPDATE for item in items)
    return {
        "key": key_of_holder(holder),
        "name": holder.name,
        "about": ", ".join(filter(None, (holder.roles, holder.organisation))),
        "email": holder.email,
        "has_account": holder.user is not None,
        "address_url": page.url("reaching:address", holder.person)
        if not holder.user and holder.person
        else "",
        "cover": formatting.listed(list(holder.cover)) if holder.cover else "",
        "waits": _together(items, day),
        "due_text": near_day(due, day) if due != date.max else "",
        "late_text": late_text(due, day, page.history.holidays) if due < day else "",
        "last_told": near_day(told.on, day) if told else "",
        "last_told_url": page.url("reaching:message", told.message) if told else "",
        "told_before": f"and {told.before} before it" if told and told.before else "",
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
