"""Published reports: the record, its summary for families, and its files as they went out."""

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from actions.pages import formatting
from reports.drafts.files import as_download
from reports.drafts.report_access import ReportPage, find_frozen, find_published, get_report_page
from reports.drafts.report_pages import report_view
from reports.making.jobs import progress
from reports.models import PublishedFile, PublishedPaper, Report
from reports.rendering.document import Document
from reports.rendering.page import view_of

Paper = PublishedPaper.Paper


@require_GET
def report(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _paper(request, slug, pk, Paper.REPORT)


@require_GET
def families(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _paper(request, slug, pk, Paper.FAMILIES)


def _paper(request: HttpRequest, slug: str, pk: int, which: Paper) -> HttpResponse:
    """A paper from its payload alone; until all files are there, how far they are."""
    report_page = get_report_page(request, slug)
    published = find_frozen(report_page, pk)
    if not published.is_published:
        return _being_made(request, report_page, published)
    papers = list(published.publication.papers.order_by("pk"))
    paper = next((paper for paper in papers if paper.paper == which), None)
    if paper is None:
        raise Http404
    document = Document.read(paper.payload)
    here = request.build_absolute_uri()
    return render(
        request,
        "reports/report.html",
        {
            **report_page.context,
            **report_view(report_page, published, papers, paper),
            "document": view_of(document),
            "mail_url": f"mailto:?subject={quote(document.title)}&body={quote(here)}",
        },
    )


def _being_made(request: HttpRequest, report_page: ReportPage, report: Report) -> HttpResponse:
    """How far the files are."""
    slug = report_page.access.plan.slug
    return render(
        request,
        "reports/being_made.html",
        {
            **report_page.context,
            "breadcrumbs": [
                formatting.Breadcrumb("Reports", reverse("reports:index", args=(slug,))),
                formatting.Breadcrumb(f"{report.series.title}, {report.number}"),
            ],
            "report": report,
            "progress": progress(report.publication, timezone.now()),
        },
    )


@require_GET
def report_file(request: HttpRequest, slug: str, pk: int, paper: str, kind: str) -> HttpResponse:
    """A file as it was kept when the report was published."""
    report_page = get_report_page(request, slug)
    published = find_published(report_page, pk)
    kept = get_object_or_404(
        PublishedFile, paper__publication=published.publication, paper__paper=paper, format=kind
    )
    return as_download(bytes(kept.content), kept.name, kind)
