"""All KPIs at a glance."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.plan_page import get_plan_page
from kpis.pages.grid.grid_cells import grid_groups, matrix
from kpis.pages.grid.kpi_counts import kpi_counts
from kpis.pages.kpi_list import kpi_rows_of, passed_sentences


@require_GET
@kept_page()
def grid(request: HttpRequest, slug: str) -> HttpResponse:
    """A cell for each, to be shown to a group: small numbers are in nobody's."""
    page = get_plan_page(request, slug, may_be_shared=True)
    kpi_rows = kpi_rows_of(page, with_small=False)
    return render(
        request,
        "kpis/grid.html",
        {
            **page.context("kpis"),
            "breadcrumbs": [
                formatting.Breadcrumb("KPIs", page.url("kpis:kpis")),
                formatting.Breadcrumb("KPI grid"),
            ],
            "total": len(kpi_rows),
            "passed": passed_sentences(kpi_rows),
            "counts": kpi_counts(page, [kpi_row.state for kpi_row in kpi_rows]),
            "matrix": matrix(kpi_rows),
            "groups": grid_groups(kpi_rows),
        },
    )
