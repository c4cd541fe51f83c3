"""Decisions: their list, recording one, and saying that one is done."""

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
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today, get_plan_page
from wsoa.oversight.decisions import decisions
from wsoa.oversight.decisions.decision_list import DecisionFilter, decisions_of
from wsoa.oversight.form_page import PER_PAGE, form_page
from wsoa.oversight.forms import DecisionDoneForm, DecisionForm, people_of
from wsoa.oversight.meetings import meetings
from wsoa.oversight.models import Challenge
from wsoa.oversight.models.questions import open_on
from wsoa.oversight.subjects import grouped, short_label, subjects_where


@require_GET
@kept_page()
def decisions_list(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    form = DecisionFilter(request.GET, items=decisions_of(page))
    shown = form.matching()
    page_of_decisions = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    may_record = page.is_today and access.can_record_decision(page.access)
    return render(
        request,
        "oversight/decisions.html",
        {
            **page.context("decisions"),
            "form": form,
            "count_text": formatting.shown_text(len(shown), len(form.all_items)),
            "is_narrowed": len(shown) < len(form.all_items),
            "is_empty": not form.all_items,
            "page": page_of_decisions,
            "numbers": page_of_decisions.paginator.get_elided_page_range(page_of_decisions.number),
            "record_url": page.url("oversight:record_decision") if may_record else "",
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def record_decision(request: HttpRequest, slug: str) -> HttpResponse:
    """`?meeting=` and `?about=` choose beforehand."""
    page = get_page_today(request, slug)
    access.require(access.can_record_decision(page.access))
    subjects, groups = _abouts(page)
    form = DecisionForm(
        request.POST if request.method == "POST" else None,
        meetings=meetings.held_by(page.plan, page.today),
        people=people_of(page.plan),
        about=groups,
        initial={name: request.GET.get(name, "") for name in ("meeting", "about")},
    )
    if form.is_valid():
        answers = dict(form.cleaned_data)
        about = subjects.get(answers.pop("about"), {})
        try:
            decided = decisions.record_decision(
                plan=page.plan, by=page.access.user, today=page.today, **answers, **about
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The decision is on record.")
            return redirect("oversight:meeting", slug, decided.meeting_id)
    return form_page(
        page,
        form,
        menu_key="meetings",
        title="Record a decision",
        button="Record it",
        leave_url=page.url("oversight:decisions"),
        breadcrumbs=[formatting.Breadcrumb("Decisions", page.url("oversight:decisions"))],
        words="What the group decided stays open until it is done, where it has an owner.",
    )


def _abouts(page: PlanPage) -> tuple[dict[str, dict[str, Any]], list[Any]]:
    """What a decision can be about: by key, as the verb takes it; and as choices in groups."""
    open_questions = Challenge.objects.filter(open_on(page.day), plan=page.plan).select_related(
        "plan", "commitment", "area", "kpi"
    )
    questions = {
        f"question:{question.pk}": question for question in open_questions.order_by("effective_at")
    }
    offered = subjects_where(page)
    abouts: dict[str, dict[str, Any]] = {subject.key: subject.about for subject in offered}
    abouts |= {key: {"question": question} for key, question in questions.items()}
    groups = grouped(offered)
    if questions:
        choices = [(key, short_label(question.text)) for key, question in questions.items()]
        groups = [("Open questions", choices), *groups]
    return abouts, groups


@require_http_methods(["GET", "POST"])
def finish_decision(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = get_page_today(request, slug)
    item = next(iter(decisions_of(page, Q(pk=pk))), None)
    if item is None:
        raise Http404
    access.require(access.can_finish_decision(page.access, owner=item.owner_user))
    if not item.is_open and request.method == "GET":
        messages.info(request, f"This decision is {item.state_text}.")
        return redirect("oversight:decisions", slug)
    form = DecisionDoneForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            decisions.finish_decision(
                decision=item.decision,
                by=page.access.user,
                today=page.today,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "The decision is done.")
            return redirect("oversight:decisions", slug)
    return form_page(
        page,
        form,
        menu_key="meetings",
        title="Mark as done",
        button="Mark as done",
        leave_url=page.url("oversight:decisions"),
        breadcrumbs=[formatting.Breadcrumb("Decisions", page.url("oversight:decisions"))],
        decision=item,
    )
