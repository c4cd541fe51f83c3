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
from actions.areas import open_questions
from actions.io.exporting import KINDS, download, files_of, sheet_of
from actions.pages import formatting
from actions.pages.commitment_list import Order, ordered
from actions.pages.plan_page import Desk, UnusableAddress, open_plan
from actions.rules.dates import PlanDate
from kpis.models import Kpi, Measurement, Rebase
from kpis.pages import kpi_page
from kpis.pages.kpi_list import KPI_COLUMNS, ORDERS, KpiFilter, KpiTable, grouped, lines_of
from kpis.pages.kpi_rows import KpiLine, book_of
from kpis.recording import measurements, rebases
from kpis.recording.forms import CheckFigureForm, RebaseForm, WithdrawRebaseForm

PER_PAGE = 25

# --- The index --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """What an address asks of the list."""

    desk: Desk
    form: KpiFilter
    order: Order
    lines: list[KpiLine]

    @property
    def count_words(self) -> str:
        """`5 of 42`, or `All 42`."""
        shown, total = len(self.lines), len(self.form.lines)
        return f"{shown} of {total}" if shown < total else f"All {total}"


def _listed(request: HttpRequest, slug: str) -> Listed:
    desk = open_plan(request, slug, may_be_lent=True)
    form = KpiFilter(request.GET, lines=lines_of(desk), user=desk.access.user.pk)
    order = Order.parse(request.GET.get("sort"), ORDERS)
    return Listed(desk, form, order, ordered(form.matching(), order, ORDERS))


@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    listed = _listed(request, slug)
    desk, form, order, lines = listed.desk, listed.form, listed.order, listed.lines
    table = KpiTable(
        grouped(lines, form.lines) if order.is_of_plan else lines,
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
            **desk.context("kpis"),
            "form": form,
            "count_words": listed.count_words,
            "is_narrowed": len(lines) < len(form.lines),
            "table": table,
            "is_empty": not form.lines,
            "enter_url": desk.url("kpis:figures") if _may_enter(listed) else "",
            "files": []
            if form.errors
            else files_of(lambda kind: reverse("kpis:kpis_file", args=(slug, kind)) + form.here()),
        },
        status=422 if form.errors else 200,
    )


def _may_enter(listed: Listed) -> bool:
    """Whether the reader may enter a figure of any measure, today."""
    desk = listed.desk
    return desk.is_today and any(
        access.can_record_figure(
            desk.access, data_owner=line.history.data_owner, areas=line.history.areas
        )
        for line in listed.form.lines
    )


@require_GET
def kpis_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Exactly what the page of the same address shows, on all its pages."""
    listed = _listed(request, slug)
    if kind not in KINDS:
        raise Http404
    if listed.form.errors:
        raise UnusableAddress("The filter in the address cannot be read, so no file was made.")
    sheet = sheet_of(
        listed.desk,
        "KPIs",
        KPI_COLUMNS,
        listed.lines,
        count_words=listed.count_words,
        filter_words=listed.form.words(),
    )
    return download(listed.desk, sheet, kind)


# --- One measure ------------------------------------------------------------------------------


@require_GET
def kpi(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    desk, line = _line(request, slug, code, may_be_lent=True)
    beside = kpi_page.beside(line.history.id, desk.day)
    texts = kpi_page.texts_of(line.state)
    return render(
        request,
        "kpis/kpi.html",
        {
            **desk.context("kpis"),
            "crumbs": [
                *_crumbs(desk),
                *(
                    formatting.Crumb(f"Area {area.ref}", desk.url("actions:area", area.ref))
                    for area in beside.areas
                ),
            ],
            "over": kpi_page.over_words(line),
            "line": line,
            "finding": kpi_page.finding_of(line),
            "facts": kpi_page.facts(line),
            "sentences": kpi_page.stands_sentences(line, desk.plan.starts),
            "icons": kpi_page.icons(line),
            "chart": kpi_page.figure_of(line, texts, beside.rebases, desk.plan.starts_on),
            "figures": kpi_page.figure_lines(desk, line, texts),
            "commitments": kpi_page.commitment_lines(desk, line),
            "targets": kpi_page.target_lines(line, beside.targets),
            "about": kpi_page.about(line),
            "decisions": kpi_page.decisions(desk, line, beside.rebases),
            **kpi_page.risks_beside(desk, line, beside.risks),
            **open_questions(desk, beside.questions, f"kpi:{line.code}"),
            **kpi_page.presses(desk, line),
        },
    )


def _line(
    request: HttpRequest, slug: str, code: str, *, may_be_lent: bool = False
) -> tuple[Desk, KpiLine]:
    """The measure as at the desk's day; 404 where the plan had none of that code."""
    desk = open_plan(request, slug, may_be_lent=may_be_lent)
    book = book_of(desk, code=code)
    if not book.rows:
        raise Http404
    ((pk, row),) = book.rows.items()
    return desk, KpiLine(desk, row, book.histories[pk], book.states[pk])


