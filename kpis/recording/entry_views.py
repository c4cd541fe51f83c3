"""Entering figures: a month's page with every figure the user owes, and a measure's baseline."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, UnusableAddress, get_page_today
from actions.rules.dates import PlanDate
from kpis.models import ComparatorSeries, Kpi
from kpis.recording import comparators, measurements
from kpis.recording.due_figures import (
    Enterable,
    MonthDue,
    enterable,
    may_enter,
    month_to_show,
    owed_in,
)
from kpis.recording.entry_forms import BaselineForm, MonthForm
from kpis.recording.forms import ComparatorFigureForm
from kpis.recording.measurements import Refused


@require_http_methods(["GET", "POST"])
def figures(request: HttpRequest, slug: str) -> HttpResponse:
    """What the user owes for a month, and the figures they send: all of them, or none."""
    page = get_page_today(request, slug)
    month = _month(request, page)
    month_due = _month_due(page, month)
    form = MonthForm(request.POST or None, places=month_due.places, today=page.today)
    if request.method == "POST" and form.is_valid():
        try:
            recorded = measurements.record_figures(
                plan=page.plan,
                entries=[entry for _, entry in form.entries],
                by=page.access.user,
                today=page.today,
            )
        except Refused as refusal:
            # Somebody was quicker between our look and the lock: what stands there is read again.
            month_due = _month_due(page, month)
            form = MonthForm(request.POST, places=month_due.places, today=page.today)
            if form.is_valid():
                form.refuse_all(refusal.problems)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _recorded_text(len(recorded), month))
            return redirect(_url(page, month))
    others = form.rows(month_due.others)
    return render(
        request,
        "kpis/figures.html",
        {
            **page.context("kpis"),
            "breadcrumbs": [
                formatting.Breadcrumb("KPIs", page.url("kpis:kpis")),
                formatting.Breadcrumb("Enter figures", page.url("kpis:figures")),
            ],
            "form": form,
            "month_text": str(month),
            "has_ended": month.last_day < page.today,
            "done_count": month_due.done,
            "total_count": len(month_due.asked),
            "groups": [
                {"owner": group.owner, "rows": form.rows(group.places)}
                for group in month_due.groups(page.access.user.name)
            ],
            "others": others,
            "others_open": any(row["is_open"] or row["place"].is_done for row in others),
            "earlier": [
                {"words": f"{when}: {formatting.plural(count, 'figure')}", "url": _url(page, when)}
                for when, count in month_due.earlier
            ],
            "previous": _beside(page, month, -1),
            "next": _beside(page, month, 1),
            "upload_url": page.url("kpis:upload_figures"),
            "leave_url": page.url("kpis:kpis"),
        },
        status=_status(form),
    )


def _month_due(page: PlanPage, month: PlanDate) -> MonthDue:
    kpis = enterable(page)
    access.require(may_enter(page, kpis))
    return owed_in(page, kpis, month)


def _month(request: HttpRequest, page: PlanPage) -> PlanDate:
    try:
        return month_to_show(request.GET.get("month"), _until(page))
    except ValueError:
        raise UnusableAddress(
            "The month in the address cannot be shown. Write it like 2023-01."
        ) from None


def _until(page: PlanPage) -> date:
    """Today; of a plan that is closed, its closing day: a figure of later is none of it."""
    return min(page.today, page.plan.closed_on or page.today)


def _url(page: PlanPage, month: PlanDate) -> str:
    return f"{page.url('kpis:figures')}?month={month.iso}"


def _beside(page: PlanPage, month: PlanDate, months: int) -> formatting.Breadcrumb | None:
    """The month before or after; none past what can be shown."""
    other = month.plus_months(months)
    try:
        month_to_show(other.iso, _until(page))
    except ValueError:
        return None
    return formatting.Breadcrumb(str(other), _url(page, other))


def _status(form: MonthForm) -> int:
    if form.conflicts:
        return 409
    return 422 if form.errors else 200


def _recorded_text(count: int, month: PlanDate) -> str:
    if not count:
        return f"Nothing has changed: {month} stands as it was."
    return f"{formatting.plural(count, 'figure')} recorded for {month}."


# --- The first baseline -----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def record_baseline(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """The baseline that a plan left open, once it is known."""
    page = get_page_today(request, slug)
    kpi = _enterable(page, code)
    leave_url = page.link("kpi", code)
    if kpi.row.baseline is not None:
        messages.info(request, "This measure has a baseline. It changes by request only.")
        return redirect(leave_url)
    form = BaselineForm(request.POST or None, unit=kpi.row.unit)
    if request.method == "POST" and form.is_valid():
        try:
            measurements.record_baseline(kpi=kpi.row, today=page.today, **form.cleaned_data)
        except ValidationError as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, "The baseline is on record.")
            return redirect(leave_url)
    return render(
        request,
        "kpis/record_baseline.html",
        {
            **page.context("kpis"),
            "breadcrumbs": [
                formatting.Breadcrumb("KPIs", page.url("kpis:kpis")),
                formatting.Breadcrumb(code, leave_url),
            ],
            "title": kpi.row.title,
            "definition": kpi.row.definition,
            "form": form,
            "leave_url": leave_url,
        },
        status=422 if form.errors else 200,
    )


# --- What others came to ----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def comparator_figure(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A value of England, the region or others, to be set beside the measure."""
    page = get_page_today(request, slug)
    kpi = _enterable(page, code)
    several = list(ComparatorSeries.objects.filter(kpi=kpi.id, withdrawn_at=None))
    if not several:
        raise Http404
    leave_url = page.link("kpi", code)
    form = ComparatorFigureForm(request.POST or None, several=several)
    if request.method == "POST" and form.is_valid():
        try:
            comparators.record_comparator_figure(
                **form.arguments(), by=page.access.user, today=page.today
            )
        except ValidationError as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, "The figure is on record.")
            return redirect(leave_url)
    return render(
        request,
        "kpis/comparator_figure.html",
        {
            **page.context("kpis"),
            "breadcrumbs": [
                formatting.Breadcrumb("KPIs", page.url("kpis:kpis")),
                formatting.Breadcrumb(code, leave_url),
            ],
            "title": kpi.row.title,
            "unit": "per cent" if kpi.row.unit == "%" else kpi.row.unit,
            "form": form,
            "leave_url": leave_url,
        },
        status=422 if form.errors else 200,
    )


def _enterable(page: PlanPage, code: str) -> Enterable:
    """The measure of that code; 404 where there is none, 403 where it is not theirs."""
    kpi = next((kpi for kpi in enterable(page) if kpi.code == code), None)
    if kpi is None:
        if not Kpi.objects.filter(plan=page.plan, code=code, withdrawn_at=None).exists():
            raise Http404
        access.require(False)
        raise AssertionError
    return kpi


def _refuse(form: Any, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, texts in refusal.message_dict.items():
        form.add_error(name, texts)
