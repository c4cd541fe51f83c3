"""The KPIs of a plan, to be edited in a draft; their data owners at any time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import get_plan_page
from actions.plan.editing import PARTS
from actions.plan.editing_views import locked_text, require_edit, section


@require_GET
def edit_kpis(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    require_edit(page, is_agreed=False)
    is_draft = access.can_edit_plan(page.access)
    kinds = [("kpi", "KPIs")] if is_draft else [("data-owner", "Data owners")]
    kinds.append(("headline", "Headline KPIs"))
    return render(
        request,
        "kpis/edit_kpis.html",
        {
            **page.context("kpis"),
            "breadcrumbs": [formatting.Breadcrumb("Edit the plan", page.url("actions:edit_plan"))],
            "locked_text": locked_text(page.plan),
            "sections": [section(page, PARTS[kind], page.plan, title) for kind, title in kinds],
        },
    )
