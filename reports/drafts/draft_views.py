"""A draft as its readers see it; its words, edited place by place; its cut-off, moved."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.forms.refusals import show_refusal
from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.rules.dates import end_of_day
from reports.contents.building import Built, build
from reports.contents.editable_texts import FORUM, EditableText
from reports.drafts import drafting
from reports.drafts.differences import differences
from reports.drafts.drafting import Conflict, digest_of, editable_text_of
from reports.drafts.files import as_download
from reports.drafts.forms import CutOffForm, WordsForm
from reports.drafts.publishing_views import breadcrumbs
from reports.drafts.report_access import ReportPage, find_draft, get_report_page
from reports.drafts.report_pages import cut_off_text, draft_view
from reports.models import Report, WordTemplate
from reports.rendering import FORMATS, file_name
from reports.rendering import render as rendered

# --- The draft --------------------------------------------------------------------------------


@require_GET
@kept_page()
def draft(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The draft as it reads now; to a lead, what it says of the own commitments."""
    report_page = get_report_page(request, slug)
    access.require(access.can_see_live(report_page.access))
    report = find_draft(report_page, pk)
    built = build(report)
    if not access.can_see_drafts(report_page.access):
        return _own_lines(request, report_page, report, built)
    return render(
        request,
        "reports/draft.html",
        {**report_page.context, **draft_view(report_page, report, built)},
    )


def _own_lines(
    request: HttpRequest, report_page: ReportPage, report: Report, built: Built
) -> HttpResponse:
    """What the draft says of what leads lead, themselves or for somebody, beside the own words."""
    leads = {report_page.access.user.pk, *report_page.access.deputises}
    mine = [place for place in built.places.values() if leads.intersection(place.leads)]
    return render(
        request,
        "reports/own_lines.html",
        {
            **report_page.context,
            "breadcrumbs": [
                formatting.Breadcrumb(
                    "Reports", reverse("reports:index", args=(report_page.access.plan.slug,))
                ),
                formatting.Breadcrumb(f"{report.series.title}, {report.number}"),
            ],
            "report": report,
            "places": mine,
        },
    )


