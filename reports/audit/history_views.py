"""The history of edits of a plan, and the same as a file."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from actions.pages import formatting
from actions.pages.exporting import files_of, list_file, require_file
from actions.pages.plan_page import PlanPage, UnusableAddress, get_plan_page
from reports.audit.listing import EDIT_COLUMNS, EditFilter, lines_of
from reports.audit.reading import Edits
from reports.audit.text import edits_in_text

PER_PAGE = 50
# More than a file of edits can hold and still be of use.
FILE_HOLDS = 10_000


def _listed(request: HttpRequest, slug: str) -> tuple[PlanPage, EditFilter, Edits]:
    page = get_plan_page(request, slug)
    form = EditFilter(request.GET, plan=page.plan, day=page.day)
    return page, form, Edits(page.plan, form.wanted())


@require_GET
def history(request: HttpRequest, slug: str) -> HttpResponse:
    page, form, edits = _listed(request, slug)
    # A page that there is not is answered by the nearest that there is.
    page_of_edits = Paginator(cast(Any, edits), PER_PAGE).get_page(request.GET.get("page"))
    count = page_of_edits.paginator.count
    fits = 0 < count <= FILE_HOLDS
    return render(
        request,
        "reports/history.html",
        {
            **page.context("history"),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb("History of edits"),
            ],
            "form": form,
            "count_text": formatting.plural(count, "edit"),
            "edits": edits_in_text(page, list(page_of_edits.object_list)),
            "page": page_of_edits,
            "numbers": page_of_edits.paginator.get_elided_page_range(page_of_edits.number),
            "is_empty": not count,
            "too_many_text": ""
            if fits or not count
            else f"Narrow the list to {FILE_HOLDS:,} edits or fewer to take them away.",
            "files": files_of(
                lambda kind: reverse("reports:history_file", args=(slug, kind)) + form.here()
            )
            if fits and not form.errors
            else [],
        },
        status=422 if form.errors else 200,
    )


@require_GET
def history_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What the page of the same address shows, on all its pages, a line for each changed field."""
    page, form, edits = _listed(request, slug)
    require_file(kind, form)
    entries = edits[: FILE_HOLDS + 1]
    if len(entries) > FILE_HOLDS:
        raise UnusableAddress(
            f"These are more than {FILE_HOLDS:,} edits, and no file holds so many. "
            "Narrow them by their days first."
        )
    rows = lines_of(edits_in_text(page, entries))
    return list_file(
        page,
        kind,
        "History of edits",
        EDIT_COLUMNS,
        rows,
        count_text=f"{formatting.plural(len(entries), 'edit')}, a line for each field",
        filter_text=form.words(),
    )
