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
from actions.pages.plan_page import open_plan


@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    desk = open_plan(request, slug)
    state = desk.led_today(desk.commitment(ref))
    access.require(access.can_record_update(desk.access, state))
    form = RestrictedNoteForm(request.POST if request.method == "POST" else None)
    page = desk.url("kpis:commitment", ref)
    if form.is_valid():
        commitment = get_object_or_404(Commitment, pk=state.id)
        try:
            restricted_notes.add_restricted_note(
                commitment=commitment, by=desk.access.user, **form.cleaned_data
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"Your restricted note on {ref} is added.")
            return redirect(f"{page}#notes")
    return render(
        request,
        "actions/add_note.html",
        {
            **desk.context("plan"),
            "crumbs": [
                formatting.Crumb("The plan", desk.url("actions:plan")),
                formatting.Crumb(ref, page),
            ],
            "ref": ref,
            "form": form,
            "leave_url": page,
        },
        status=422 if form.errors else 200,
    )
