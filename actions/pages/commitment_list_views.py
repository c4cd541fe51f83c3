"""The table of commitments, narrowed and ordered by its address, and the same lines as a file."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.commitment_list import (
    CommitmentRow,
    Order,
    grouped,
    ordered,
    rows_of,
    with_newest_updates,
)
from actions.pages.commitment_rows import untracked_text
from actions.pages.exporting import files_of, list_file, require_file
from actions.pages.filters import CommitmentFilter
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.pages.tables import CommitmentTable, commitment_columns
from actions.wording import in_words

PER_PAGE = 300


@dataclass(frozen=True, slots=True)
class Listed:
    """What an address asks of the list."""

    page: PlanPage
    form: CommitmentFilter
    order: Order
    rows: list[CommitmentRow]

    @property
    def count_text(self) -> str:
        return formatting.shown_text(len(self.rows), len(self.form.pool()))


def _listed(request: HttpRequest, slug: str) -> Listed:
    page = get_plan_page(request, slug)
    form = CommitmentFilter(request.GET, rows=rows_of(page), day=page.day)
    order = Order.parse(request.GET.get("sort"))
    return Listed(page, form, order, ordered(form.matching(), order))


@require_GET
@kept_page()
def commitments(request: HttpRequest, slug: str) -> HttpResponse:
    listed = _listed(request, slug)
    form, order, rows = listed.form, listed.order, listed.rows
    table = CommitmentTable(
        grouped(rows, form.pool()) if order.is_of_plan else rows,
        order,
        is_tracked=listed.page.state.tracked,
        empty_text=in_words("No {commitment} matches. Take something out of the filter above."),
    )
    table.paginate(per_page=PER_PAGE)
    # A page that there is not is answered by the nearest that there is.
    table.page = table.paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "actions/commitments.html",
        {
            **listed.page.context("commitments", comparison_day=listed.page.comparison_day),
            "form": form,
            "count_text": listed.count_text,
            "is_narrowed": len(rows) < len(form.pool()),
            "table": table,
            "untracked_text": untracked_text(listed.page),
            "is_empty": not form.rows,
            "files": []
            if form.errors
            else files_of(
                lambda kind: reverse("actions:commitments_file", args=(slug, kind)) + form.here()
            ),
        },
        status=422 if form.errors else 200,
    )


@require_GET
@kept_page()
def commitments_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Exactly what the page of the same address shows, on all its pages."""
    listed = _listed(request, slug)
    require_file(kind, listed.form)
    return list_file(
        listed.page,
        kind,
        in_words("{Commitments}"),
        commitment_columns(listed.page),
        with_newest_updates(listed.rows),
        count_text=listed.count_text,
        filter_text=listed.form.words(),
    )
