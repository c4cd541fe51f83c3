"""The steering group's pages."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.areas.areas import areas_of
from actions.pages import formatting
from actions.pages.addresses import address_of
from actions.pages.commitment_rows import untracked_words
from actions.pages.notices import notices_for
from actions.pages.plan_page import get_plan_page
from actions.rules.state import count
from reports.dashboard import dashboard as board
from wsoa.oversight.meetings.comparison_day import (
    Compared,
    compared_with,
    days_to_choose,
    meetings_before,
)


@require_GET
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed since the group's last meeting, what needs it and why, and what comes next."""
    page = get_plan_page(request, slug)
    meetings = meetings_before(page)
    compared = compared_with(page, meetings)
    context: dict[str, Any] = {
        **page.context("dashboard", compared=compared.day, compared_note=compared.note),
        "untracked_words": untracked_words(page),
        "notices": notices_for(page.access, page.today) if page.is_today else [],
        "choose": days_to_choose(page, compared, meetings),
    }
    if not context["untracked_words"]:
        context |= _found(page, compared)
    return render(request, "reports/dashboard.html", context)


def _found(page: Any, compared: Compared) -> dict[str, Any]:
    before = page.state_on(compared.day)
    words, people = board.texts_of(page)
    book, kpis = board.kpi_book(page)
    found, found_before, points = board.exceptions_of(page, before, kpis)
    counts = count(page.state.commitments)
    changed, moved = board.changed_lines(page, before)
    since = formatting.short_day(compared.day)
    areas = board.area_lines(page, before, compared.day)
    return {
        "title": board.finding(
            page.state, before, page.day, {key: text.name for key, text in words.items()}
        ),
        "lead": board.lead_in(found, found_before, moved, counts, since),
        "since": since,
        "counts": board.moved_counts(counts, count(before.commitments), compared.day, page.day),
        "not_enough": formatting.not_enough_words(counts),
        "parts": [
            {
                "key": part.value,
                "title": title,
                "about": about,
                "lines": board.exception_lines(page, getattr(found, part.value), words, people),
            }
            for part, (title, about) in board.PARTS.items()
        ],
        "kpis_off": board.kpi_lines(page, found.kpis, book),
        "points": board.point_groups(page, points, words, book),
        "agenda": board.agenda(page, words, people),
        "reminders": board.reminders(page, people),
        "chasing": board.chasing(page, people),
        "areas": areas,
        "months": areas[0]["strip"].cells if areas else [],
        "chart": board.ratings_chart(page),
        "changed": changed,
        "changed_url": _changed_url(page, compared),
        "timeline_url": page.url("reports:timeline"),
    }


def _changed_url(page: Any, compared: Compared) -> str:
    """All that moved, between the two days of this page."""
    address = address_of("changed", page.plan.slug)
    days = {} if page.is_today else {"as_at": page.day}
    return f"{address}?{urlencode({**days, 'compare_with': compared.day})}"


@require_GET
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """The months of each area, and the dates of each commitment."""
    page = get_plan_page(request, slug)
    words, _ = board.texts_of(page)
    areas = {area.key: area for area in sorted(areas_of(page), key=lambda area: area.number)}
    untracked = untracked_words(page)
    return render(
        request,
        "reports/timeline.html",
        {
            **page.context("dashboard"),
            "crumbs": [
                formatting.Crumb("Dashboard", page.url("reports:dashboard")),
                formatting.Crumb("Timeline"),
            ],
            "untracked_words": untracked,
            "grid": None if untracked else board.grid_chart(page, areas.values()),
            "timeline": board.timeline_chart(page, words, areas),
        },
    )
