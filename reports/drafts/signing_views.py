"""Signing a section of a draft, and approving the whole: each shows what is signed, whole."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions import access, memberships
from actions.forms.refusals import show_refusal
from actions.models import Area
from reports.contents.building import build
from reports.contents.signing import FORUMS_SECTION
from reports.drafts import drafting
from reports.drafts.forms import ApprovalForm, SignForm
from reports.drafts.publishing_views import breadcrumbs
from reports.drafts.report_access import ReportPage, find_draft, get_report_page
from reports.models import Report
from reports.rendering.page import DocumentView, view_of
from wsoa.accounts.own_account.again import asked_again

FORUM = "forum"


@require_http_methods(["GET", "POST"])
@asked_again
def sign(request: HttpRequest, slug: str, pk: int, what: str) -> HttpResponse:
    """Sign an area's section, named by its code, or the forum's statement."""
    report_page = get_report_page(request, slug)
    report = find_draft(report_page, pk)
    area = _area(report_page, what)
    if area:
        access.require(
            access.can_sign_area(report_page.access, area.pk, preparer=report.prepared_by_id)
        )
        stands_in = memberships.stands_in_for(
            report_page.access, memberships.Role.SRO, areas=[area.pk]
        )
        office = f"Senior responsible officer of {area.label}"
        office += f", standing in for {stands_in}" if stands_in else ""
    else:
        access.require(
            access.can_sign_for_forum(report_page.access, preparer=report.prepared_by_id)
        )
        office = "Forum representative"
    key = f"area:{area.code}" if area else FORUMS_SECTION

    def send(form: Any) -> None:
        drafting.sign(
            report=report,
            area=area,
            digest=form.cleaned_data["digest"],
            by=report_page.access.user,
            office=office,
        )

    document = build(report).document
    section = next((section for section in document.sections if section.key == key), None)
    if section is None:
        raise Http404
    form, answer = _answer(request, report, SignForm, send, "Your signature is on the draft.")
    if answer:
        return answer
    return _page(
        request,
        report_page,
        report,
        form,
        title=f"Sign {area.label}" if area else "Sign the forum’s statement",
        papers=[view_of(document, only=key)],
        digest=section.digest,
        button="Sign this section",
        words=f"You sign as {report_page.access.user.name}, {office}. Your signature holds for "
        "exactly these words and numbers. If any of them changes, you are asked again.",
    )


def _area(report_page: ReportPage, what: str) -> Area | None:
    if what == FORUM:
        return None
    return get_object_or_404(Area, plan=report_page.access.plan, code=what, withdrawn_at=None)


@require_http_methods(["GET", "POST"])
@asked_again
def approve(request: HttpRequest, slug: str, pk: int, organisation: int) -> HttpResponse:
    """Approve or return the report for an organisation."""
    report_page = get_report_page(request, slug)
    report = find_draft(report_page, pk)
    approver = get_object_or_404(
        drafting.approvers_of(report_page.access.plan), organisation=organisation
    )
    access.require(
        access.can_approve_report(
            report_page.access, approver=approver.user_id, preparer=report.prepared_by_id
        )
    )
    if not report.series.is_approved:
        raise Http404

    office = drafting.office_of(approver, report_page.access.user)

    def send(form: Any) -> None:
        drafting.answer(
            report=report,
            organisation=approver.organisation,
            by=report_page.access.user,
            office=office,
            **form.cleaned_data,
        )

    built = build(report)
    form, answer = _answer(request, report, ApprovalForm, send, "Your answer is on the draft.")
    if answer:
        return answer
    return _page(
        request,
        report_page,
        report,
        form,
        title=f"Approve for {approver.organisation.name}",
        papers=[view_of(document) for document in (built.document, built.families) if document],
        digest=built.substance,
        button="Record your answer",
        words=f"Signing as {report_page.access.user.name}, {office}. Your approval holds "
        "for exactly these words and numbers. If any of them changes, you are asked again.",
    )


def _answer(
    request: HttpRequest, report: Report, kind: type[SignForm], send: Any, thanks: str
) -> tuple[SignForm, HttpResponse | None]:
    """The form, and where to go once it was sent and taken."""
    form = kind(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return form, None
    try:
        send(form)
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return form, None
    messages.success(request, thanks)
    return form, redirect("reports:draft", report.series.plan.slug, report.pk)


def _page(
    request: HttpRequest,
    report_page: ReportPage,
    report: Report,
    form: SignForm,
    *,
    title: str,
    papers: list[DocumentView],
    digest: str,
    button: str,
    words: str,
) -> HttpResponse:
    """What is signed, whole, and the form after it; the digest is of what stands here now."""
    slug = report_page.access.plan.slug
    return render(
        request,
        "reports/sign.html",
        {
            **report_page.context,
            "breadcrumbs": breadcrumbs(slug, report, title),
            "report": report,
            "title": title,
            "words": words,
            "papers": papers,
            "digest": digest,
            "form": form,
            "button": button,
            "leave_url": reverse("reports:draft", args=(slug, report.pk)),
        },
        status=422 if form.errors else 200,
    )
