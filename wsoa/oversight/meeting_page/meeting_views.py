"""Meetings with what was asked and decided in them; decisions, and saying that one is done."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.forms.refusals import show_refusal
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today, get_plan_page
from actions.rules.dates import end_of_day
from wsoa.oversight.decisions.decision_list import decisions_of
from wsoa.oversight.form_page import PER_PAGE, form_page
from wsoa.oversight.forms import bodies_of
from wsoa.oversight.meetings import meetings
from wsoa.oversight.meetings.meeting_forms import MeetingForm
from wsoa.oversight.models import ChangeDecision, Meeting
from wsoa.oversight.questions.question_list import questions_of

# --- Meetings ---------------------------------------------------------------------------------


@require_GET
def meetings_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Those to come, the next first, then those held, the last first."""
    page = get_plan_page(request, slug)
    found = list(Meeting.objects.filter(plan=page.plan).select_related("body"))
    ahead = [one for one in found if one.held_on >= page.day]
    held = sorted(
        (one for one in found if one.held_on < page.day),
        key=lambda one: one.held_on,
        reverse=True,
    )
    page_of_meetings = Paginator(held, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oversight/meetings.html",
        {
            **page.context("meetings"),
            "ahead": [_meeting_line(page, one) for one in ahead],
            "held": [_meeting_line(page, one) for one in page_of_meetings],
            "page": page_of_meetings,
            "numbers": page_of_meetings.paginator.get_elided_page_range(page_of_meetings.number),
            "add_url": page.url("oversight:add_meeting") if _may_manage(page) else "",
            "decisions_url": page.url("oversight:decisions"),
            "reviews_url": page.url("oversight:reviews"),
        },
    )


def _meeting_line(page: PlanPage, meeting: Meeting) -> dict[str, Any]:
    return {
        "body": meeting.body.name,
        "held_text": formatting.day_text(meeting.held_on),
        "papers_text": _papers_text(page, meeting),
        "url": page.url("oversight:meeting", meeting.pk),
    }


def _papers_text(page: PlanPage, meeting: Meeting) -> str:
    """`Papers due 3 May 2022, in 4 working days`; of a past meeting the day alone."""
    due = meeting.papers_due_on
    words = f"Papers due {formatting.short_day(due)}"
    if meeting.held_on < page.day:
        return words
    if due < page.day:
        return f"{words}, which has passed"
    if due == page.day:
        return f"{words}, today"
    left = meetings.working_days_left(page.day, due, page.history.holidays)
    return f"{words}, in {formatting.plural(left, 'working day')}" if left else words


def _may_manage(page: PlanPage) -> bool:
    return page.is_today and access.can_manage_meetings(page.access)


