"""Questions: their list, one with its answers, asking, answering and closing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from actions import access, questions
from actions.meetings import held_by
from actions.models import Area
from actions.oversight_forms import AnswerQuestionForm, AskForm, CloseQuestionForm
from actions.pages import formatting
from actions.pages.plan_page import Desk, UnusableAddress, open_plan
from actions.plan.editing_views import show_refusal
from actions.records.text_versions import worded
from kpis.decisions import decisions_of
from kpis.forms import grouped
from kpis.questions import Line, QuestionFilter, ask_on, questions_of, subjects_of

PER_PAGE = 25


@require_GET
def questions_list(request: HttpRequest, slug: str) -> HttpResponse:
    desk = open_plan(request, slug)
    areas = list(worded(Area, desk.worded_day, plan=desk.plan))
    form = QuestionFilter(request.GET, lines=questions_of(desk, areas=areas), areas=areas)
    shown = form.matching()
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "kpis/questions.html",
        {
            **desk.context("questions"),
            "form": form,
            "count_words": formatting.shown_words(len(shown), len(form.lines)),
            "is_narrowed": len(shown) < len(form.lines),
            "is_empty": not form.lines,
            "page": page,
            "numbers": page.paginator.get_elided_page_range(page.number),
            "ask_url": desk.url("kpis:ask_question") if _may_ask(desk) else "",
            "for_outside": not access.asks_for_herself(desk.access),
        },
        status=422 if form.errors else 200,
    )


def _may_ask(desk: Desk) -> bool:
    return desk.is_today and access.can_ask_question(desk.access)


@require_GET
def question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = open_plan(request, slug)
    line = _line(desk, pk)
    return render(
        request,
        "kpis/question.html",
        {
            **desk.context("questions"),
            "crumbs": _crumbs(desk),
            "line": line,
            "decisions": decisions_of(desk, Q(challenge=pk)),
            "answer_url": desk.url("kpis:answer_question", pk) if line.may_answer else "",
            "close_url": desk.url("kpis:close_question", pk) if line.may_close else "",
        },
    )


def _line(desk: Desk, pk: int) -> Line:
    """The question as at the desk's day; 404 for none of this plan, or asked later."""
    lines = questions_of(desk, Q(pk=pk))
    if not lines:
        raise Http404
    return lines[0]


def _crumbs(desk: Desk, line: Line | None = None) -> list[formatting.Crumb]:
    crumbs = [formatting.Crumb("Questions", desk.url("kpis:questions"))]
    if line:
        crumbs.append(formatting.Crumb(line.on.ref_words, line.url))
    return crumbs


# --- Writing ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def ask_question(request: HttpRequest, slug: str) -> HttpResponse:
    """About anything in the plan; `?on=commitment:1.1.1a` chooses it beforehand."""
    desk = _open_today(request, slug)
    access.require(access.can_ask_question(desk.access))
    subjects = subjects_of(desk)
    herself = access.asks_for_herself(desk.access)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        subjects=grouped(subjects),
        meetings=held_by(desk.plan, desk.today),
        may_be_outside=desk.access.is_officer,
        must_be_outside=not herself,
        initial={"on": request.GET.get("on", ""), "meeting": request.GET.get("meeting", "")},
    )
    if form.is_valid():
        answers = dict(form.cleaned_data)
        key = answers.pop("on")
        subject = next(one for one in subjects if one.key == key)
        try:
            asked = ask_on(subject, by=desk.access.user, today=desk.today, **answers)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"The question is on record: {subject.short}.")
            return redirect("kpis:question", slug, asked.pk)
    return _form_page(
        desk,
        form,
        title="Ask a question" if herself else "Record a question from outside",
        button="Ask it" if herself else "Record it",
        leave_url=desk.url("kpis:questions"),
        crumbs=_crumbs(desk),
    )


@require_http_methods(["GET", "POST"])
def answer_question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = _open_today(request, slug)
    line = _line(desk, pk)
    access.require(line.answers_it)
    if not line.is_open and request.method == "GET":
        return _closed_already(desk, line)
    form = AnswerQuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            questions.answer(question=line.question, by=desk.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Your answer is on record.")
            return redirect("kpis:question", slug, pk)
    return _form_page(
        desk,
        form,
        title="Answer this question",
        button="Send the answer",
        leave_url=line.url,
        crumbs=_crumbs(desk, line),
        line=line,
    )


@require_http_methods(["GET", "POST"])
def close_question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = _open_today(request, slug)
    line = _line(desk, pk)
    asked = line.question
    by_whom: dict[str, Any] = {"author": asked.by_id, "is_outside": bool(asked.asked_by)}
    access.require(line.closes_it)
    if not line.is_open and request.method == "GET":
        return _closed_already(desk, line)
    needs_meeting = access.closes_in_a_meeting(desk.access, **by_whom)
    form = CloseQuestionForm(
        request.POST if request.method == "POST" else None,
        meetings=held_by(desk.plan, desk.today),
        needs_meeting=needs_meeting,
    )
    if form.is_valid():
        try:
            questions.close(
                question=asked,
                by=desk.access.user,
                today=desk.today,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The question is closed.")
            return redirect("kpis:question", slug, pk)
    return _form_page(
        desk,
        form,
        title="Close this question",
        button="Close it",
        leave_url=line.url,
        crumbs=_crumbs(desk, line),
        line=line,
    )


def _closed_already(desk: Desk, line: Line) -> HttpResponse:
    messages.info(desk.request, f"This question is {line.state_words}.")
    return redirect(line.url)


def _form_page(
    desk: Desk,
    form: Any,
    *,
    title: str,
    button: str,
    leave_url: str,
    crumbs: list[formatting.Crumb],
    line: Line | None = None,
) -> HttpResponse:
    return render(
        desk.request,
        "kpis/oversight_form.html",
        {
            **desk.context("questions"),
            "crumbs": crumbs,
            "form": form,
            "title": title,
            "button": button,
            "leave_url": leave_url,
            "line": line,
        },
        status=422 if form.errors else 200,
    )


def _open_today(request: HttpRequest, slug: str) -> Desk:
    """The desk for a write, which is of today: who leads on another day has no say now."""
    desk = open_plan(request, slug)
    if not desk.is_today:
        raise UnusableAddress("Questions are asked and answered as of today, not another day.")
    return desk
