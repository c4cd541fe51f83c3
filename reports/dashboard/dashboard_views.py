"""The steering group's pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.commitment_rows import untracked_text
from actions.pages.notices import notices_for
from actions.pages.plan_page import get_plan_page
from reports.dashboard.charts import grid_chart, timeline_chart
from reports.dashboard.dashboard_data import load_dashboard, load_timeline
from reports.dashboard.dashboard_presenter import dashboard_blocks
from wsoa.oversight.meetings.comparison_day import (
    comparison_day_of,
    days_to_choose,
    last_of_the_group,
    meetings_of,
)


@require_GET
@kept_page()
def dashboard(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed since the group's last meeting, what needs it and why, and what comes next."""
    page = get_plan_page(request, slug)
    every_meeting = meetings_of(page.plan)
    meetings = last_of_the_group(page, every_meeting)
    comparison_day = comparison_day_of(page, meetings)
    context: dict[str, Any] = {
        **page.context(
            "dashboard", comparison_day=comparison_day.day, compared_note=comparison_day.note
        ),
        "untracked_text": untracked_text(page),
        "notices": notices_for([page.access], page.today)[0] if page.is_today else [],
        "choose": days_to_choose(page, comparison_day, meetings),
        "findings_url": page.link("findings"),
    }
    if not context["untracked_text"]:
        context |= dashboard_blocks(load_dashboard(page, comparison_day.day, every_meeting))
    return render(request, "reports/dashboard.html", context)


@require_GET
@kept_page()
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """The months of each area, and the dates of each commitment."""
    page = get_plan_page(request, slug)
    data = load_timeline(page)
    untracked = untracked_text(page)
    return render(
        request,
        "reports/timeline.html",
        {
            **page.context("dashboard"),
            "breadcrumbs": [
                formatting.Breadcrumb("Dashboard", page.url("reports:dashboard")),
                formatting.Breadcrumb("Timeline"),
            ],
            "untracked_text": untracked,
            "grid": None if untracked else grid_chart(data),
            "timeline": timeline_chart(data),
        },
    )
