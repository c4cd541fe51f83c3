"""The KPIs of a plan, to be edited in a draft; their data owners at any time."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import open_plan
from actions.plan.editing import PARTS
from actions.plan.editing_views import locked_words, require_edit, section


@require_GET
def edit_kpis(request: HttpRequest, slug: str) -> HttpResponse:
    desk = open_plan(request, slug)
    require_edit(desk, is_agreed=False)
    is_draft = access.can_edit_plan(desk.access)
    kinds = [("kpi", "KPIs")] if is_draft else [("data-owner", "Data owners")]
    return render(
        request,
        "kpis/edit_kpis.html",
        {
            **desk.context("kpis"),
            "crumbs": [formatting.Crumb("Edit the plan", desk.url("actions:edit_plan"))],
            "locked_words": locked_words(desk.plan),
            "sections": [section(desk, PARTS[kind], desk.plan, title) for kind, title in kinds],
        },
    )