@require_GET
def meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was asked, decided and closed in one meeting."""
    page = get_plan_page(request, slug)
    found = _find(page, pk)
    questions = questions_of(page, Q(meeting=pk) | Q(closing__meeting=pk))
    decided = decisions_of(page, Q(meeting=pk))
    changes = _changes(page, pk)
    may_keep = _may_manage(page)
    is_held = found.held_on <= page.day
    may_decide = page.is_today and is_held and access.can_record_decision(page.access)
    may_ask = page.is_today and is_held and access.can_ask_question(page.access)
    is_on_record = bool(questions or decided or changes)
    return render(
        request,
        "oversight/meeting.html",
        {
            **page.context("meetings"),
            "breadcrumbs": _breadcrumbs(page),
            "title": found.body.name,
            "held_text": formatting.day_text(found.held_on),
            "is_held": is_held,
            "facts": [
                formatting.Pair("Held" if found.held_on < page.day else "Day", _day(found.held_on)),
                formatting.Pair("Papers", _papers_text(page, found).removeprefix("Papers ")),
            ],
            "asked": [line for line in questions if line.question.meeting_id == pk],
            "closed": [
                line
                for line in questions
                if line.closed_on and line.question.closing.meeting_id == pk
            ],
            "decisions": decided,
            "changes": changes,
            "decide_url": f"{page.url('oversight:record_decision')}?meeting={pk}"
            if may_decide
            else "",
            "ask_url": f"{page.url('oversight:ask_question')}?meeting={pk}" if may_ask else "",
            "edit_url": page.url("oversight:edit_meeting", pk) if may_keep else "",
            "cancel_url": page.url("oversight:cancel_meeting", pk)
            if may_keep and not is_on_record
            else "",
        },
    )


def _day(day: date) -> str:
    return formatting.short_day(day)


def _find(page: PlanPage, pk: int) -> Meeting:
    found = Meeting.objects.filter(plan=page.plan, pk=pk).select_related("body", "plan").first()
    if found is None:
        raise Http404
    return found


def _breadcrumbs(page: PlanPage, found: Meeting | None = None) -> list[formatting.Breadcrumb]:
    breadcrumbs = [formatting.Breadcrumb("Meetings", page.url("oversight:meetings"))]
    if found:
        words = f"{found.body}, {_day(found.held_on)}"
        breadcrumbs.append(formatting.Breadcrumb(words, page.url("oversight:meeting", found.pk)))
    return breadcrumbs


def _changes(page: PlanPage, meeting: int) -> list[dict[str, str]]:
    """The asks for a change that were decided in a meeting. One query."""
    found = (
        ChangeDecision.objects.filter(meeting=meeting, effective_at__lt=end_of_day(page.day))
        .select_related("request__commitment", "request__kpi", "minute")
        .order_by("effective_at", "recorded_at")
    )
    lines = []
    for decision in found:
        asked = decision.request
        if asked.kpi:
            on, url = f"KPI {asked.kpi.code}", page.link("kpi", asked.kpi.code)
        else:
            assert asked.commitment is not None
            on, url = asked.commitment.ref, page.link("commitment", asked.commitment.ref)
        minute = getattr(decision, "minute", None)
        lines.append(
            {
                "on": on,
                "url": url,
                "kind": asked.get_kind_display(),
                "reason": asked.reason,
                "answer": f"{decision}{f', {minute}' if minute else ''}",
                "why": decision.reason,
            }
        )
    return lines


@require_http_methods(["GET", "POST"])
def add_meeting(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit(get_page_today(request, slug), None)


@require_http_methods(["GET", "POST"])
def edit_meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_page_today(request, slug)
    return _edit(page, _find(page, pk))


def _edit(page: PlanPage, found: Meeting | None) -> HttpResponse:
    access.require(access.can_manage_meetings(page.access))
    request = page.request
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        bodies=bodies_of(page.plan),
        initial={name: getattr(found, name) for name in ("body", "held_on", "papers_due_on")}
        if found
        else {},
    )
    if form.is_valid():
        try:
            saved = meetings.save_meeting(plan=page.plan, meeting=found, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The meeting is saved." if found else "The meeting is added.")
            return redirect("oversight:meeting", page.plan.slug, saved.pk)
    return form_page(
        page,
        form,
        menu_key="meetings",
        title="Change this meeting" if found else "Add a meeting",
        button="Save" if found else "Add it",
        leave_url=page.url("oversight:meeting", found.pk)
        if found
        else page.url("oversight:meetings"),
        breadcrumbs=_breadcrumbs(page, found),
    )


@require_http_methods(["GET", "POST"])
def cancel_meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_page_today(request, slug)
    access.require(access.can_manage_meetings(page.access))
    found = _find(page, pk)
    refusal_text = ""
    if request.method == "POST":
        try:
            meetings.cancel_meeting(meeting=found)
        except ValidationError as refusal:
            refusal_text = " ".join(refusal.messages)
        else:
            messages.success(request, f"Cancelled: {found.body}, {_day(found.held_on)}.")
            return redirect("oversight:meetings", slug)
    return render(
        request,
        "oversight/cancel_meeting.html",
        {
            **page.context("meetings"),
            "breadcrumbs": _breadcrumbs(page, found),
            "name": f"{found.body}, {_day(found.held_on)}",
            "refusal_text": refusal_text,
            "leave_url": page.url("oversight:meeting", pk),
        },
        status=422 if refusal_text else 200,
    )
