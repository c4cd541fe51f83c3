"""A second person's answer to a proposed Blue, and what the forum says of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access, memberships
from actions.evidence.evidence_list import evidence_of
from actions.forms.refusals import show_refusal
from actions.models import ProgressUpdate
from actions.pages import formatting
from actions.pages.addresses import address_of
from actions.pages.commitment_rows import called, commitment_texts, line, people_of, person_text
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.progress import forum_view, updates
from actions.progress.blue_forms import AnswerForm, FamiliesViewForm
from actions.progress.history_text import families_text, returned_text
from actions.records.history_entries import entries_of
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from actions.wording import scale


@require_http_methods(["GET", "POST"])
def answer_blue(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """A second person confirms a proposed Blue, or returns it with the reason."""
    page = get_plan_page(request, slug)
    state = page.commitment(ref)
    proposal = _proposal(state)
    author = proposal.by_id if proposal else None
    access.require(
        access.can_answer_blue(
            page.access, state, author=author, area_sros=memberships.sros_of(page.plan, state.area)
        )
    )
    if proposal is None:
        messages.info(
            request, f"No {scale().blue} of {called(page, state)} is waiting for an answer."
        )
        return redirect(address_of("commitment", slug, ref))
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        answer = form.arguments()
        try:
            updates.answer_blue(update=proposal, by=page.access.user, **answer)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
        else:
            done = "confirmed" if answer["is_confirmed"] else "returned to the lead"
            messages.success(request, f"The {scale().blue} of {called(page, state)} is {done}.")
            return redirect(address_of("commitment", slug, ref))
    return _page(page, state, proposal, form, answers=True)


@require_http_methods(["GET", "POST"])
def families_view(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """A representative of the forum says whether families see it. That confirms nothing."""
    page = get_plan_page(request, slug)
    state = page.commitment(ref)
    proposal = _proposal(state)
    author = proposal.by_id if proposal else None
    access.require(access.can_say_for_families(page.access, state, author=author))
    if proposal is None:
        messages.info(
            request, f"No {scale().blue} of {called(page, state)} is waiting for an answer."
        )
        return redirect(address_of("commitment", slug, ref))
    form = FamiliesViewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            forum_view.say_for_families(update=proposal, by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, f"What families see of {called(page, state)} is on record.")
            return redirect(address_of("commitment", slug, ref))
    return _page(page, state, proposal, form, answers=False)


def _proposal(state: CommitmentState) -> ProgressUpdate | None:
    return (
        ProgressUpdate.objects.select_related("commitment", "by")
        .filter(pk=state.standing.blue_proposal or 0)
        .first()
    )


def _page(
    page: PlanPage, state: CommitmentState, proposal: ProgressUpdate, form: Any, *, answers: bool
) -> HttpResponse:
    """What is proposed, what speaks for it, and the form of who `answers` it or of the forum."""
    texts = commitment_texts(page, [state])[state.id]
    entries = entries_of(
        state.id,
        page.day,
        ["evidence", "families_view", "confirmation"],
        reads=page.reads_restricted(state),
    )
    return render(
        page.request,
        "actions/confirm_blue.html",
        {
            **page.context("my_work"),
            "breadcrumbs": [
                formatting.Breadcrumb("My work", page.link("my_work")),
                formatting.Breadcrumb(called(page, state), page.link("commitment", state.code)),
            ],
            "c": line(page, state, texts),
            "answers": answers,
            "proposal": {
                "day_text": formatting.short_day(day_of(proposal.effective_at)),
                "text": proposal.progress,
                "changed_for_families": proposal.changed_for_families,
                "author_line": proposal.by.name if proposal.by else proposal.source,
            },
            "returned": returned_text(entries),
            "families": [
                {
                    "text": families_text(entry.details["view"], entry.details["text"]),
                    "about": f"{entry.author or entry.source}, "
                    f"{formatting.short_day(day_of(entry.effective_at))}.",
                }
                for entry in entries
                if entry.kind == "families_view" and entry.details["update"] == proposal.pk
            ],
            "evidences": evidence_of(
                page, state, [entry for entry in entries if entry.kind == "evidence"]
            ),
            "promised": texts.evidence,
            "measures": texts.measures,
            "form": form,
            "leave_url": page.link("commitment", state.code),
            "people": [
                formatting.Pair("Lead", person_text(person))
                for person in people_of([state]).values()
            ],
        },
        status=422 if form.errors else 200,
    )
