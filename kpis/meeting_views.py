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

from actions import access, decisions, meetings
from actions.forms import MeetingForm
from actions.models import Area, Challenge, ChangeDecision, Commitment, Meeting
from actions.oversight_forms import (
    DecisionDoneForm,
    DecisionForm,
    bodies_of,
    people_of,
)
from actions.pages import formatting
from actions.pages.plan_page import Desk, UnusableAddress, open_plan
from actions.plan.editing_views import show_refusal
from actions.questions import open_on
from actions.rules.dates import end_of_day
from kpis.decisions import DecisionFilter, Line, decisions_of
from kpis.forms import grouped, short
from kpis.questions import questions_of
from kpis.risks import subjects_where

PER_PAGE = 25

# --- Meetings ---------------------------------------------------------------------------------


@require_GET
def meetings_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Those to come, the next first, then those held, the last first."""
    desk = open_plan(request, slug)
    found = list(Meeting.objects.filter(plan=desk.plan).select_related("body"))
    ahead = [one for one in found if one.held_on >= desk.day]
    held = sorted(
        (one for one in found if one.held_on < desk.day),
        key=lambda one: one.held_on,
        reverse=True,
    )
    page = Paginator(held, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "kpis/meetings.html",
        {
            **desk.context("meetings"),
            "ahead": [_meeting_line(desk, one) for one in ahead],
            "held": [_meeting_line(desk, one) for one in page],
            "page": page,
            "numbers": page.paginator.get_elided_page_range(page.number),
            "add_url": desk.url("kpis:add_meeting") if _may_keep(desk) else "",
            "decisions_url": desk.url("kpis:decisions"),
            "reviews_url": desk.url("actions:reviews"),
        },
    )


def _meeting_line(desk: Desk, meeting: Meeting) -> dict[str, Any]:
    return {
        "body": meeting.body.name,
        "held_words": formatting.day_words(meeting.held_on),
        "papers_words": _papers_words(desk, meeting),
        "url": desk.url("kpis:meeting", meeting.pk),
    }


def _papers_words(desk: Desk, meeting: Meeting) -> str:
    """`Papers due 3 May 2022, in 4 working days`; of a past meeting the day alone."""
    due = meeting.papers_due_on
    words = f"Papers due {formatting.short_day(due)}"
    if meeting.held_on < desk.day:
        return words
    if due < desk.day:
        return f"{words}, which has passed"
    if due == desk.day:
        return f"{words}, today"
    left = meetings.working_days_left(desk.day, due, desk.history.holidays)
    return f"{words}, in {formatting.plural(left, 'working day')}" if left else words


def _may_keep(desk: Desk) -> bool:
    return desk.is_today and access.can_keep_meetings(desk.access)


@require_GET
def meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What was asked, decided and closed in one meeting."""
    desk = open_plan(request, slug)
    found = _find(desk, pk)
    questions = questions_of(desk, Q(meeting=pk) | Q(closing__meeting=pk))
    decided = decisions_of(desk, Q(meeting=pk))
    changes = _changes(desk, pk)
    may_keep = _may_keep(desk)
    is_held = found.held_on <= desk.day
    may_decide = desk.is_today and is_held and access.can_record_decision(desk.access)
    may_ask = desk.is_today and is_held and access.can_ask_question(desk.access)
    is_on_record = bool(questions or decided or changes)
    return render(
        request,
        "kpis/meeting.html",
        {
            **desk.context("meetings"),
            "crumbs": _crumbs(desk),
            "title": found.body.name,
            "held_words": formatting.day_words(found.held_on),
            "is_held": is_held,
            "facts": [
                formatting.Pair("Held" if found.held_on < desk.day else "Day", _day(found.held_on)),
                formatting.Pair("Papers", _papers_words(desk, found).removeprefix("Papers ")),
            ],
            "asked": [line for line in questions if line.question.meeting_id == pk],
            "closed": [
                line
                for line in questions
                if line.closed_on and line.question.closing.meeting_id == pk
            ],
            "decisions": decided,
            "changes": changes,
            "decide_url": f"{desk.url('kpis:record_decision')}?meeting={pk}" if may_decide else "",
            "ask_url": f"{desk.url('kpis:ask_question')}?meeting={pk}" if may_ask else "",
            "edit_url": desk.url("kpis:edit_meeting", pk) if may_keep else "",
            "cancel_url": desk.url("kpis:cancel_meeting", pk)
            if may_keep and not is_on_record
            else "",
        },
    )


