"""The register of risks and issues, raising one and closing one."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.exporting import files_of, list_file, require_file
from actions.pages.plan_page import PlanPage, get_page_today, get_plan_page
from actions.progress import risks
from wsoa.oversight.risks.risk_forms import CloseRiskForm, RaiseRiskForm
from wsoa.oversight.risks.risk_register import (
    RISK_COLUMNS,
    RiskFilter,
    RiskItem,
    grouped,
    register_of,
)
from wsoa.oversight.risks.risk_table import RiskTable
from wsoa.oversight.risks.risks import raise_on, subjects_of

PER_PAGE = 25

# --- The register -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listed:
    """What an address asks of the register."""

    page: PlanPage
    form: RiskFilter
    items: list[RiskItem]

    @property
    def count_text(self) -> str:
        """`5 of 17`, or `All 17`."""
        shown, total = len(self.items), len(self.form.all_items)
        return f"{shown} of {total}" if shown < total else f"All {total}"


def _listed(request: HttpRequest, slug: str) -> Listed:
    page = get_plan_page(request, slug)
    form = RiskFilter(request.GET, register=register_of(page))
    return Listed(page, form, form.matching())


@require_GET
@kept_page()
def risk_register(request: HttpRequest, slug: str) -> HttpResponse:
    listed = _listed(request, slug)
    page, form = listed.page, listed.form
    table = RiskTable(
        grouped(listed.items),
        empty_text="Nothing matches. Take something out of the filter above.",
    )
    table.paginate(per_page=PER_PAGE)
    # A page that there is not is answered by the nearest that there is.
    table.page = table.paginator.get_page(request.GET.get("page"))
    return render(
        request,
        "oversight/risks.html",
        {
            **page.context("risks"),
            "form": form,
            "count_text": listed.count_text,
            "is_narrowed": len(listed.items) < len(form.all_items),
            "table": table,
            "is_empty": not form.all_items,
            "raise_url": page.url("oversight:raise_risk") if _may_raise(page) else "",
            "files": []
            if form.errors
            else files_of(
                lambda kind: reverse("oversight:risks_file", args=(slug, kind)) + form.here()
            ),
        },
        status=422 if form.errors else 200,
    )


def _may_raise(page: PlanPage) -> bool:
    return page.is_today and any(
        access.can_raise_risk(page.access, areas=[state.area], state=state)
        for state in page.state.commitments
    )


@require_GET
@kept_page()
def risks_file(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Exactly what the page of the same address shows, on all its pages."""
    listed = _listed(request, slug)
    require_file(kind, listed.form)
    return list_file(
        listed.page,
        kind,
        "Risks",
        RISK_COLUMNS,
        listed.items,
        count_text=listed.count_text,
        filter_text=listed.form.words(),
    )


# --- Raising and closing ----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def raise_risk(request: HttpRequest, slug: str) -> HttpResponse:
    """On anything the user may; `?on=commitment:1.1.1a` chooses it beforehand."""
    page = get_page_today(request, slug)
    subjects = subjects_of(page)
    access.require(bool(subjects))
    form = RaiseRiskForm(
        request.POST if request.method == "POST" else None,
        subjects=subjects,
        initial={"on": request.GET.get("on", ""), "kind": request.GET.get("kind", "")},
    )
    if form.is_valid():
        answers = form.arguments()
        try:
            risk = raise_on(by=page.access.user, **answers)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            subject = answers["subject"]
            messages.success(request, f"The {risk.kind} is on record: {subject.ref_text}.")
            return redirect(subject.url)
    return render(
        request,
        "oversight/raise_risk.html",
        {
            **page.context("risks"),
            "breadcrumbs": [formatting.Breadcrumb("Risks", page.url("oversight:risks"))],
            "form": form,
            "leave_url": page.url("oversight:risks"),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def close_risk(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_page_today(request, slug)
    item = next((item for item in register_of(page).items if item.risk.pk == pk), None)
    if item is None:
        raise Http404
    access.require(access.can_close_risk(page.access, areas=item.on.areas, state=item.on.state))
    leave_url = item.on.url or page.url("oversight:risks")
    if not item.is_open:
        messages.info(request, f"Closed already, on {item.closed_text}: {item.how_closed}")
        return redirect(leave_url)
    form = CloseRiskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            risks.close_risk(risk=item.risk, by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"The {item.risk.kind} is closed.")
            return redirect(leave_url)
    return render(
        request,
        "oversight/close_risk.html",
        {
            **page.context("risks"),
            "breadcrumbs": [formatting.Breadcrumb("Risks", page.url("oversight:risks"))],
            "line": item,
            "form": form,
            "leave_url": leave_url,
        },
        status=422 if form.errors else 200,
    )
