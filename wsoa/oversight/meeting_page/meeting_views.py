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
from actions.kept_pages import kept_page
from actions.models import Body
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today, get_plan_page
from actions.rules.dates import end_of_day
from wsoa.oversight.changes.change_list import from_to, title_of
from wsoa.oversight.decisions.decision_list import decisions_of
from wsoa.oversight.form_page import PER_PAGE, form_page
from wsoa.oversight.forms import bodies_of
from wsoa.oversight.meetings import meetings
from wsoa.oversight.meetings.meeting_forms import MeetingForm
from wsoa.oversight.models import ChangeDecision, Meeting
from wsoa.oversight.questions.question_list import questions_of

# --- Meetings ---------------------------------------------------------------------------------


@require_GET
@kept_page()
def meetings_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Those to come, the next first, then those held, the last first."""
    page = get_plan_page(request, slug)
    all_meetings = list(Meeting.objects.filter(plan=page.plan).select_related("body"))
    ahead = [meeting for meeting in all_meetings if meeting.held_on >= page.day]
    held = sorted(
        (meeting for meeting in all_meetings if meeting.held_on < page.day),
        key=lambda meeting: meeting.held_on,
        reverse=True,
    )
    page_of_meetings = Paginator(held, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oversight/meetings.html",
        {
            **page.context("meetings"),
            "ahead": [_meeting_item(page, meeting) for meeting in ahead],
            "held": [_meeting_item(page, meeting) for meeting in page_of_meetings],
            "page": page_of_meetings,
            "numbers": page_of_meetings.paginator.get_elided_page_range(page_of_meetings.number),
            "add_url": page.url("oversight:add_meeting")
            if page.is_today and access.can_add_meeting(page.access)
            else "",
            "decisions_url": page.url("oversight:decisions"),
            "reviews_url": page.url("oversight:reviews"),
        },
    )


def _meeting_item(page: PlanPage, meeting: Meeting) -> dict[str, Any]:
    return {
        "body": meeting.body.name,
        "held_text": formatting.day_text(meeting.held_on),
        "papers_text": _papers_text(page, meeting),
        "url": page.url("oversight:meeting", meeting.pk),
    }


def _papers_text(page: PlanPage, meeting: Meeting) -> str:
    """`Papers due 3 May 2022, in 4 working days`; of a past meeting the day alone."""
    due = meeting.papers_due_on
    text = f"Papers due {formatting.short_day(due)}"
    if meeting.held_on < page.day:
        return text
    if due < page.day:
        return f"{text}, which has passed"
    if due == page.day:
        return f"{text}, today"
    left = meetings.working_days_left(page.day, due, page.history.holidays)
    return f"{text}, in {formatting.plural(left, 'working day')}" if left else text


def _may_manage(page: PlanPage) -> bool:
    return page.is_today and access.can_manage_meetings(page.access)


@require_GET
@kept_page()
def meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was asked, decided and closed in one meeting."""
    page = get_plan_page(request, slug)
    meeting = _find(page, pk)
    questions = questions_of(page, Q(meeting=pk) | Q(closing__meeting=pk))
    decided = decisions_of(page, Q(meeting=pk))
    changes = _changes(page, Q(meeting=pk))
    may_keep = _may_manage(page)
    is_held = meeting.held_on <= page.day
    may_decide = page.is_today and is_held and access.can_record_decision(page.access)
    may_ask = page.is_today and is_held and access.can_ask_question(page.access)
    is_on_record = bool(questions or decided or changes)
    return render(
        request,
        "oversight/meeting.html",
        {
            **page.context("meetings"),
            "breadcrumbs": _breadcrumbs(page),
            "title": meeting.body.name,
            "held_text": formatting.day_text(meeting.held_on),
            "is_held": is_held,
            "facts": [
                formatting.Pair(
                    "Held" if meeting.held_on < page.day else "Day", _day(meeting.held_on)
                ),
                formatting.Pair("Papers", _papers_text(page, meeting).removeprefix("Papers ")),
            ],
            "asked": [item for item in questions if item.question.meeting_id == pk],
            "closed": [
                item
                for item in questions
                if item.closed_on and item.question.closing.meeting_id == pk
            ],
            "decisions": decided,
            "changes": changes,
            "to_note": _to_note(page, meeting),
            "agenda_url": page.link("agenda", pk),
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
    meeting = Meeting.objects.filter(plan=page.plan, pk=pk).select_related("body", "plan").first()
    if meeting is None:
        raise Http404
    return meeting


def _breadcrumbs(page: PlanPage, meeting: Meeting | None = None) -> list[formatting.Breadcrumb]:
    breadcrumbs = [formatting.Breadcrumb("Meetings", page.url("oversight:meetings"))]
    if meeting:
        title = f"{meeting.body}, {_day(meeting.held_on)}"
        breadcrumbs.append(formatting.Breadcrumb(title, page.url("oversight:meeting", meeting.pk)))
    return breadcrumbs


def _to_note(page: PlanPage, meeting: Meeting) -> list[dict[str, str]]:
    """What the chair or an SRO decided since the steering group met before. Two queries."""
    if meeting.body.kind != Body.Kind.STEERING_GROUP:
        return []
    before = Meeting.objects.filter(body=meeting.body, held_on__lt=meeting.held_on)
    since = before.order_by("-held_on").values_list("held_on", flat=True).first()
    between = Q(meeting=None, effective_at__lt=end_of_day(meeting.held_on))
    if since:
        between &= Q(effective_at__gte=end_of_day(since))
    return _changes(page, between)


def _changes(page: PlanPage, which: Q) -> list[dict[str, str]]:
    """The asks for a change that were decided in a meeting, or between two. One query."""
    decisions = (
        ChangeDecision.objects.filter(which, effective_at__lt=end_of_day(page.day))
        .filter(
            Q(request__commitment__plan=page.plan)
            | Q(request__kpi__plan=page.plan)
            | Q(request__plan=page.plan)
        )
        .select_related(
            "request__commitment",
            "request__kpi",
            "request__key_date",
            "request__old_lead",
            "request__new_lead",
            "request__target",
            "minute",
        )
        .order_by("effective_at", "recorded_at")
    )
    changes = []
    for decision in decisions:
        change_request = decision.request
        if change_request.kpi:
            on, url = f"KPI {change_request.kpi.code}", page.link("kpi", change_request.kpi.code)
        elif change_request.commitment:
            commitment = change_request.commitment
            on, url = commitment.ref, page.link("commitment", commitment.code)
        else:
            on = title_of(change_request, "")
            url = page.url("oversight:change", change_request.pk)
        was, wanted = from_to(change_request)
        minute = getattr(decision, "minute", None)
        said = [str(decision)]
        if decision.meeting_id is None:
            said.append(decision.decided_in)
        if minute:
            said.append(str(minute))
        changes.append(
            {
                "on": on,
                "url": url,
                "kind": change_request.get_kind_display(),
                "moved": f"From {was} to {wanted}" if was else wanted,
                "reason": change_request.reason,
                "answer": ", ".join(said),
                "why": decision.reason,
            }
        )
    return changes


@require_http_methods(["GET", "POST"])
def add_meeting(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit(get_page_today(request, slug), None)


@require_http_methods(["GET", "POST"])
def edit_meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_page_today(request, slug)
    return _edit(page, _find(page, pk))


def _edit(page: PlanPage, meeting: Meeting | None) -> HttpResponse:
    may = access.can_manage_meetings if meeting else access.can_add_meeting
    access.require(may(page.access))
    request = page.request
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        bodies=bodies_of(page.plan),
        initial={name: getattr(meeting, name) for name in ("body", "held_on", "papers_due_on")}
        if meeting
        else {},
    )
    if form.is_valid():
        try:
            saved = meetings.save_meeting(plan=page.plan, meeting=meeting, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(
                request, "The meeting is saved." if meeting else "The meeting is added."
            )
            return redirect("oversight:meeting", page.plan.slug, saved.pk)
    return form_page(
        page,
        form,
        menu_key="meetings",
        title="Change this meeting" if meeting else "Add a meeting",
        button="Save" if meeting else "Add it",
        leave_url=page.url("oversight:meeting", meeting.pk)
        if meeting
        else page.url("oversight:meetings"),
        breadcrumbs=_breadcrumbs(page, meeting),
    )


@require_http_methods(["GET", "POST"])
def cancel_meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_page_today(request, slug)
    access.require(access.can_manage_meetings(page.access))
    meeting = _find(page, pk)
    refusal_text = ""
    if request.method == "POST":
        try:
            meetings.cancel_meeting(meeting=meeting)
        except ValidationError as refusal:
            refusal_text = " ".join(refusal.messages)
        else:
            messages.success(request, f"Cancelled: {meeting.body}, {_day(meeting.held_on)}.")
            return redirect("oversight:meetings", slug)
    return render(
        request,
        "oversight/cancel_meeting.html",
        {
            **page.context("meetings"),
            "breadcrumbs": _breadcrumbs(page, meeting),
            "name": f"{meeting.body}, {_day(meeting.held_on)}",
            "refusal_text": refusal_text,
            "leave_url": page.url("oversight:meeting", pk),
        },
        status=422 if refusal_text else 200,
    )
