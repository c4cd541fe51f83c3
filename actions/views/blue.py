"""A second person's answer to a proposed Blue."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from actions import access, present, updates
from actions.dates import day_of
from actions.desk import open_plan
from actions.entries import entries_of
from actions.evidence_list import evidence_of
from actions.forms import AnswerForm
from actions.lines import line, people_of, person_words, words_of
from actions.models import ProgressUpdate


@require_http_methods(["GET", "POST"])
def answer_blue(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """A second person confirms a proposed Blue, or returns it with the reason."""
    desk = open_plan(request, slug)
    state = next((row for row in desk.state.commitments if row.ref == ref), None)
    if state is None:
        raise Http404
    proposal = (
        ProgressUpdate.objects.select_related("commitment", "by")
        .filter(pk=state.standing.blue_proposal or 0)
        .first()
    )
    author = proposal.by_id if proposal else None
    access.require(
        access.can_answer_blue(
            desk.access, state, author=author, area_sros=access.sros_of(desk.plan, state.area)
        )
    )
    if proposal is None:
        messages.info(request, f"No Blue of {ref} is waiting for an answer.")
        return redirect("kpis:commitment", slug, ref)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        confirmed = form.cleaned_data["decision"] == "confirm"
        try:
            updates.answer_blue(
                update=proposal,
                by=desk.access.user,
                is_confirmed=confirmed,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages[0])
        else:
            done = "confirmed" if confirmed else "returned to the lead"
            messages.success(request, f"The Blue of {ref} is {done}.")
            return redirect("kpis:commitment", slug, ref)
    words = words_of(desk, [state])[state.id]
    return render(
        request,
        "actions/confirm_blue.html",
        {
            **desk.context("my_work"),
            "crumbs": [
                present.Crumb("My work", desk.url("actions:my_work")),
                present.Crumb(state.ref, desk.url("kpis:commitment", ref)),
            ],
            "c": line(desk, state, words),
            "proposal": {
                "day_words": present.short_day(day_of(proposal.effective_at)),
                "text": proposal.progress,
                "changed_for_families": proposal.changed_for_families,
                "author_line": proposal.by.name if proposal.by else proposal.source,
            },
            "evidences": evidence_of(
                desk,
                state,
                entries_of(state.id, desk.day, ["evidence"], reads=desk.reads_restricted(state)),
            ),
            "promised": words.evidence,
            "measures": words.measures,
            "form": form,
            "leave_url": desk.url("kpis:commitment", ref),
            "people": [
                present.Pair("Lead", person_words(person)) for person in people_of([state]).values()
            ],
        },
        status=422 if form.errors else 200,
    )
