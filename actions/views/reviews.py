"""Review meetings with DfE and NHS England, and what was asked for in them."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from actions import access, reviews
from actions.models import ReviewAsk, ReviewMeeting
from actions.oversight_forms import ReviewAskForm, ReviewForm, people_of
from actions.pages import formatting
from actions.pages.plan_page import Desk, UnusableAddress, open_plan
from actions.plan import editing
from actions.plan.editing_views import conflict_lines, merged, show_refusal
from actions.records.text_versions import worded


@require_GET
def reviews_list(request: HttpRequest, slug: str) -> HttpResponse:
    desk = open_plan(request, slug)
    found = worded(ReviewMeeting, desk.worded_day, plan=desk.plan)
    asks: dict[int, list[Any]] = defaultdict(list)
    for ask in worded(ReviewAsk, desk.worded_day, meeting__plan=desk.plan).select_related("owner"):
        asks[ask.meeting_id].append(ask)
    may_keep = desk.is_today and access.can_keep_reviews(desk.access)
    newest_first = sorted(found, key=lambda review: (review.held_on, review.key), reverse=True)
    return render(
        request,
        "actions/reviews.html",
        {
            **desk.context("reviews"),
            "crumbs": [formatting.Crumb("Meetings", desk.url("kpis:meetings"))],
            "reviews": [
                _review(desk, one, asks[one.key], may_keep=may_keep) for one in newest_first
            ],
            "add_url": desk.url("actions:add_review") if may_keep else "",
        },
    )


def _review(desk: Desk, review: Any, asks: list[Any], *, may_keep: bool) -> dict[str, Any]:
    asks = sorted(asks, key=lambda ask: (ask.position, ask.key))
    due = review.evidence_due_on
    # Of one to come on the day shown, nothing was said yet.
    is_told = desk.is_today or review.held_on <= desk.day
    return {
        "held_words": formatting.day_words(review.held_on),
        "advisers": review.advisers,
        "evidence_words": f"Evidence due {formatting.short_day(due)}" if due else "",
        "feedback": review.feedback if is_told else "",
        "asks": [_ask(desk, review, ask, may_keep=may_keep) for ask in asks] if is_told else [],
        "edit_url": desk.url("actions:edit_review", review.key) if may_keep else "",
        "add_ask_url": desk.url("actions:add_review_ask", review.key) if may_keep else "",
    }


def _ask(desk: Desk, review: Any, ask: Any, *, may_keep: bool) -> dict[str, Any]:
    about = []
    if ask.owner:
        about.append(ask.owner.name)
    if ask.due_on:
        about.append(f"due {formatting.short_day(ask.due_on)}")
    is_answered = ask.answered_on is not None and ask.answered_on <= desk.day
    is_overdue = ask.due_on is not None and not is_answered and ask.due_on < desk.still_on
    return {
        "text": ask.text,
        "about": ", ".join(about),
        "answer": ask.answer if is_answered else "",
        "answered_words": formatting.short_day(ask.answered_on) if is_answered else "",
        "chip": formatting.Chip("clock", "Answer overdue") if is_overdue else None,
        "edit_url": desk.url("actions:edit_review_ask", review.key, ask.key) if may_keep else "",
    }


@require_http_methods(["GET", "POST"])
def add_review(request: HttpRequest, slug: str) -> HttpResponse:
    return _edit_review(_open(request, slug), None)


@require_http_methods(["GET", "POST"])
def edit_review(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = _open(request, slug)
    return _edit_review(desk, _find(desk, pk))


def _edit_review(desk: Desk, review: ReviewMeeting | None) -> HttpResponse:
    def form_of(data: Any, said: dict[str, Any]) -> ReviewForm:
        return ReviewForm(data, initial=said)

    def save(values: dict[str, Any], shown: str) -> None:
        reviews.save_review(plan=desk.plan, review=review, values=values, shown=shown)

    return _edit(
        desk,
        form_of,
        save,
        row=review,
        title="Edit this review meeting" if review else "Add a review meeting",
        done="The review meeting is saved.",
    )


@require_http_methods(["GET", "POST"])
def add_review_ask(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    desk = _open(request, slug)
    return _edit_ask(desk, _find(desk, pk), None)


@require_http_methods(["GET", "POST"])
def edit_review_ask(request: HttpRequest, slug: str, pk: int, ask: int) -> HttpResponse:
    desk = _open(request, slug)
    review = _find(desk, pk)
    found = ReviewAsk.objects.filter(meeting=review, pk=ask).first()
    if found is None:
        raise Http404
    return _edit_ask(desk, review, found)


def _edit_ask(desk: Desk, review: ReviewMeeting, ask: ReviewAsk | None) -> HttpResponse:
    def form_of(data: Any, said: dict[str, Any]) -> ReviewAskForm:
        return ReviewAskForm(data, people=people_of(desk.plan), initial=said)

    def save(values: dict[str, Any], shown: str) -> None:
        reviews.save_ask(
            review=review, ask=ask, values=values, shown=shown, today=timezone.localdate()
        )

    return _edit(
        desk,
        form_of,
        save,
        row=ask,
        title="Edit what was asked for" if ask else "Add what was asked for",
        done="That is saved.",
    )


def _edit(
    desk: Desk,
    form_of: Any,
    save: Any,
    *,
    row: ReviewMeeting | ReviewAsk | None,
    title: str,
    done: str,
) -> HttpResponse:
    """A form; where somebody saved meanwhile, their words stand beside it, nothing is written."""
    request = desk.request
    said = reviews.read(row) if row else {}
    form = form_of(request.POST if request.method == "POST" else None, said)
    conflict = None
    if form.is_valid():
        try:
            save(form.cleaned_data, request.POST.get("version", ""))
        except editing.Conflict as found:
            conflict = found
            said = {**said, **found.now}
            form = form_of(merged(request, form, found), said)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, done)
            return redirect("actions:reviews", desk.plan.slug)
    return render(
        request,
        "actions/edit_review.html",
        {
            **desk.context("reviews"),
            "crumbs": [
                formatting.Crumb("Meetings", desk.url("kpis:meetings")),
                formatting.Crumb("Review meetings", desk.url("actions:reviews")),
            ],
            "title": title,
            "form": form,
            "marks": editing.marks_of(said),
            "conflicts": conflict_lines(form, conflict) if conflict else [],
            "leave_url": desk.url("actions:reviews"),
        },
        status=409 if conflict else 422 if form.errors else 200,
    )


def _open(request: HttpRequest, slug: str) -> Desk:
    desk = open_plan(request, slug)
    if not desk.is_today:
        raise UnusableAddress("This is edited as of today, not as at another day.")
    access.require(access.can_keep_reviews(desk.access))
    return desk


def _find(desk: Desk, pk: int) -> ReviewMeeting:
    found = ReviewMeeting.objects.filter(plan=desk.plan, pk=pk).select_related("plan").first()
    if found is None:
        raise Http404
    return found
