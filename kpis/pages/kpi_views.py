"""The measures of a plan, one measure with all its figures, and the decisions about it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.kept_pages import do_not_keep, kept_page
from actions.pages import formatting
from actions.pages.commitment_list import Order, ordered
from actions.pages.exporting import files_of, list_file, require_file
from actions.pages.plan_page import PlanPage, UnusableAddress, get_plan_page, require_today
from actions.rules.dates import PlanDate
from kpis.models import Kpi, Measurement, Rebase
from kpis.pages import figure_table, kpi_facts, kpi_panels
from kpis.pages.kpi_list import (
    KPI_COLUMNS,
    ORDERS,
    KpiFilter,
    KpiTable,
    grouped,
    has_small_numbers,
    kpi_rows_of,
    passed_sentences,
)
from kpis.pages.kpi_rows import KpiRow, load_kpi_set
from kpis.recording import measurements, rebases
from kpis.recording.forms import CheckFigureForm, RebaseForm, WithdrawRebaseForm
from kpis.rules.text import CLOSED
from wsoa.accounts.security_log import note

PER_PAGE = 300
# The tick that asks for small numbers in a file, and what a file says of them.
WITH_SMALL = "small"
WHAT_FOR = "what_for"
MOST_WHAT_FOR = 200
NOT_FOR_ALL = (
    "This file has small numbers, marked in the columns “Latest is” and “Previous is”. They are not"
    " for anybody else: not in papers, mails or speech."
)
FOR_ALL = f"None. {CLOSED} is a figure that is too few to show."

# --- The index --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """What an address asks of the list."""

    page: PlanPage
    form: KpiFilter
    order: Order
    lines: list[KpiRow]

    @property
    def count_text(self) -> str:
        return formatting.shown_text(len(self.lines), len(self.form.lines))


def _listed(request: HttpRequest, slug: str, *, with_small: bool = True) -> Listed:
    page = get_plan_page(request, slug, may_be_shared=True)
    kpi_rows = kpi_rows_of(page, with_small=with_small)
    form = KpiFilter(request.GET, lines=kpi_rows, user=page.access.user.pk)
    order = Order.parse(request.GET.get("sort"), ORDERS)
    return Listed(page, form, order, ordered(form.matching(), order, ORDERS))


@require_GET
@kept_page()
def index(request: HttpRequest, slug: str) -> HttpResponse:
    listed = _listed(request, slug)
    page, form, order, kpi_rows = listed.page, listed.form, listed.order, listed.lines
    table = KpiTable(
        grouped(kpi_rows, form.lines) if order.is_of_plan else kpi_rows,
        order,
        empty_text="No KPI matches. Take something out of the filter above.",
    )
    table.paginate(per_page=PER_PAGE)
    # A page that there is not is answered by the nearest that there is.
    table.page = table.paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "kpis/index.html",
        {
            **page.context("kpis"),
            "form": form,
            "count_text": listed.count_text,
            "passed": passed_sentences(form.lines),
            "is_narrowed": len(kpi_rows) < len(form.lines),
            "table": table,
            "is_empty": not form.lines,
            "grid_url": page.url("kpis:grid"),
            "enter_url": page.url("kpis:figures") if _may_enter(listed) else "",
            "small_numbers_url": page.url("kpis:plan_small_numbers")
            if page.is_today and access.can_set_small_numbers(page.access, data_owner=None)
            else "",
            "files": []
            if form.errors
            else files_of(lambda kind: reverse("kpis:kpis_file", args=(slug, kind)) + form.here()),
            "small_files": files_of(lambda kind: reverse("kpis:kpis_file", args=(slug, kind)))
            if has_small_numbers(kpi_rows) and not form.errors
            else [],
            "asked": [
                (name, value)
                for name in request.GET
                if name not in ("page", WITH_SMALL, WHAT_FOR)
                for value in request.GET.getlist(name)
            ],
        },
        status=422 if form.errors else 200,
    )


def _may_enter(listed: Listed) -> bool:
    """Whether the reader may enter a figure of any measure, today."""
    page = listed.page
    return page.is_today and any(
        access.can_record_figure(
            page.access, data_owner=kpi_row.history.data_owner, areas=kpi_row.history.areas
        )
        for kpi_row in listed.form.lines
    )


@require_GET
@kept_page()
def kpis_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """What the page of the same address shows to everybody, on all its pages.

    Who may see small numbers takes them away only by asking for them, and by saying what for: it
    stands in the file and in the log.
    """
    with_small = request.GET.get(WITH_SMALL) == "yes"
    listed = _listed(request, slug, with_small=with_small)
    require_file(kind, listed.form)
    is_marked = with_small and has_small_numbers(listed.lines)
    what_for = " ".join(request.GET.get(WHAT_FOR, "").split())[:MOST_WHAT_FOR]
    about = [("Small numbers", FOR_ALL)]
    if is_marked:
        if not what_for:
            raise UnusableAddress("Say what you take the small numbers for.")
        about = [("Small numbers", NOT_FOR_ALL), ("Taken for", what_for)]
        # Each time they are taken is a line of the log, so the file is made each time.
        do_not_keep(request)
        user = listed.page.access.user
        note("small-numbers-taken", plan=slug, user=user, file=kind, what_for=what_for)
    return list_file(
        listed.page,
        kind,
        "KPIs",
        KPI_COLUMNS,
        listed.lines,
        count_text=listed.count_text,
        filter_text=listed.form.words(),
        about=about,
        name="KPIs with small numbers" if is_marked else "",
    )


# --- One measure ------------------------------------------------------------------------------


def kpi_line(
    request: HttpRequest, slug: str, code: str, *, may_be_shared: bool = False
) -> tuple[PlanPage, KpiRow]:
    """The measure as at the page's day; 404 where the plan had none of that code."""
    page = get_plan_page(request, slug, may_be_shared=may_be_shared)
    kpi_set = load_kpi_set(page, code=code)
    if not kpi_set.rows:
        raise Http404
    ((pk, row),) = kpi_set.rows.items()
    return page, KpiRow(page, row, kpi_set.histories[pk], kpi_set.states[pk])


