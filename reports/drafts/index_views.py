"""The reports of a plan. A report reader lands here and sees nothing live."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from actions import access
from actions.kept_pages import kept_page
from reports.drafts.notices import notices_of
from reports.drafts.report_access import get_report_page
from reports.drafts.report_pages import listed_reports
from reports.models import ReportSeries


@require_GET
@kept_page()
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """What was published, newest first, and to whom; drafts and what to do with them."""
    report_page = get_report_page(request, slug)
    granted = report_page.access
    is_live = access.can_see_live(granted)
    series = (
        ReportSeries.objects.filter(plan=granted.plan, withdrawn_at=None)
        .select_related("body")
        .prefetch_related("audiences")
    )

    def url(name: str) -> str:
        return reverse(f"reports:{name}", args=(slug,))

    return render(
        request,
        "reports/index.html",
        {
            **report_page.context,
            **listed_reports(report_page),
            "notices": notices_of([granted], report_page.today)[0],
            "shared_view": report_page.shared_view,
            "share_url": access.can_share_view(granted)
            and reverse("actions:shared_views", args=(slug,)),
            "calendar_url": is_live and url("calendar"),
            "series": [
                {
                    "title": report_series.title,
                    "rhythm": report_series.rhythm_text,
                    "audiences": ", ".join(
                        body.name
                        for body in report_series.audiences.all()
                        if body.withdrawn_at is None
                    ),
                }
                for report_series in series
            ],
        },
    )
