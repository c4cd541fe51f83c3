"""What was said of a draft outside: recorded by the programme team, checked by another of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from actions import access
from actions.forms.refusals import show_refusal
from actions.models import Area, Organisation
from actions.pages import formatting
from actions.rules.dates import end_of_day
from reports.contents.building import Built, build
from reports.drafts import drafting
from reports.drafts.outside import said_outside
from reports.drafts.outside.said_forms import CheckForm, SaidForm
from reports.drafts.publishing_views import breadcrumbs
from reports.drafts.report_access import ReportPage, find_draft, get_report_page
from reports.models import Report, SaidOutside
from reports.rendering.page import DocumentView, view_of

FORUM = "forum"


@require_http_methods(["GET", "POST"])
def record_signature(request: HttpRequest, slug: str, pk: int, what: str) -> HttpResponse:
    """That an area's section, named by its code, or the forum's statement was signed outside."""
    report_page, report = _opened(request, slug, pk)
    plan, area = report_page.access.plan, None
    if what != FORUM:
        area = get_object_or_404(Area, plan=plan, code=what, withdrawn_at=None)
    return _record(request, report_page, report, area, None)


@require_http_methods(["GET", "POST"])
def record_answer(request: HttpRequest, slug: str, pk: int, organisation: int) -> HttpResponse:
    """That the report was approved, or returned, for an organisation outside."""
    report_page, report = _opened(request, slug, pk)
    approver = get_object_or_404(
        drafting.approvers_of(report_page.access.plan), organisation=organisation
    )
    return _record(request, report_page, report, None, approver.organisation)


def _opened(request: HttpRequest, slug: str, pk: int) -> tuple[ReportPage, Report]:
    report_page = get_report_page(request, slug)
    report = find_draft(report_page, pk)
    access.require(access.can_prepare_report(report_page.access))
    if not report.series.is_approved:
        raise Http404
    return report_page, report


def _record(
    request: HttpRequest,
    report_page: ReportPage,
    report: Report,
    area: Area | None,
    organisation: Organisation | None,
) -> HttpResponse:
    built = build(report)
    digest = said_outside.digest_now(built, area, organisation)
    if not digest:
        raise Http404
    speakers = said_outside.speakers(report, area, organisation, report_page.today)
    form = SaidForm(
        request.POST if request.method == "POST" else None,
        speakers=speakers,
        is_answer=organisation is not None,
        today=report_page.today,
    )

    def send() -> str:
        said_outside.record_said_outside(
            report=report,
            area=area,
            organisation=organisation,
            by=report_page.access.user,
            today=report_page.today,
            **form.cleaned_data,
        )
        return "Recorded. It counts once a second member of the programme team has checked it."

    answer = _sent(request, report, form, send)
    if answer:
        return answer
    what = _what(area, organisation)
    nobody = (
        "" if speakers else "Nobody is named whose word this could be. Name them in the plan first."
    )
    return _page(
        request,
        report_page,
        report,
        form,
        built=built,
        section="" if organisation else said_outside.section_key(area),
        title=f"Record {what} that was given outside",
        digest=digest,
        button="Record it",
        words=nobody
        or "Record what was said of exactly these words and numbers. A second member of the "
        "programme team checks it before it counts, and the report prints how it was given, and "
        "by whom it was recorded and checked.",
    )


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, slug: str, pk: int, said: int) -> HttpResponse:
    """Compare what a colleague recorded with the message, and say whether it is so."""
    report_page, report = _opened(request, slug, pk)
    one = get_object_or_404(said_outside.waiting(report), pk=said)
    access.require(access.can_check_said_outside(report_page.access, recorder=one.by_id))
    form = CheckForm(request.POST if request.method == "POST" else None)

    def send() -> str:
        said_outside.check_said_outside(
            said=one,
            by=report_page.access.user,
            today=report_page.today,
            **form.cleaned_data,
        )
        if not form.cleaned_data["is_confirmed"]:
            return "Your answer is recorded. Nothing was given by it."
        return "Checked. It is on the draft now."

    answer = _sent(request, report, form, send)
    if answer:
        return answer
    built = build(report)
    is_stale = said_outside.digest_now(built, one.area, one.organisation) != one.digest
    warnings = []
    if is_stale:
        warnings.append(said_outside.CHANGED_SINCE)
    elif drafting.touched_since(report, end_of_day(one.said_on)):
        warnings.append(
            f"The draft was edited after {formatting.short_day(one.said_on)}. See that the message "
            "is about the words as they are now."
        )
    return _page(
        request,
        report_page,
        report,
        form,
        built=built,
        section="" if one.organisation else said_outside.section_key(one.area),
        title=f"Check {_what(one.area, one.organisation)} that was given outside",
        digest=one.digest,
        button="Record your check",
        words="Confirmed, it stands on the draft as given on that day, with both your names.",
        facts=_facts(one),
        message=one.message,
        warnings=warnings,
    )


def _what(area: Area | None, organisation: Organisation | None) -> str:
    if organisation:
        return f"an answer for {organisation.name}"
    return f"a signature for {area.label}" if area else "the forum’s signature"


def _facts(said: SaidOutside) -> list[formatting.Pair]:
    pairs = [
        ("Who said it", ", ".join(filter(None, (said.name, said.office)))),
        (
            "What",
            "Signed"
            if said.is_approved is None
            else "Approved"
            if said.is_approved
            else f"Returned: {said.reason}",
        ),
        ("How", said.get_how_display()),
        ("On", formatting.short_day(said.said_on)),
        ("Kept", said.found_at),
        ("Recorded by", said.by.name if said.by else said.source),
    ]
    return [formatting.Pair(label, words) for label, words in pairs]


def _sent(
    request: HttpRequest, report: Report, form: forms.Form, send: Callable[[], str]
) -> HttpResponse | None:
    """Where to go once the form was sent and taken."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        thanks = send()
    except ValidationError as refusal:
        show_refusal(form, refusal)
        return None
    messages.success(request, thanks)
    return redirect("reports:draft", report.series.plan.slug, report.pk)


def _page(
    request: HttpRequest,
    report_page: ReportPage,
    report: Report,
    form: forms.Form,
    *,
    built: Built,
    section: str,
    title: str,
    **told: Any,
) -> HttpResponse:
    """What it was said of, whole, as it stands now; then the form."""
    slug = report_page.access.plan.slug
    papers: list[DocumentView] = (
        [view_of(built.document, only=section)]
        if section
        else [view_of(document) for document in (built.document, built.families) if document]
    )
    return render(
        request,
        "reports/said_outside.html",
        {
            **report_page.context,
            "breadcrumbs": breadcrumbs(slug, report, title),
            "report": report,
            "title": title,
            "papers": papers,
            "form": form,
            "leave_url": reverse("reports:draft", args=(slug, report.pk)),
            **told,
        },
        status=422 if form.errors else 200,
    )