def _day(day: date) -> str:
    return formatting.short_day(day)


def _find(desk: Desk, pk: int) -> Meeting:
    found = Meeting.objects.filter(plan=desk.plan, pk=pk).select_related("body", "plan").first()
    if found is None:
        raise Http404
    return found


def _crumbs(desk: Desk, found: Meeting | None = None) -> list[formatting.Crumb]:
    crumbs = [formatting.Crumb("Meetings", desk.url("kpis:meetings"))]
    if found:
        words = f"{found.body}, {_day(found.held_on)}"
        crumbs.append(formatting.Crumb(words, desk.url("kpis:meeting", found.pk)))
    return crumbs


def _changes(desk: Desk, meeting: int) -> list[dict[str, str]]:
    """The asks for a change that were decided in a meeting. One query."""
    found = (
        ChangeDecision.objects.filter(meeting=meeting, effective_at__lt=end_of_day(desk.day))
        .select_related("request__commitment", "request__on_kpi__kpi", "minute")
        .order_by("effective_at", "recorded_at")
    )
    lines = []
    for decision in found:
        asked = decision.request
        measured = getattr(asked, "on_kpi", None)
        if measured is not None:
            on, url = f"KPI {measured.kpi.code}", desk.url("kpis:kpi", measured.kpi.code)
        else:
            assert asked.commitment is not None
            on, url = asked.commitment.ref, desk.url("kpis:commitment", asked.commitment.ref)
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
    return _edit(_open_today(request, slug), None)


@require_http_methods(["GET", "POST"])
def edit_meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = _open_today(request, slug)
    return _edit(desk, _find(desk, pk))


