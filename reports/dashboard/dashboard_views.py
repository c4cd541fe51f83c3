"""The steering group's pages."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from actions.areas import areas_of
from actions.pages import formatting
from actions.pages.commitment_rows import untracked_words
from actions.pages.comparison_day import Compared, compared_with, days_to_choose, meetings_before
from actions.pages.notices import notices_for
from actions.pages.plan_page import open_plan
from actions.rules.state import count
from reports.dashboard import dashboard as board


@require_GET
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed since the group's last meeting, what needs it and why, and what comes next."""
    desk = open_plan(request, slug)
    meetings = meetings_before(desk)
    compared = compared_with(desk, meetings)
    context: dict[str, Any] = {
        **desk.context("dashboard", compared=compared.day, compared_note=compared.note),
        "untracked_words": untracked_words(desk),
        "notices": notices_for(desk.access, desk.today) if desk.is_today else [],
        "choose": days_to_choose(desk, compared, meetings),
    }
    if not context["untracked_words"]:
        context |= _found(desk, compared)
    return render(request, "reports/dashboard.html", context)


def _found(desk: Any, compared: Compared) -> dict[str, Any]:
    before = desk.state_on(compared.day)
    words, people = board.texts_of(desk)
    book, kpis = board.kpi_book(desk)
    found, found_before, points = board.exceptions_of(desk, before, kpis)
    counts = count(desk.state.commitments)
    changed, moved = board.changed_lines(desk, before)
    since = formatting.short_day(compared.day)
    areas = board.area_lines(desk, before, compared.day)
    return {
        "title": board.finding(
            desk.state, before, desk.day, {key: text.name for key, text in words.items()}
        ),
        "lead": board.lead_in(found, found_before, moved, counts, since),
        "since": since,
        "counts": board.moved_counts(counts, count(before.commitments), compared.day, desk.day),
        "not_enough": formatting.not_enough_words(counts),
        "parts": [
            {
                "key": part.value,
                "title": title,
                "about": about,
                "lines": board.exception_lines(desk, getattr(found, part.value), words, people),
            }
            for part, (title, about) in board.PARTS.items()
        ],
        "kpis_off": board.kpi_lines(desk, found.kpis, book),
        "points": board.point_groups(desk, points, words, book),
        "agenda": board.agenda(desk, words, people),
        "reminders": board.reminders(desk, people),
        "chasing": board.chasing(desk, people),
        "areas": areas,
        "months": areas[0]["strip"].cells if areas else [],
        "chart": board.ratings_chart(desk),
        "changed": changed,
        "changed_url": _changed_url(desk, compared),
        "timeline_url": desk.url("reports:timeline"),
    }


def _changed_url(desk: Any, compared: Compared) -> str:
    """All that moved, between the two days of this page."""
    address = reverse("kpis:changed", args=(desk.plan.slug,))
    days = {} if desk.is_today else {"as_at": desk.day}
    return f"{address}?{urlencode({**days, 'compare_with': compared.day})}"


@require_GET
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """The months of each area, and the dates of each commitment."""
    desk = open_plan(request, slug)
    words, _ = board.texts_of(desk)
    areas = {area.key: area for area in sorted(areas_of(desk), key=lambda area: area.number)}
    untracked = untracked_words(desk)
    return render(
        request,
        "reports/timeline.html",
        {
            **desk.context("dashboard"),
            "crumbs": [
                formatting.Crumb("Dashboard", desk.url("reports:dashboard")),
                formatting.Crumb("Timeline"),
            ],
            "untracked_words": untracked,
            "grid": None if untracked else board.grid_chart(desk, areas.values()),
            "timeline": board.timeline_chart(desk, words, areas),
        },
    )
