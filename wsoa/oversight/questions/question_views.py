"""Questions: their list, one with its answers, asking, answering and closing."""

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
from actions.models import Area
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today, get_plan_page
from actions.records.text_versions import worded
from wsoa.oversight.decisions.decision_list import decisions_of
from wsoa.oversight.form_page import PER_PAGE, form_page
from wsoa.oversight.forms import AnswerQuestionForm, AskForm, CloseQuestionForm
from wsoa.oversight.meetings.meetings import held_by
from wsoa.oversight.questions import questions
from wsoa.oversight.questions.question_list import (
    QuestionFilter,
    QuestionItem,
    questions_of,
)
from wsoa.oversight.subjects import grouped, subjects_where


@require_GET
@kept_page()
def questions_list(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    areas = list(worded(Area, page.worded_day, plan=page.plan))
    form = QuestionFilter(request.GET, items=questions_of(page, areas=areas), areas=areas)
    shown = form.matching()
    page_of_questions = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "oversight/questions.html",
        {
            **page.context("questions"),
            "form": form,
            "count_text": formatting.shown_text(len(shown), len(form.all_items)),
            "is_narrowed": len(shown) < len(form.all_items),
            "is_empty": not form.all_items,
            "page": page_of_questions,
            "numbers": page_of_questions.paginator.get_elided_page_range(page_of_questions.number),
            "ask_url": page.url("oversight:ask_question") if _may_ask(page) else "",
            "for_outside": not access.asks_personally(page.access),
        },
        status=422 if form.errors else 200,
    )


def _may_ask(page: PlanPage) -> bool:
    return page.is_today and access.can_ask_question(page.access)


@require_GET
@kept_page()
def question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_plan_page(request, slug)
    item = _find_item(page, pk)
    return render(
        request,
        "oversight/question.html",
        {
            **page.context("questions"),
            "breadcrumbs": _breadcrumbs(page),
            "line": item,
            "decisions": decisions_of(page, Q(challenge=pk)),
            "answer_url": page.url("oversight:answer_question", pk) if item.may_answer else "",
            "close_url": page.url("oversight:close_question", pk) if item.may_close else "",
        },
    )


def _find_item(page: PlanPage, pk: int) -> QuestionItem:
    """The question as at the page's day; 404 for none of this plan, or asked later."""
    items = questions_of(page, Q(pk=pk))
    if not items:
        raise Http404
    return items[0]


def _breadcrumbs(page: PlanPage, item: QuestionItem | None = None) -> list[formatting.Breadcrumb]:
    breadcrumbs = [formatting.Breadcrumb("Questions", page.url("oversight:questions"))]
    if item:
        breadcrumbs.append(formatting.Breadcrumb(item.on.ref_text, item.url))
    return breadcrumbs


# --- Writing ----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def ask_question(request: HttpRequest, slug: str) -> HttpResponse:
    """About anything in the plan; `?on=commitment:1.1.1a` chooses it beforehand."""
    page = get_page_today(request, slug)
    access.require(access.can_ask_question(page.access))
    subjects = subjects_where(page)
    asks_personally = access.asks_personally(page.access)
    form = AskForm(
        request.POST if request.method == "POST" else None,
        subjects=grouped(subjects),
        meetings=held_by(page.plan, page.today),
        may_be_outside=page.access.is_officer,
        must_be_outside=not asks_personally,
        initial={"on": request.GET.get("on", ""), "meeting": request.GET.get("meeting", "")},
    )
    if form.is_valid():
        answers = dict(form.cleaned_data)
        key = answers.pop("on")
        subject = next(subject for subject in subjects if subject.key == key)
        try:
            new_question = questions.ask(
                plan=page.plan,
                by=page.access.user,
                today=page.today,
                **subject.about,
                **answers,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"The question is on record: {subject.ref_text}.")
            return redirect("oversight:question", slug, new_question.pk)
    return form_page(
        page,
        form,
        menu_key="questions",
        title="Ask a question" if asks_personally else "Record a question from outside",
        button="Ask it" if asks_personally else "Record it",
        leave_url=page.url("oversight:questions"),
        breadcrumbs=_breadcrumbs(page),
    )


@require_http_methods(["GET", "POST"])
def answer_question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_page_today(request, slug)
    item = _find_item(page, pk)
    access.require(item.answers_it)
    if not item.is_open and request.method == "GET":
        return _closed_already(page, item)
    form = AnswerQuestionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            questions.answer(question=item.question, by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Your answer is on record.")
            return redirect("oversight:question", slug, pk)
    return form_page(
        page,
        form,
        menu_key="questions",
        title="Answer this question",
        button="Send the answer",
        leave_url=item.url,
        breadcrumbs=_breadcrumbs(page, item),
        line=item,
    )


@require_http_methods(["GET", "POST"])
def close_question(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_page_today(request, slug)
    item = _find_item(page, pk)
    question = item.question
    by_whom: dict[str, Any] = {"author": question.by_id, "is_outside": bool(question.asked_by)}
    access.require(item.closes_it)
    if not item.is_open and request.method == "GET":
        return _closed_already(page, item)
    needs_meeting = access.closes_in_a_meeting(page.access, **by_whom)
    form = CloseQuestionForm(
        request.POST if request.method == "POST" else None,
        meetings=held_by(page.plan, page.today),
        needs_meeting=needs_meeting,
    )
    if form.is_valid():
        try:
            questions.close(
                question=question,
                by=page.access.user,
                today=page.today,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The question is closed.")
            return redirect("oversight:question", slug, pk)
    return form_page(
        page,
        form,
        menu_key="questions",
        title="Close this question",
        button="Close it",
        leave_url=item.url,
        breadcrumbs=_breadcrumbs(page, item),
        line=item,
    )


def _closed_already(page: PlanPage, item: QuestionItem) -> HttpResponse:
    messages.info(page.request, f"This question is {item.state_text}.")
    return redirect(item.url)
