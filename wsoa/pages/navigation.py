"""The site's map: its menu, the line that says which day is shown, and what each page links to."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from actions import access
from actions.models import Plan
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, Shown
from actions.rules.cycle import UpdatePeriod
from actions.wording import in_words, in_words_lazy
from wsoa.pages.first_visit.lines import line_of
from wsoa.pages.work.list import count_of

# What the rooms below link to, by what it shows: see `actions/pages/addresses.py`.
PAGES = {
    "action": "pages:action",
    "area": "pages:area",
    "change": "oversight:change",
    "changed": "pages:changed",
    "commitment": "pages:commitment",
    "deputies": "pages:deputies",
    "edit_kpis": "kpis:edit_kpis",
    "explanation": "pages:explanation",
    "finding": "pages:finding",
    "agenda": "pages:agenda",
    "findings": "pages:findings",
    "handover": "oversight:handover",
    "history_of_edits": "reports:history",
    "kpi": "pages:kpi",
    "my_work": "pages:my_work",
    "period": "pages:period",
    "plans": "pages:plans",
    "propose": "oversight:propose",
    "propose_part": "oversight:propose_part",
    "propose_wording": "oversight:propose_wording",
    "question": "oversight:question",
    "record": "pages:record",
    "reports": "reports:index",
}

# The menu of a plan: the key that views give, the label and the address.
PLAN_PAGES = (
    ("dashboard", "Dashboard", "reports:dashboard"),
    ("plan", "The plan", "actions:plan"),
    ("commitments", in_words_lazy("{Commitments}"), "actions:commitments"),
    ("kpis", "KPIs", "kpis:kpis"),
    ("risks", "Risks", "oversight:risks"),
    ("meetings", "Meetings", "oversight:meetings"),
    ("reports", "Reports", "reports:index"),
)
# What a report reader sees of a view that is shared with them.
SHARED_PAGES = ("plan", "kpis", "reports")
# What stands under the menu's "Meetings".
OVERSIGHT_PAGES = (
    ("meetings", "Meetings", "oversight:meetings"),
    ("questions", "Questions", "oversight:questions"),
    ("decisions", "Decisions", "oversight:decisions"),
    ("changes", "Changes asked for", "oversight:changes"),
    ("reviews", "Reviews by DfE and NHS England", "oversight:reviews"),
)
OVERSIGHT = frozenset(key for key, _, _ in OVERSIGHT_PAGES)
# What stands under the menu's "Updates", for the programme team.
UPDATE_PAGES = (
    ("everybody", "Everybody’s work", "reaching:everybody"),
    ("period", "Updates", "pages:period"),
    ("mail", "Mail", "reaching:mail"),
)
UPDATES = frozenset(key for key, _, _ in UPDATE_PAGES)


@dataclass(frozen=True, slots=True)
class MenuItem:
    label: str
    url: str
    current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Dateline:
    as_at_text: str
    is_today: bool
    today_url: str = ""
    compared_text: str = ""
    compared_note: str = ""
    change_url: str = ""
    right_text: str = ""
    right_day: str = ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """What base.html shows around a page: of its plan, of its reports, or of the users.

    Made once for a request: a page's tables and forms are templates that ask for it again.
    """
    made: dict[str, Any] | None = getattr(request, "navigation", None)
    if made is None:
        made = _around(request)
        request.navigation = made  # type: ignore[attr-defined]
    return made


def _around(request: HttpRequest) -> dict[str, Any]:
    shown: Shown | None = getattr(request, "shown", None)
    if shown is not None:
        page = shown.page
        return {
            "menu": _shared_menu(shown) if page.shared_view else _menu(shown),
            "submenu": [] if page.shared_view else _submenu(shown),
            "submenu_label": "Updates and what waits for whom"
            if shown.menu_key in UPDATES
            else "Meetings and what stands with them",
            "dateline": _shared_dateline(page) if page.shared_view else _dateline(shown),
            "first_line": None if page.shared_view else line_of(request, page.access.user),
            "search_url": "" if page.shared_view else _today_url(page, "pages:search_plan"),
        }
    reports_only: Plan | None = getattr(request, "reports_only", None)
    if reports_only is not None:
        address = reverse("reports:index", args=(reports_only.slug,))
        return {"menu": [MenuItem("Reports", address, True)]}
    user = getattr(request, "user", None)
    if user is None or not user.is_superuser:
        return {}
    return {
        "menu": [
            MenuItem(label, address, request.path.startswith(address))
            for label, address in (
                ("Users", reverse("accounts:user_list")),
                ("First officers", reverse("actions:first_officer")),
            )
        ]
    }


def _shared_menu(shown: Shown) -> list[MenuItem]:
    return [
        MenuItem(label, shown.page.url(name), shown.menu_key == key)
        for key, label, name in PLAN_PAGES
        if key in SHARED_PAGES
    ]


def _menu(shown: Shown) -> list[MenuItem]:
    page, granted, current = shown.page, shown.page.access, shown.menu_key
    items = [
        MenuItem("My work", _today_url(page, "pages:my_work"), current == "my_work", count_of(page))
    ]
    if access.has_own_area(granted):
        items.append(
            MenuItem(in_words("My {area}"), _today_url(page, "pages:my_area"), current == "my_area")
        )
    if access.can_manage_periods(granted):
        items.append(MenuItem("Updates", page.url("pages:period"), current in UPDATES))
    item = "meetings" if current in OVERSIGHT else current
    items += [MenuItem(label, page.url(name), item == key) for key, label, name in PLAN_PAGES]
    return items


def _submenu(shown: Shown) -> list[MenuItem]:
    """What stands with the meetings: what they asked, decided and are asked to decide.

    With the updates, what waits for whom.
    """
    pages: tuple[tuple[str, str, str], ...] = ()
    if shown.menu_key in OVERSIGHT:
        pages = OVERSIGHT_PAGES
    if shown.menu_key in UPDATES and access.can_manage_periods(shown.page.access):
        pages = UPDATE_PAGES
    return [
        MenuItem(label, _submenu_url(shown.page, name), shown.menu_key == key)
        for key, label, name in pages
    ]


def _submenu_url(page: PlanPage, name: str) -> str:
    """What waits is of today, and so is what is written about it."""
    of_today = name in ("reaching:everybody", "reaching:mail")
    return _today_url(page, name) if of_today else page.url(name)


def _shared_dateline(page: PlanPage) -> Dateline:
    assert page.shared_view is not None
    return Dateline(
        as_at_text=formatting.day_text(page.day),
        is_today=page.is_today,
        right_text="Shared with you until",
        right_day=formatting.day_text(page.shared_view.ends_on),
    )


def _dateline(shown: Shown) -> Dateline:
    page = shown.page
    period = None
    if page.is_today and page.state.tracked and page.plan.state == Plan.State.AGREED:
        period = page.period
    return Dateline(
        as_at_text=formatting.day_text(page.day),
        is_today=page.is_today,
        today_url="" if page.is_today else _here_without_a_day(page.request),
        compared_text=formatting.day_text(shown.comparison_day) if shown.comparison_day else "",
        compared_note=shown.compared_note,
        change_url=_change_url(page, shown.comparison_day),
        right_text=_closing_text(period, page.day) if period else _closed_text(page),
        right_day=_right_day(page, period),
    )


def _closed_text(page: PlanPage) -> str:
    """What every page of a closed plan says: how it stood on that day is how it stands."""
    return "Stands as when the plan was closed," if page.is_closed else ""


def _right_day(page: PlanPage, period: UpdatePeriod | None) -> str:
    if period:
        return formatting.day_text(period.closes_on)
    closed_on = page.plan.closed_on
    return formatting.day_text(closed_on) if page.is_closed and closed_on else ""


def _closing_text(period: UpdatePeriod, day: date) -> str:
    """What stands before the day of closing; in the days of grace it has closed."""
    return f"{period.update_name} {'closes' if day <= period.closes_on else 'closed'}"


def _change_url(page: PlanPage, comparison_day: date | None) -> str:
    """The page on which to choose other days; it asks for two where the page compares."""
    query: dict[str, Any] = {"as_at": page.day, "next": _here_without_a_day(page.request)}
    if comparison_day:
        query["compare_with"] = comparison_day
    return f"{_today_url(page, 'pages:dates')}?{urlencode(query)}"


def _today_url(page: PlanPage, name: str) -> str:
    return reverse(name, args=(page.plan.slug,))


def _here_without_a_day(request: HttpRequest) -> str:
    """The page's own address: narrowed and ordered as it is, with no day and no page number."""
    query = request.GET.copy()
    for name in ("as_at", "compare_with", "page", "next", "day", "compared"):
        query.pop(name, None)
    return f"{request.path}?{query.urlencode()}" if query else request.path
