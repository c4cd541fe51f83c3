"""Review meetings with DfE and NHS England, and what was asked for in them."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.forms.refusals import show_refusal
from actions.kept_pages import kept_page
from actions.pages import formatting
from actions.pages.plan_page import PlanPage, get_page_today, get_plan_page
from actions.plan import editing
from actions.plan.editing_views import conflict_lines, merged
from actions.records.text_versions import worded
from wsoa.oversight.forms import ReviewActionForm, ReviewForm, people_of
from wsoa.oversight.models import ReviewAction, ReviewMeeting
from wsoa.oversight.reviews import reviews


@require_GET
@kept_page()
def reviews_list(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    review_meetings = worded(ReviewMeeting, page.worded_day, plan=page.plan)
    review_actions: dict[int, list[Any]] = defaultdict(list)
    for action in worded(ReviewAction, page.worded_day, meeting__plan=page.plan).select_related(
        "owner"
    ):
        review_actions[action.meeting_id].append(action)
    may_keep = page.is_today and access.can_manage_reviews(page.access)
    newest_first = sorted(
        review_meetings, key=lambda review: (review.held_on, review.key), reverse=True
    )
    return render(
        request,
        "oversight/reviews.html",
        {
            **page.context("reviews"),
            "breadcrumbs": [formatting.Breadcrumb("Meetings", page.url("oversight:meetings"))],
            "reviews": [
                _review(page, review, review_actions[review.key], may_keep=may_keep)
                for review in newest_first
            ],
            "add_url": page.url("oversight:add_review") if may_keep else "",
        },
    )


def _review(
    page: PlanPage, review: Any, review_actions: list[Any], *, may_keep: bool
) -> dict[str, Any]:
    review_actions = sorted(review_actions, key=lambda action: (action.position, action.key))
    due = review.evidence_due_on
    # Of one to come on the day shown, nothing was said yet.
    is_told = page.is_today or review.held_on <= page.day
    return {
        "held_text": formatting.day_text(review.held_on),
        "advisers": review.advisers,
        "evidence_due": f"Evidence due {formatting.short_day(due)}" if due else "",
        "feedback": review.feedback if is_told else "",
        "actions": [_action(page, review, action, may_keep=may_keep) for action in review_actions]
        if is_told
        else [],
        "edit_url": page.url("oversight:edit_review", review.key) if may_keep else "",
        "add_ask_url": page.url("oversight:add_review_ask", review.key) if may_keep else "",
    }


def _action(page: PlanPage, review: Any, action: Any, *, may_keep: bool) -> dict[str, Any]:
    about = []
    if action.owner:
        about.append(action.owner.name)
    if action.due_on:
        about.append(f"due {formatting.short_day(action.due_on)}")
    is_answered = action.answered_on is not None and action.answered_on <= page.day
    is_overdue = action.due_on is not None and not is_answered and action.due_on < page.still_on
    return {
        "text": action.text,
        "about": ", ".join(about),
        "answer": action.answer if is_answered else "",
        "answered_text": formatting.short_day(action.answered_on) if is_answered else "",
        "chip": formatting.Chip("clock", "Answer overdue") if is_overdue else None,
        "edit_url": page.url("oversight:edit_review_ask", review.key, action.key)
        if may_keep
        else "",
    }


@require_http_methods(["GET", "POST"])
def add_review(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit_review(_open(request, slug), None)


@require_http_methods(["GET", "POST"])
def edit_review(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = _open(request, slug)
    return _edit_review(page, _find(page, pk))


def _edit_review(page: PlanPage, review: ReviewMeeting | None) -> HttpResponse:
    def form_of(data: Any, initial: dict[str, Any]) -> ReviewForm:
        return ReviewForm(data, initial=initial)

    def save(values: dict[str, Any], shown: str) -> None:
        reviews.save_review(plan=page.plan, review=review, values=values, shown=shown)

    return _edit(
        page,
        form_of,
        save,
        row=review,
        title="Edit this review meeting" if review else "Add a review meeting",
        done="The review meeting is saved.",
    )


@require_http_methods(["GET", "POST"])
def add_review_ask(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    page = _open(request, slug)
    return _edit_action(page, _find(page, pk), None)


@require_http_methods(["GET", "POST"])
def edit_review_ask(request: HttpRequest, slug: str, pk: int, ask: int) -> HttpResponse:
    page = _open(request, slug)
    review = _find(page, pk)
    action = ReviewAction.objects.filter(meeting=review, pk=ask).first()
    if action is None:
        raise Http404
    return _edit_action(page, review, action)


def _edit_action(
    page: PlanPage, review: ReviewMeeting, action: ReviewAction | None
) -> HttpResponse:
    def form_of(data: Any, initial: dict[str, Any]) -> ReviewActionForm:
        return ReviewActionForm(data, people=people_of(page.plan), initial=initial)

    def save(values: dict[str, Any], shown: str) -> None:
        reviews.save_review_action(
            review=review, action=action, values=values, shown=shown, today=timezone.localdate()
        )

    return _edit(
        page,
        form_of,
        save,
        row=action,
        title="Edit what was asked for" if action else "Add what was asked for",
        done="That is saved.",
    )


def _edit(
    page: PlanPage,
    form_of: Any,
    save: Any,
    *,
    row: ReviewMeeting | ReviewAction | None,
    title: str,
    done: str,
) -> HttpResponse:
    """A form; where somebody saved meanwhile, their words stand beside it, nothing is written."""
    request = page.request
    initial = reviews.read(row) if row else {}
    form = form_of(request.POST if request.method == "POST" else None, initial)
    conflict = None
    if form.is_valid():
        try:
            save(form.cleaned_data, request.POST.get("version", ""))
        except editing.Conflict as raised:
            conflict = raised
            initial = {**initial, **raised.now}
            form = form_of(merged(request, form, raised), initial)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("oversight:reviews", page.plan.slug)
    return render(
        request,
        "oversight/edit_review.html",
        {
            **page.context("reviews"),
            "breadcrumbs": [
                formatting.Breadcrumb("Meetings", page.url("oversight:meetings")),
                formatting.Breadcrumb("Review meetings", page.url("oversight:reviews")),
            ],
            "title": title,
            "form": form,
            "marks": editing.marks_of(initial),
            "conflicts": conflict_lines(form, conflict) if conflict else [],
            "leave_url": page.url("oversight:reviews"),
        },
        status=409 if conflict else 422 if form.errors else 200,
    )


def _open(request: HttpRequest, slug: str) -> PlanPage:
    page = get_page_today(request, slug)
    access.require(access.can_manage_reviews(page.access))
    return page


def _find(page: PlanPage, pk: int) -> ReviewMeeting:
    review = ReviewMeeting.objects.filter(plan=page.plan, pk=pk).select_related("plan").first()
    if review is None:
        raise Http404
    return review