def _crumbs(desk: Desk) -> list[formatting.Crumb]:
    return [formatting.Crumb("KPIs", desk.url("kpis:kpis"))]


# --- Its control chart ------------------------------------------------------------------------


def _line_today(request: HttpRequest, slug: str, code: str) -> tuple[Desk, KpiLine]:
    """The same for a write, which is of today."""
    desk, line = _line(request, slug, code)
    if not desk.is_today:
        raise UnusableAddress("This is done as of today, not as at another day.")
    return desk, line


def _context(desk: Desk, line: KpiLine, form: Any) -> dict[str, Any]:
    return {
        **desk.context("kpis"),
        "crumbs": [*_crumbs(desk), formatting.Crumb(line.code, line.url)],
        "over": kpi_page.over_words(line),
        "line": line,
        "form": form,
        "leave_url": line.url,
    }


@require_http_methods(["GET", "POST"])
def rebase(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Record the decision to compute the chart's limits afresh from a month on."""
    desk, line = _line_today(request, slug, code)
    access.require(access.can_rebase(desk.access))
    form = RebaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answers = form.arguments()
        kpi = Kpi.objects.select_related("plan").get(pk=line.history.id)
        try:
            rebases.record_rebase(kpi=kpi, by=desk.access.user, today=desk.today, **answers)
        except ValidationError as refusal:
            _add(form, refusal, {"on": "month"})
        else:
            messages.success(request, "The decision is on record. The limits are set anew.")
            return redirect(line.url)
    return render(
        request,
        "kpis/rebase.html",
        {**_context(desk, line, form), "has_chart": line.state.chart is not None},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def withdraw_rebase(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    desk, line = _line_today(request, slug, code)
    access.require(access.can_rebase(desk.access))
    found = (
        Rebase.objects.select_related("kpi__plan")
        .filter(pk=pk, kpi=line.history.id, is_withdrawn=False)
        .first()
    )
    if found is None:
        raise Http404
    form = WithdrawRebaseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            rebases.withdraw_rebase(
                rebase=found, by=desk.access.user, reason=form.cleaned_data["reason"]
            )
        except ValidationError as refusal:
            _add(form, refusal)
        else:
            messages.success(request, "The decision is taken back.")
            return redirect(line.url)
    return render(
        request,
        "kpis/withdraw_rebase.html",
        {
            **_context(desk, line, form),
            "month_words": str(PlanDate.month_of(found.on)),
            "reason": found.reason,
            "decided_by": found.decided_by,
        },
        status=422 if form.errors else 200,
    )


# --- The second person ------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def check_figure(request: HttpRequest, slug: str, code: str, pk: int) -> HttpResponse:
    """A second person confirms a final figure, or returns it with the reason."""
    desk, line = _line_today(request, slug, code)
    history = line.history
    figure = next((figure for figure in line.state.figures if figure.id == pk), None)
    if figure is None:
        raise Http404
    texts = kpi_page.texts_of(line.state)
    access.require(
        access.can_check_figure(
            desk.access,
            data_owner=history.data_owner,
            areas=history.areas,
            author=texts[pk].by_id,
            is_hidden=figure.hides(texts[pk].respondents),
        )
    )
    if not figure.awaits_second_person:
        messages.info(request, "This figure is not waiting for an answer.")
        return redirect(line.url)
    form = CheckFigureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        is_confirmed = form.cleaned_data["decision"] == "confirm"
        try:
            measurements.check_figure(
                measurement=Measurement.objects.get(pk=pk),
                by=desk.access.user,
                today=desk.today,
                is_confirmed=is_confirmed,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as refusal:
            _add(form, refusal)
        else:
            done = "confirmed" if is_confirmed else "returned"
            messages.success(request, f"The figure is {done}.")
            return redirect(line.url)
    return render(
        request,
        "kpis/check_figure.html",
        {
            **_context(desk, line, form),
            "figure": kpi_page.figure_line(desk, line, figure, texts),
        },
        status=422 if form.errors else 200,
    )


def _add(form: Any, refusal: ValidationError, fields: dict[str, str] | None = None) -> None:
    """What a verb refused, at the fields it names."""
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, words in refusal.message_dict.items():
        form.add_error((fields or {}).get(name, name), words)