def _edit(desk: Desk, found: Meeting | None) -> HttpResponse:
    access.require(access.can_keep_meetings(desk.access))
    request = desk.request
    form = MeetingForm(
        request.POST if request.method == "POST" else None,
        bodies=bodies_of(desk.plan),
        initial={name: getattr(found, name) for name in ("body", "held_on", "papers_due_on")}
        if found
        else {},
    )
    if form.is_valid():
        try:
            saved = meetings.save_meeting(plan=desk.plan, meeting=found, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The meeting is saved." if found else "The meeting is added.")
            return redirect("kpis:meeting", desk.plan.slug, saved.pk)
    return _form_page(
        desk,
        form,
        title="Change this meeting" if found else "Add a meeting",
        button="Save" if found else "Add it",
        leave_url=desk.url("kpis:meeting", found.pk) if found else desk.url("kpis:meetings"),
        crumbs=_crumbs(desk, found),
        words="",
    )


@require_http_methods(["GET", "POST"])
def cancel_meeting(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = _open_today(request, slug)
    access.require(access.can_keep_meetings(desk.access))
    found = _find(desk, pk)
    refusal_words = ""
    if request.method == "POST":
        try:
            meetings.cancel_meeting(meeting=found)
        except ValidationError as refusal:
            refusal_words = " ".join(refusal.messages)
        else:
            messages.success(request, f"Cancelled: {found.body}, {_day(found.held_on)}.")
            return redirect("kpis:meetings", slug)
    return render(
        request,
        "kpis/cancel_meeting.html",
        {
            **desk.context("meetings"),
            "crumbs": _crumbs(desk, found),
            "name": f"{found.body}, {_day(found.held_on)}",
            "refusal_words": refusal_words,
            "leave_url": desk.url("kpis:meeting", pk),
        },
        status=422 if refusal_words else 200,
    )


# --- Decisions --------------------------------------------------------------------------------


@require_GET
def decisions_list(request: HttpRequest, slug: str) -> HttpResponse:
    desk = open_plan(request, slug)
    form = DecisionFilter(request.GET, lines=decisions_of(desk))
    shown = form.matching()
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    may_record = desk.is_today and access.can_record_decision(desk.access)
    return render(
        request,
        "kpis/decisions.html",
        {
            **desk.context("decisions"),
            "form": form,
            "count_words": formatting.shown_words(len(shown), len(form.lines)),
            "is_narrowed": len(shown) < len(form.lines),
            "is_empty": not form.lines,
            "page": page,
            "numbers": page.paginator.get_elided_page_range(page.number),
            "record_url": desk.url("kpis:record_decision") if may_record else "",
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def record_decision(request: HttpRequest, slug: str) -> HttpResponse:
    """`?meeting=` and `?about=` choose beforehand."""
    desk = _open_today(request, slug)
    access.require(access.can_record_decision(desk.access))
    subjects, groups = _abouts(desk)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        meetings=meetings.held_by(desk.plan, desk.today),
        people=people_of(desk.plan),
        about=groups,
        initial={name: request.GET.get(name, "") for name in ("meeting", "about")},
    )
    if form.is_valid():
        answers = dict(form.cleaned_data)
        about = subjects.get(answers.pop("about"), {})
        try:
            decided = decisions.record_decision(
                plan=desk.plan, by=desk.access.user, today=desk.today, **answers, **about
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The decision is on record.")
            return redirect("kpis:meeting", slug, decided.meeting_id)
    return _form_page(
        desk,
        form,
        title="Record a decision",
        button="Record it",
        leave_url=desk.url("kpis:decisions"),
        crumbs=[formatting.Crumb("Decisions", desk.url("kpis:decisions"))],
        words="What the group decided stays open until it is done, where it has an owner.",
    )


def _abouts(desk: Desk) -> tuple[dict[str, dict[str, Any]], list[Any]]:
    """What a decision can be about: by key, as the verb takes it; and as choices in groups."""
    asked = Challenge.objects.filter(open_on(desk.day), plan=desk.plan).select_related(
        "plan", "commitment", "area"
    )
    questions = {f"question:{one.pk}": one for one in asked.order_by("effective_at")}
    offered = [
        one
        for one in subjects_where(
            desk, lambda areas, state: state is None or not state.is_withdrawn
        )
        if isinstance(one.on, Area | Commitment)
    ]
    found: dict[str, dict[str, Any]] = {
        one.key: {"area" if isinstance(one.on, Area) else "commitment": one.on} for one in offered
    }
    found |= {key: {"question": one} for key, one in questions.items()}
    groups = grouped(offered)
    if questions:
        choices = [(key, short(one.text)) for key, one in questions.items()]
        groups = [("Open questions", choices), *groups]
    return found, groups


@require_http_methods(["GET", "POST"])
def finish_decision(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = _open_today(request, slug)
    found = next(iter(decisions_of(desk, Q(pk=pk))), None)
    if found is None:
        raise Http404
    owner = found.decision.owner
    access.require(access.can_finish_decision(desk.access, owner=owner.user_id if owner else None))
    if not found.is_open and request.method == "GET":
        messages.info(request, f"This decision is {found.state_words}.")
        return redirect("kpis:decisions", slug)
    form = DecisionDoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decisions.finish_decision(
                decision=found.decision,
                by=desk.access.user,
                today=desk.today,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The decision is done.")
            return redirect("kpis:decisions", slug)
    return _form_page(
        desk,
        form,
        title="Mark as done",
        button="Mark as done",
        leave_url=desk.url("kpis:decisions"),
        crumbs=[formatting.Crumb("Decisions", desk.url("kpis:decisions"))],
        words="",
        decision=found,
    )


def _form_page(
    desk: Desk,
    form: Any,
    *,
    title: str,
    button: str,
    leave_url: str,
    crumbs: list[formatting.Crumb],
    words: str,
    decision: Line | None = None,
) -> HttpResponse:
    return render(
        desk.request,
        "kpis/oversight_form.html",
        {
            **desk.context("meetings"),
            "crumbs": crumbs,
            "form": form,
            "title": title,
            "button": button,
            "words": words,
            "decision": decision,
            "leave_url": leave_url,
        },
        status=422 if form.errors else 200,
    )


def _open_today(request: HttpRequest, slug: str) -> Desk:
    desk = open_plan(request, slug)
    if not desk.is_today:
        raise UnusableAddress("This is recorded as of today, not as at another day.")
    return desk
