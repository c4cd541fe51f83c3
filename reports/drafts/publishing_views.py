"""Beginning a report, publishing it, putting it away, and giving it a new version."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from actions import access
from actions.forms.refusals import show_refusal
from actions.pages import formatting
from actions.pages.plan_page import UnusableAddress
from actions.rules.dates import iso_day
from reports.contents.building import build
from reports.drafts import drafting, publishing
from reports.drafts.forms import PublishForm, VersionForm
from reports.drafts.report_access import ReportPage, find_draft, find_published, get_report_page
from reports.drafts.report_pages import missing_lines
from reports.models import Report, ReportSeries
from reports.rules.calendar import NoPeriodError
from wsoa.accounts.own_account.again import asked_again


def breadcrumbs(slug: str, report: Report, here: str) -> list[formatting.Breadcrumb]:
    name = "reports:report" if report.is_frozen else "reports:draft"
    return [
        formatting.Breadcrumb("Reports", reverse("reports:index", args=(slug,))),
        formatting.Breadcrumb(
            f"{report.series.title}, {report.number}", reverse(name, args=(slug, report.pk))
        ),
        formatting.Breadcrumb(here),
    ]


# --- Beginning --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Begin the report of a period, which `?period=` names by a day of it."""
    report_page = get_report_page(request, slug)
    access.require(access.can_prepare_report(report_page.access))
    series = get_object_or_404(
        ReportSeries.objects.select_related("plan__local_area"), pk=pk, plan=report_page.access.plan
    )
    period = _period(series, request.GET.get("period"), report_page.today)
    problem = drafting.start_problem(series, period, report_page.today)
    if request.method == "POST" and not problem:
        try:
            report = drafting.start(
                series=series,
                period=period,
                by=report_page.access.user,
                today=report_page.today,
                now=timezone.now(),
            )
        except ValidationError as refusal:
            problem = refusal.messages[0]
        else:
            messages.success(request, "The draft is made. Nobody outside the plan sees it.")
            return redirect("reports:draft", slug, report.pk)
    return render(
        request,
        "reports/start.html",
        {
            **report_page.context,
            "breadcrumbs": [
                formatting.Breadcrumb("Reports", reverse("reports:index", args=(slug,))),
                formatting.Breadcrumb("Begin a report"),
            ],
            "series": series,
            "period": period,
            "as_at": formatting.day_text(min(period.ends_on, report_page.today)),
            "is_running": period.ends_on >= report_page.today,
            "problem": problem,
            "leave_url": reverse("reports:calendar", args=(slug,)),
        },
        status=422 if problem and request.method == "POST" else 200,
    )


def _period(series: ReportSeries, text: str | None, today: date) -> Any:
    try:
        day = iso_day(text) if text else today
    except ValueError:
        raise UnusableAddress(
            "The day in the address is not a date. Write it like 2023-01-31."
        ) from None
    if not 2000 <= day.year <= 2100:
        raise UnusableAddress("That day lies outside any plan of this kind.")
    try:
        return series.cycle.period_of(day)
    except NoPeriodError as refusal:
        where = " The programme team sets it where the series is edited."
        raise UnusableAddress(f"{refusal}{where if series.lacks_a_day else ''}") from None


# --- Going out --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@asked_again
def publish(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The list of what is missing, and the press."""
    report_page = get_report_page(request, slug)
    access.require(access.can_prepare_report(report_page.access))
    report = find_draft(report_page, pk)
    built = build(report, is_draft=False)
    is_sent = request.method == "POST"
    form = PublishForm(request.POST if is_sent else None, is_complete=not built.missing)
    if is_sent and form.is_valid():
        try:
            publishing.publish(
                report=report,
                by=report_page.access.user,
                now=timezone.now(),
                seen=request.POST.getlist("seen"),
                audience=request.POST.get("audience", ""),
                reason=form.cleaned_data.get("reason", ""),
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request,
                "The report is frozen: it does not change any more. It shows as published when its "
                "files are made.",
            )
            return redirect("reports:report", slug, report.pk)
    return render(
        request,
        "reports/publish.html",
        {
            **report_page.context,
            "breadcrumbs": breadcrumbs(slug, report, "Publish"),
            "report": report,
            "missing": missing_lines(report_page, report, built),
            "audience": publishing.audience_text(report),
            "form": form,
            "leave_url": reverse("reports:draft", args=(slug, pk)),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    report_page = get_report_page(request, slug)
    access.require(access.can_prepare_report(report_page.access))
    report = find_draft(report_page, pk)
    if request.method == "POST":
        try:
            drafting.discard(report=report, now=timezone.now())
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            messages.success(request, "The draft is put away. Its period can be begun again.")
        return redirect("reports:index", slug)
    return render(
        request,
        "reports/discard.html",
        {
            **report_page.context,
            "breadcrumbs": breadcrumbs(slug, report, "Put away"),
            "report": report,
            "leave_url": reverse("reports:draft", args=(slug, pk)),
        },
    )


@require_http_methods(["GET", "POST"])
def new_version(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    report_page = get_report_page(request, slug)
    access.require(access.can_prepare_report(report_page.access))
    report = find_published(report_page, pk)
    _require_newest(report)
    is_sent = request.method == "POST"
    form = VersionForm(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        try:
            draft = drafting.start_version(
                report=report,
                by=report_page.access.user,
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The new version is a draft, with the words of the old one.")
            return redirect("reports:draft", slug, draft.pk)
    return _version_page(request, report_page, report, form)


def _require_newest(report: Report) -> None:
    newer = getattr(report, "superseded_by", None)
    if newer is not None and newer.discarded_at is None:
        raise Http404


def _version_page(
    request: HttpRequest, report_page: ReportPage, report: Report, form: VersionForm
) -> HttpResponse:
    slug = report_page.access.plan.slug
    return render(
        request,
        "reports/new_version.html",
        {
            **report_page.context,
            "breadcrumbs": breadcrumbs(slug, report, "New version"),
            "report": report,
            "form": form,
            "leave_url": reverse("reports:report", args=(slug, report.pk)),
        },
        status=422 if form.errors else 200,
    )
