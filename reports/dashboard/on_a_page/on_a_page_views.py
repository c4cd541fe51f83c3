"""The whole plan on one page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.commitment_rows import untracked_text
from actions.pages.plan_page import get_plan_page
from reports.dashboard.charts import ratings_chart
from reports.dashboard.dashboard_data import load_timeline
from reports.dashboard.on_a_page.heat_map import actions_of, heat_map


@require_GET
@kept_page()
def on_a_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Areas and actions by month, what is overdue and due, and the year's colours beneath."""
    page = get_plan_page(request, slug)
    context: dict[str, Any] = {
        **page.context("dashboard"),
        "breadcrumbs": [
            formatting.Breadcrumb("Dashboard", page.url("reports:dashboard")),
            formatting.Breadcrumb("Plan on a page"),
        ],
        "untracked_text": untracked_text(page),
    }
    if not context["untracked_text"]:
        data = load_timeline(page)
        context |= {"map": heat_map(data, actions_of(page)), "chart": ratings_chart(data)}
    return render(request, "reports/on_a_page.html", context)
