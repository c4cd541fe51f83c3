"""Changing what was agreed: asking, answering, and the list of all that was asked."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from actions import access, change_requests
from actions.change_requests import Kind, Step
from actions.models import ChangeRequest, Commitment, KeyDate, Meeting, Person
from actions.pages import formatting
from actions.pages.commitment_rows import words_of
from actions.pages.plan_page import Desk, UnusableAddress, open_plan
from actions.rules.state import CommitmentState
from kpis import change_forms, changes
from kpis.change_requests import ask as ask_of_kpi
from kpis.models import Kpi, KpiCommitment, TargetPoint

# --- All of them ------------------------------------------------------------------------------


@require_GET
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for the reader, what waits for others, and what has ended."""
    desk = open_plan(request, slug)
    areas = changes.kpi_areas_of(desk)
    lines = [changes.change_line(desk, one, areas) for one in changes.requests_of(desk)]
    groups = [
        ("For you", [line for line in lines if line.next_words]),
        ("Open", [line for line in lines if line.step.is_open and not line.next_words]),
        ("Ended", [line for line in lines if not line.step.is_open and not line.next_words]),
    ]
    return render(
        request,
        "kpis/changes.html",
        {
            **desk.context("changes"),
            "groups": [{"title": title, "lines": found} for title, found in groups if found],
            "outside_approver": desk.plan.outside_approver,
        },
    )


# --- One --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One ask with its course, and what the reader may answer."""
    desk = open_plan(request, slug)
    found = changes.requests_of(desk).filter(pk=pk).first()
    if found is None:
        raise Http404
    areas = changes.kpi_areas_of(desk)
    line = changes.change_line(desk, found, areas)
    acts = _acts(desk, found, line.step, changes.areas_of(found, areas))
    sent = request.POST.get("act") if request.method == "POST" else None
    if request.method == "POST":
        access.require(sent in acts)
    bound = {act: make(request.POST if act == sent else None) for act, (_, make, _) in acts.items()}
    if sent and bound[sent].is_valid():
        form, (_, _, verb) = bound[sent], acts[sent]
        try:
            verb(by=desk.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, "That is recorded.")
            return redirect("kpis:change", slug, pk)
    errors = bool(sent and bound[sent].errors)
    return render(
        request,
        "kpis/change.html",
        {
            **desk.context("changes"),
            "crumbs": [
                formatting.Crumb("Changes", desk.url("kpis:changes")),
                formatting.Crumb(line.title),
            ],
            "change": line,
            "history": changes.course(found, line),
            "outside_approver": desk.plan.outside_approver,
            "acts": [
                {"key": act, "title": acts[act][0], "form": form} for act, form in bound.items()
            ],
            "form": bound[sent] if sent else None,
        },
        status=422 if errors else 200,
    )


def _acts(
    desk: Desk, found: ChangeRequest, step: Step, areas: tuple[int, ...]
) -> dict[str, tuple[str, Any, Any]]:
    """What the reader may do with an ask now: a title, the form, and the verb."""
    if not desk.is_today:
        return {}
    granted, asker = desk.access, found.by_id
    leads = change_requests.users_leading(found)
    acts: dict[str, tuple[str, Any, Any]] = {}

    def verb(name: str, **more: Any) -> Any:
        def call(**answers: Any) -> Any:
            return getattr(change_requests, name)(request=found, **more, **answers)

        return call

    waits = step in (Step.TO_SUPPORT, Step.TO_DECIDE)
    if step is Step.TO_SUPPORT and access.can_support_change(
        granted, areas=areas, asker=asker, leads=leads
    ):
        acts["support"] = "Your answer as SRO", change_forms.SupportForm, verb("support")
    if waits and access.can_decide_change(granted, asker=asker, leads=leads):
        held = Meeting.objects.filter(plan=desk.plan, held_on__lte=desk.today).select_related(
            "body"
        )

        def decide_form(data: Any) -> forms.Form:
            return change_forms.DecideForm(data, meetings=held.order_by("-held_on"))

        acts["decide"] = "Decide it", decide_form, verb("decide", today=desk.today)
    if waits and access.can_comment_change(granted):
        acts["comment"] = "The forum’s comment", change_forms.CommentForm, verb("comment")
    decision = getattr(found, "decision", None)
    if access.can_record_for_change(granted):
        if step is Step.TO_APPROVE:
            acts["approve"] = (
                "Approval from outside",
                change_forms.ApprovalForm,
                verb("approve_outside", today=desk.today),
            )
        if decision and not hasattr(decision, "minute"):

            def record_minute(**answers: Any) -> Any:
                return change_requests.minute(decision=decision, **answers)

            acts["minute"] = "Minute reference", change_forms.MinuteForm, record_minute
    if (step.is_open or step is Step.OVERTAKEN) and access.can_take_back_change(
        granted, asker=asker
    ):
        acts["take_back"] = "Take it back", change_forms.TakeBackForm, verb("take_back")
    return acts


