"""What every page about reports starts from: who reads, and one report of the plan for them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from actions import access
from actions.memberships import PlanAccess
from actions.models import SharedView
from actions.pages.plan_page import access_of, get_plan_page
from actions.pages.shared_view import active_share
from reports.models import Report


@dataclass(frozen=True, slots=True)
class ReportPage:
    """`shared_view` is the view of the plan shared with a reader who sees nothing live."""

    access: PlanAccess
    today: date
    context: dict[str, Any]
    shared_view: SharedView | None = None


def get_report_page(request: HttpRequest, slug: str) -> ReportPage:
    """For everybody of the plan, report readers too."""
    granted = access_of(request, slug)
    today = timezone.localdate()
    is_live = access.can_see_live(granted)
    shared_view = None if is_live else active_share(granted.user, granted.plan, today)
    if is_live or shared_view:
        context = get_plan_page(request, slug, may_be_shared=True).context("reports")
    else:
        # Their menu has the reports alone: wsoa/pages/navigation.py.
        request.reports_only = granted.plan  # type: ignore[attr-defined]
        context = {"plan": granted.plan}
    return ReportPage(granted, today, context, shared_view)


def find_draft(report_page: ReportPage, pk: int) -> Report:
    """A draft of the plan; 404 where there is none of that number."""
    report = _reports(report_page).filter(publication=None, discarded_at=None, pk=pk).first()
    if report is None:
        raise Http404
    return report


def find_published(report_page: ReportPage, pk: int) -> Report:
    """A published report; 403 where it is not addressed to whoever asks."""
    report = find_frozen(report_page, pk)
    if not report.is_published:
        raise Http404
    return report


def find_frozen(report_page: ReportPage, pk: int) -> Report:
    """The same, or one whose files are being made, which to a report reader is not there yet."""
    report = _reports(report_page).exclude(publication=None).filter(pk=pk).first()
    if report is None:
        raise Http404
    if not access.can_see_live(report_page.access):
        if not report.is_published:
            raise Http404
        addressed = report.publication.addressed_to.values_list("pk", flat=True)
        access.require(access.can_read_report(report_page.access, list(addressed)))
    return report


def _reports(report_page: ReportPage) -> QuerySet[Report]:
    return Report.objects.filter(series__plan=report_page.access.plan).select_related(
        "series__plan__local_area",
        "publication__by",
        "publication__files_job",
        "prepared_by",
        "supersedes__publication",
    )