def kpi_breadcrumbs(page: PlanPage) -> list[formatting.Breadcrumb]:
    return [formatting.Breadcrumb("KPIs", page.url("kpis:kpis"))]


# --- Its control chart ------------------------------------------------------------------------


def _kpi_row_today(request: HttpRequest, slug: str, code: str) -> tuple[PlanPage, KpiRow]:
    """The same for a write, which is of today."""
    page, kpi_row = kpi_line(request, slug, code)
    require_today(page)
    return page, kpi_row


def _context(page: PlanPage, kpi_row: KpiRow, form: Any) -> dict[str, Any]:
    return {
        **page.context("kpis"),
        "breadcrumbs": [*kpi_breadcrumbs(page), formatting.Breadcrumb(kpi_row.code, kpi_row.url)],
        "over": kpi_facts.over_text(kpi_row),
        "line": kpi_row,
        "form": form,
        "leave_url": kpi_row.url,
    }


@require_http_methods(["GET", "POST"])
def rebase(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Record the decision to compute the chart's limits afresh from a month on."""
    page, kpi_row = _kpi_row_today(request, slug, code)
    access.require(access.can_rebase(page.access))
    form = RebaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answers = form.arguments()
        kpi = Kpi.objects.select_related("plan").get(pk=kpi_row.history.id)
        try:
            rebases.record_rebase(kpi=kpi, by=page.access.user, today=page.today, **answers)
        except ValidationError as refusal:
            _add(form, refusal, {"on": "month"})
        else:
            messages.success(request, "The decision is on record. The limits are set again.")
            return redirect(kpi_row.url)
    return render(
        request,
        "kpis/rebase.html",
        {**_context(page, kpi_row, form), "has_chart": kpi_row.state.chart is not None},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def withdraw_rebase(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    page, kpi_row = _kpi_row_today(request, slug, code)
    access.require(access.can_rebase(page.access))
    decision = (
        Rebase.objects.select_related("kpi__plan")
        .filter(pk=pk, kpi=kpi_row.history.id, is_withdrawn=False)
        .first()
    )
    if decision is None:
        raise Http404
    form = WithdrawRebaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            rebases.withdraw_rebase(
                rebase=decision, by=page.access.user, reason=form.cleaned_data["reason"]
            )
        except ValidationError as refusal:
            _add(form, refusal)
        else:
            messages.success(request, "The decision is taken back.")
            return redirect(kpi_row.url)
    return render(
        request,
        "kpis/withdraw_rebase.html",
        {
            **_context(page, kpi_row, form),
            "month_text": str(PlanDate.month_of(decision.on)),
            "reason": decision.reason,
            "decided_by": decision.decided_by,
        },
        status=422 if form.errors else 200,
    )


# --- The second person ------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def check_figure(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """A second person confirms a final figure, or returns it with the reason."""
    page, kpi_row = _kpi_row_today(request, slug, code)
    history = kpi_row.history
    figure = next((figure for figure in kpi_row.state.figures if figure.id == pk), None)
    if figure is None:
        raise Http404
    texts = kpi_panels.texts_of(kpi_row.state)
    access.require(
        access.can_check_figure(
            page.access,
            data_owner=history.data_owner,
            areas=history.areas,
            author=texts[pk].by_id,
            is_hidden=figure.hides(texts[pk].respondents),
        )
    )
    if not figure.awaits_second_person:
        messages.info(request, "This figure is not waiting for an answer.")
        return redirect(kpi_row.url)
    form = CheckFigureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = form.arguments()
        try:
            measurements.check_figure(
                measurement=Measurement.objects.get(pk=pk),
                by=page.access.user,
                today=page.today,
                **answer,
            )
        except ValidationError as refusal:
            _add(form, refusal)
        else:
            done = "confirmed" if answer["is_confirmed"] else "returned"
            messages.success(request, f"The figure is {done}.")
            return redirect(kpi_row.url)
    return render(
        request,
        "kpis/check_figure.html",
        {
            **_context(page, kpi_row, form),
            "figure": figure_table.figure_line(page, kpi_row, figure, texts),
        },
        status=422 if form.errors else 200,
    )


def _add(form: Any, refusal: ValidationError, fields: dict[str, str] | None = None) -> None:
    """What a verb refused, at the fields it names."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, texts in refusal.message_dict.items():
        form.add_error((fields or {}).get(name, name), texts)
