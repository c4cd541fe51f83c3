"""The page on which each list of the dashboard stands whole."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.commitment_rows import untracked_text
from actions.pages.plan_page import get_plan_page
from kpis.rules.standing.passed import passed_text
from reports.dashboard.dashboard_data import load_in_full
from reports.dashboard.exceptions import exception_parts
from reports.dashboard.in_full.kpis import kpi_row
from reports.dashboard.in_full.points_to_check import point_groups
from reports.dashboard.in_full.reminders import chasing, reminders
from wsoa.oversight.meetings.comparison_day import (
    comparison_day_of,
    days_to_choose,
    meetings_before,
)


@require_GET
@kept_page()
def in_full(request: HttpRequest, slug: str) -> HttpResponse:
    """For decision, for attention and to note; updates overdue; KPIs; points to check."""
    page = get_plan_page(request, slug)
    meetings = meetings_before(page)
    comparison_day = comparison_day_of(page, meetings)
    context = {
        **page.context(
            "dashboard", comparison_day=comparison_day.day, compared_note=comparison_day.note
        ),
        "breadcrumbs": [
            formatting.Breadcrumb("Dashboard", page.url("reports:dashboard")),
            formatting.Breadcrumb("What stands out"),
        ],
        "untracked_text": untracked_text(page),
        "choose": days_to_choose(page, comparison_day, meetings),
        "since": formatting.short_day(comparison_day.day),
    }
    if not context["untracked_text"]:
        data = load_in_full(page, comparison_day.day)
        context |= {
            "parts": exception_parts(data),
            "passed": passed_text(kpi.outcome for kpi in data.kpi_states.values()),
            "kpis_missed": [kpi_row(data, kpi) for kpi in data.exceptions.missed],
            "kpis_off": [kpi_row(data, kpi) for kpi in data.exceptions.kpis],
            "kpis_url": page.url("kpis:kpis"),
            "points": point_groups(data),
            "reminders": reminders(data),
            "chasing": chasing(data),
            "findings_url": page.link("findings"),
        }
    return render(request, "reports/in_full.html", context)
