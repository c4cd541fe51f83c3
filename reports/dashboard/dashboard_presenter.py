"""The dashboard's blocks, as its template takes them, made of what was read: none asks more."""

from typing import Any
from urllib.parse import urlencode

from actions.pages import formatting
from actions.pages.addresses import address_of
from kpis.rules.standing.passed import passed_text
from reports.dashboard import reminders
from reports.dashboard.agenda import agenda
from reports.dashboard.areas import area_rows
from reports.dashboard.charts import ratings_chart
from reports.dashboard.dashboard_data import DashboardData
from reports.dashboard.exceptions import exception_parts
from reports.dashboard.headline import headline, lead_in
from reports.dashboard.kpis import kpi_row
from reports.dashboard.movement import change_rows, compared_counts, dates_moved
from reports.dashboard.points_to_check import point_groups


def dashboard_blocks(data: DashboardData) -> dict[str, Any]:
    page, counts = data.page, data.counts
    since = formatting.short_day(data.comparison_day)
    areas = area_rows(data)
    return {
        "title": headline(
            data.state,
            data.previous_state,
            page.day,
            {commitment: text.name for commitment, text in data.texts.items()},
        ),
        "lead": lead_in(
            data.exceptions, data.previous_exceptions, dates_moved(data.changes), counts, since
        ),
        "since": since,
        "counts": compared_counts(counts, data.previous_counts, data.comparison_day),
        "not_enough": formatting.not_enough_text(counts),
        "parts": exception_parts(data),
        "passed": passed_text(kpi.outcome for kpi in data.kpi_states.values()),
        "kpis_missed": [kpi_row(data, kpi) for kpi in data.exceptions.missed],
        "kpis_off": [kpi_row(data, kpi) for kpi in data.exceptions.kpis],
        "kpis_url": page.url("kpis:kpis"),
        "points": point_groups(data),
        "agenda": agenda(data),
        "reminders": reminders.reminders(data),
        "chasing": reminders.chasing(data),
        "areas": areas,
        "months": areas[0].strip.cells if areas else [],
        "chart": ratings_chart(data),
        "changed": change_rows(data.changes),
        "changed_url": _changed_url(data),
        "timeline_url": page.url("reports:timeline"),
    }


def _changed_url(data: DashboardData) -> str:
    """All that moved, between the two days of this page."""
    page = data.page
    address = address_of("changed", page.plan.slug)
    days = {} if page.is_today else {"as_at": page.day}
    return f"{address}?{urlencode({**days, 'compare_with': data.comparison_day})}"