@require_GET
@kept_page()
def families(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The summary for families that will go with the report."""
    report_page = get_report_page(request, slug)
    access.require(access.can_see_drafts(report_page.access))
    report = find_draft(report_page, pk)
    built = build(report)
    if built.families is None:
        raise Http404
    return render(
        request,
        "reports/draft.html",
        {**report_page.context, **draft_view(report_page, report, built, paper=built.families)},
    )


@require_GET
def draft_file(request: HttpRequest, slug: str, pk: int, paper: str, kind: str) -> HttpResponse:
    """The draft in one of the formats, made now and kept nowhere."""
    report_page = get_report_page(request, slug)
    access.require(access.can_see_drafts(report_page.access))
    report = find_draft(report_page, pk)
    if kind not in FORMATS:
        raise Http404
    built = build(report)
    document = {"report": built.document, "families": built.families}.get(paper)
    if document is None:
        raise Http404
    content = rendered(document, kind, template=WordTemplate.bytes_in_use(report_page.access.plan))
    return as_download(content, file_name(document, kind), kind)


# --- Words ------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def words(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Edit the words of one place, which `?place=` names."""
    report_page = get_report_page(request, slug)
    report = find_draft(report_page, pk)
    key = request.GET.get("place", "")
    place = editable_text_of(build(report), key)
    if place is None:
        access.require(access.can_prepare_report(report_page.access))
        raise Http404
    access.require(access.can_word_report(report_page.access, is_forums=place.owner == FORUM))
    is_sent = request.method == "POST"
    form = WordsForm(
        request.POST if is_sent else None,
        initial={"text": place.text, "seen": digest_of(place.text)},
    )
    theirs = None
    if is_sent and form.is_valid():
        try:
            drafting.word(
                report=report,
                place=key,
                text=form.cleaned_data["text"],
                seen=form.cleaned_data["seen"],
                by=report_page.access.user,
            )
        except Conflict as conflict:
            theirs = conflict.theirs
            form = WordsForm({"text": form.cleaned_data["text"], "seen": digest_of(theirs)})
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Your words are in the draft.")
            return redirect(f"{reverse('reports:draft', args=(slug, pk))}#{place.anchor}")
    return _words_page(request, report_page, report, place, form, theirs)


def _words_page(
    request: HttpRequest,
    report_page: ReportPage,
    report: Report,
    place: EditableText,
    form: WordsForm,
    theirs: str | None,
) -> HttpResponse:
    slug = report_page.access.plan.slug
    leave = f"{reverse('reports:draft', args=(slug, report.pk))}#{place.anchor}"
    conflicts = [] if theirs is None else [{"label": place.label, "words": theirs, "is_both": True}]
    return render(
        request,
        "reports/words.html",
        {
            **report_page.context,
            "breadcrumbs": breadcrumbs(slug, report, place.label),
            "report": report,
            "place": place,
            "form": form,
            "conflicts": conflicts,
            "leave_url": leave,
        },
        status=409 if theirs is not None else 422 if form.errors else 200,
    )


# --- The cut-off ------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def cut_off(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Choose another day or moment, see what that would change, and then move it to just that."""
    report_page = get_report_page(request, slug)
    access.require(access.can_prepare_report(report_page.access))
    report = find_draft(report_page, pk)
    now = timezone.now()
    is_sent = request.method == "POST"
    form = CutOffForm(
        request.POST if is_sent else None,
        initial={"as_at": f"{min(report.ends_on, report_page.today):%d/%m/%Y}"},
    )
    preview = None
    if is_sent and form.is_valid():
        as_at, known_on = form.cleaned_data["as_at"], form.cleaned_data["known_on"]
        is_over = known_on is not None and known_on < report_page.today
        known_at = end_of_day(known_on) if is_over else now
        requested = f"{as_at}/{known_on or ''}"
        is_move = request.POST.get("act") == "move"
        seen = _moment_seen(request, requested, known_at) if is_move else None
        wanted: dict[str, Any] = {"as_at": as_at, "known_at": seen or known_at}
        problems = drafting.cut_off_problems(report, **wanted, today=report_page.today, now=now)
        if known_on and known_on > report_page.today:
            problems = {"known_on": "This day has not come yet"}
        for field, problem in problems.items():
            form.add_error(field if field in form.fields else "known_on", problem)
        if seen and not problems:
            return _move(request, report_page, report, wanted, now)
        if not problems:
            preview = _preview(report, **wanted)
            preview["seen"] = f"{requested}/{known_at.isoformat()}"
    return render(
        request,
        "reports/cut_off.html",
        {
            **report_page.context,
            "breadcrumbs": breadcrumbs(slug, report, "Move the cut-off"),
            "report": report,
            "known_text": cut_off_text(report.known_at),
            "as_at_text": formatting.day_text(report.as_at),
            "form": form,
            "preview": preview,
            "leave_url": reverse("reports:draft", args=(slug, pk)),
        },
        status=422 if form.errors else 200,
    )


def _moment_seen(request: HttpRequest, requested: str, known_at: datetime) -> datetime | None:
    """The cut-off whose effect was read before the press: nothing recorded since slips in.

    None where nothing was read in the last day, or something else is asked for now.
    """
    read, _, text = request.POST.get("seen", "").rpartition("/")
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None or timezone.is_naive(moment) or read != requested:
        return None
    return moment if known_at - timedelta(days=1) <= moment <= known_at else None


def _preview(report: Report, *, as_at: Any, known_at: datetime) -> dict[str, Any]:
    """What would change, and whose signatures would fall."""
    before, after = build(report), drafting.moved(report, as_at=as_at, known_at=known_at)
    titles = {section.key: section.title for section in before.document.sections}
    papers = [(before.document, after.document)]
    if before.families and after.families:
        papers.append((before.families, after.families))
    return {
        "as_at": formatting.day_text(as_at),
        "known": cut_off_text(known_at),
        "sections": [difference for was, now in papers for difference in differences(was, now)],
        "falling": [
            {"what": titles[key], "name": signature.name}
            for key, signature in before.signed.items()
            if key not in after.signed
        ],
        "approvals_fall": before.substance != after.substance and bool(before.approved),
    }


def _move(
    request: HttpRequest,
    report_page: ReportPage,
    report: Report,
    wanted: dict[str, Any],
    now: datetime,
) -> HttpResponse:
    try:
        drafting.move_cut_off(report=report, **wanted, today=report_page.today, now=now)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        known = cut_off_text(wanted["known_at"])
        messages.success(request, f"The draft now shows what was recorded by {known}.")
    return redirect("reports:draft", report_page.access.plan.slug, report.pk)
