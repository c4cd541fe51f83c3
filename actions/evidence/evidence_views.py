"""Evidence of a commitment: adding it, fetching its file, withdrawing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.evidence import evidence
from actions.evidence.forms import EvidenceForm, WithdrawEvidenceForm
from actions.io import storage
from actions.io.serving import file_response
from actions.models import Commitment, Evidence, ProgressUpdate
from actions.pages import formatting
from actions.pages.commitment_rows import called
from actions.pages.plan_page import PlanPage, get_plan_page
from actions.records.history_entries import WHO_READS
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState


@require_http_methods(["GET", "POST"])
def add_evidence(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    page = get_plan_page(request, slug)
    state = page.led_today(page.commitment(ref))
    access.require(access.can_add_evidence(page.access, state))
    posted = request.method == "POST"
    form = EvidenceForm(request.POST if posted else None, request.FILES if posted else None)
    if form.is_valid():
        commitment = get_object_or_404(Commitment, pk=state.id)
        try:
            evidence.add_evidence(
                commitment=commitment,
                by=page.access.user,
                update=_newest_update(state),
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"Your evidence for {called(page, state)} is added.")
            return redirect(f"{page.link('commitment', ref)}#evidence")
    return render(
        request,
        "actions/add_evidence.html",
        {**_context(page, state), "form": form, "who_reads": WHO_READS},
        status=422 if form.errors else 200,
    )


def _newest_update(state: CommitmentState) -> ProgressUpdate | None:
    """The update that the evidence supports: the one that stands when it is added."""
    newest = state.newest_update
    return ProgressUpdate.objects.filter(pk=newest.id).first() if newest else None


@require_GET
def evidence_file(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponseBase:
    """The file as it was sent, to be saved and never to be run in the browser."""
    page = get_plan_page(request, slug)
    state = page.led_today(page.commitment(ref))
    item = get_object_or_404(
        Evidence.objects.exclude(digest="").select_related("withdrawal"),
        pk=pk,
        commitment=state.id,
    )
    if item.visibility == Evidence.Visibility.RESTRICTED:
        access.require(access.can_read_restricted(page.access, state, item.by_id))
    if hasattr(item, "withdrawal"):
        return render(
            request,
            "actions/no_file.html",
            {
                **_context(page, state),
                "back_text": called(page, state),
                "what": "evidence",
                "title": item.title,
                "day_text": formatting.short_day(day_of(item.withdrawal.effective_at)),
                "reason": item.withdrawal.reason,
            },
            status=410,
        )
    return _file(page, state, item)


def _file(page: PlanPage, state: CommitmentState, item: Evidence) -> HttpResponseBase:
    try:
        return file_response(item)
    except storage.WrongFile as wrong:
        evidence.tell_wrong(item, str(wrong), user=page.access.user)
        context = {
            **_context(page, state),
            "back_text": called(page, state),
            "what": "evidence",
            "title": item.title,
            "problem": str(wrong),
        }
        return render(page.request, "actions/no_file.html", context, status=404)


@require_GET
def former_evidence_file(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponseBase:
    """A file that may be shared outside, of what a commitment goes on from in a plan before."""
    page = get_plan_page(request, slug)
    state = page.commitment(ref)
    item = get_object_or_404(
        Evidence.objects.exclude(digest=""),
        pk=pk,
        commitment__in=[former.commitment for former in state.formers],
        visibility=Evidence.Visibility.SHAREABLE,
        withdrawal=None,
    )
    return _file(page, state, item)


@require_http_methods(["GET", "POST"])
def withdraw_evidence(request: HttpRequest, slug: str, ref: str, pk: int) -> HttpResponse:
    page = get_plan_page(request, slug)
    state = page.led_today(page.commitment(ref))
    item = get_object_or_404(Evidence.objects.select_related("by"), pk=pk, commitment=state.id)
    access.require(access.can_withdraw_evidence(page.access, state, item.by_id))
    form = WithdrawEvidenceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            evidence.withdraw_evidence(evidence=item, by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"The evidence for {called(page, state)} is withdrawn.")
            return redirect(f"{page.link('commitment', ref)}#evidence")
    return render(
        request,
        "actions/withdraw_evidence.html",
        {
            **_context(page, state),
            "title": item.title,
            "about": f"Added {formatting.short_day(day_of(item.effective_at))}"
            f" by {item.by.name if item.by else item.source}.",
            "form": form,
        },
        status=422 if form.errors else 200,
    )


def _context(page: PlanPage, state: CommitmentState) -> dict[str, object]:
    commitment_url = page.link("commitment", state.code)
    return {
        **page.context("plan"),
        "breadcrumbs": [
            formatting.Breadcrumb("The plan", page.url("actions:plan")),
            formatting.Breadcrumb(called(page, state), commitment_url),
        ],
        "ref": called(page, state),
        "leave_url": commitment_url,
    }