def _add_errors(form: forms.Form, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal.messages[0])
        return
    for name, problems in refusal.message_dict.items():
        form.add_error(name if name in form.fields else None, problems)


# --- Asking -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def ask_change(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Ask for a change of a commitment: `?kind=` says of what."""
    desk = _today(request, slug)
    state = desk.led_today(desk.commitment(ref))
    access.require(access.can_ask_change(desk.access, areas=[state.area], state=state))
    kind = request.GET.get("kind") or Kind.DATE
    if kind not in _KINDS:
        raise Http404
    commitment = Commitment.objects.get(pk=state.id)
    form = _form(desk, state, commitment, kind, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = change_requests.ask(
                commitment=commitment,
                kind=kind,
                by=desk.access.user,
                today=desk.today,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, "Request sent. What was agreed stands until it is decided.")
            return redirect("kpis:change", slug, made.pk)
    here = desk.url("kpis:ask_change", ref)
    return render(
        request,
        "kpis/ask_change.html",
        {
            **desk.context("plan"),
            "crumbs": [
                formatting.Crumb(ref, desk.url("kpis:commitment", ref)),
                formatting.Crumb("Ask for a change"),
            ],
            "about": f"{ref} {words_of(desk, [state])[state.id].name}",
            "form": form,
            "kinds": [
                {"words": words, "url": f"{here}?kind={one}", "is_chosen": one == kind}
                for one, words in _KINDS.items()
            ],
            "outside_approver": desk.plan.outside_approver,
            "leave_url": desk.url("kpis:commitment", ref),
        },
        status=422 if form.errors else 200,
    )


_KINDS = {
    Kind.DATE.value: "A date",
    Kind.WORDING.value: "The wording",
    Kind.LEAD.value: "Who leads it",
    Kind.WITHDRAWAL.value: "Take it out of the plan",
}


def _form(
    desk: Desk, state: CommitmentState, commitment: Commitment, kind: str, data: Any
) -> forms.Form:
    if kind == Kind.DATE:
        # A date that was met stays as it is.
        open_dates = [one.id for one in state.dates if not (one.met_on or one.delivered_on)]
        dates = KeyDate.objects.filter(pk__in=open_dates).order_by("on")
        return change_forms.DateForm(data, dates=dates)
    if kind == Kind.WORDING:
        return change_forms.WordingForm(data, initial={"wanted_text": commitment.evidence})
    if kind == Kind.LEAD:
        leads = Person.objects.filter(pk__in=[lead.person for lead in state.leads])
        people = Person.objects.filter(local_area=desk.plan.local_area).order_by("name")
        return change_forms.LeadForm(data, leads=leads, people=people)
    return change_forms.WithdrawalForm(data)


@require_http_methods(["GET", "POST"])
def ask_kpi_change(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Ask for another target or baseline of a measure."""
    desk = _today(request, slug)
    kpi = (
        Kpi.objects.filter(plan=desk.plan, code=code, withdrawn_at=None)
        .select_related("data_owner")
        .first()
    )
    if kpi is None:
        raise Http404
    areas = KpiCommitment.objects.filter(kpi=kpi).values_list(
        "commitment__action__theme__area_id", flat=True
    )
    owner = kpi.data_owner.user_id if kpi.data_owner else None
    access.require(access.can_ask_change(desk.access, areas=list(areas), data_owner=owner))
    targets = (
        TargetPoint.objects.filter(kpi=kpi, replaced_by=None, is_withdrawn=False)
        .select_related("kpi")
        .order_by("position")
    )
    form = change_forms.KpiForm(
        request.POST if request.method == "POST" else None, targets=targets, unit=kpi.unit
    )
    if form.is_valid():
        try:
            made = ask_of_kpi(kpi=kpi, by=desk.access.user, today=desk.today, **form.cleaned_data)
        except ValidationError as refusal:
            _add_errors(form, refusal)
        else:
            messages.success(request, "Request sent. What was agreed stands until it is decided.")
            return redirect("kpis:change", slug, made.pk)
    return render(
        request,
        "kpis/ask_change.html",
        {
            **desk.context("kpis"),
            "crumbs": [
                formatting.Crumb(code, desk.url("kpis:kpi", code)),
                formatting.Crumb("Ask for a change"),
            ],
            "about": f"{code} {kpi.title}",
            "form": form,
            "kinds": [],
            "outside_approver": desk.plan.outside_approver,
            "leave_url": desk.url("kpis:kpi", code),
        },
        status=422 if form.errors else 200,
    )


def _today(request: HttpRequest, slug: str) -> Desk:
    desk = open_plan(request, slug)
    if not desk.is_today:
        raise UnusableAddress("A change is asked for today. Leave the day out of the address.")
    return desk
