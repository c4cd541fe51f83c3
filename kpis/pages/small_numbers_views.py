"""The pages on which it is said from which numbers up figures are shown: of a plan, of a KPI."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access
from actions.pages import formatting
from actions.pages.plan_page import get_page_today, require_today
from kpis.models import Kpi
from kpis.pages import kpi_facts
from kpis.pages.kpi_views import kpi_breadcrumbs, kpi_line
from kpis.recording.small_numbers import (
    PlanSmallNumbersForm,
    SmallNumbersForm,
    set_small_numbers,
    set_small_numbers_of_plan,
)

RECORDED = "Recorded. It holds for figures from now on."


@require_http_methods(["GET", "POST"])
def plan_small_numbers(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_page_today(request, slug)
    access.require(access.can_set_small_numbers(page.access, data_owner=None))
    form = PlanSmallNumbersForm(request.POST if request.method == "POST" else None, plan=page.plan)
    leave_url = page.url("kpis:kpis")
    if form.is_valid():
        try:
            set_small_numbers_of_plan(plan=page.plan, by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, RECORDED)
            return redirect(leave_url)
    return render(
        request,
        "kpis/small_numbers.html",
        {
            **page.context("kpis"),
            "breadcrumbs": kpi_breadcrumbs(page),
            "about": "all KPIs of this plan",
            "over": "What holds where a KPI says nothing of its own",
            "form": form,
            "leave_url": leave_url,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def small_numbers(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    page, kpi_row = kpi_line(request, slug, code)
    require_today(page)
    access.require(access.can_set_small_numbers(page.access, data_owner=kpi_row.history.data_owner))
    kpi = Kpi.objects.select_related("plan").get(pk=kpi_row.history.id)
    form = SmallNumbersForm(request.POST if request.method == "POST" else None, kpi=kpi)
    if form.is_valid():
        try:
            set_small_numbers(kpi=kpi.pk, by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, RECORDED)
            return redirect(kpi_row.url)
    return render(
        request,
        "kpis/small_numbers.html",
        {
            **page.context("kpis"),
            "breadcrumbs": [
                *kpi_breadcrumbs(page),
                formatting.Breadcrumb(kpi_row.code, kpi_row.url),
            ],
            "about": f"KPI {kpi_row.code}",
            "over": f"{kpi_facts.over_text(kpi_row)}: {kpi_row.title}",
            "plan_url": page.url("kpis:plan_small_numbers") if page.access.is_officer else "",
            "form": form,
            "leave_url": kpi_row.url,
        },
        status=422 if form.errors else 200,
    )
