"""The page about the record: how a plan is kept here, and what of it only a note holds."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.plan_page import get_plan_page
from wsoa.pages.record_notes import note_groups


@require_GET
@kept_page()
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """For members of the plan: what its paper says that has no place of its own here."""
    page = get_plan_page(request, slug)
    groups = note_groups(page)
    count = sum(len(group.items) for group in groups)
    return render(
        request,
        "pages/record.html",
        {
            **page.context("plan"),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb("About this record"),
            ],
            "is_restated": page.plan.is_restated,
            "note": page.plan.note,
            "count_text": formatting.plural(count, "note"),
            "groups": groups,
        },
    )
