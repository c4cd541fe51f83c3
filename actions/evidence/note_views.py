"""Writing a restricted note. It is read on the page of its commitment, by the few who may."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from actions import access
from actions.evidence import restricted_notes
from actions.evidence.forms import RestrictedNoteForm
from actions.models import Commitment
from actions.pages import formatting
from actions.pages.commitment_rows import called
from actions.pages.plan_page import get_plan_page


@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    state = page.led_today(page.commitment(ref))
    access.require(access.can_record_update(page.access, state))
    form = RestrictedNoteForm(request.POST if request.method == "POST" else None)
    commitment_url = page.link("commitment", ref)
    if form.is_valid():
        commitment = get_object_or_404(Commitment, pk=state.id)
        try:
            restricted_notes.add_restricted_note(
                commitment=commitment, by=page.access.user, **form.cleaned_data
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"Your restricted note on {called(page, state)} is added.")
            return redirect(f"{commitment_url}#notes")
    return render(
        request,
        "actions/add_note.html",
        {
            **page.context("plan"),
            "breadcrumbs": [
                formatting.Breadcrumb("The plan", page.url("actions:plan")),
                formatting.Breadcrumb(called(page, state), commitment_url),
            ],
            "ref": called(page, state),
            "form": form,
            "leave_url": commitment_url,
        },
        status=422 if form.errors else 200,
    )
