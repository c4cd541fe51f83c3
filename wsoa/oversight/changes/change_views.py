"""Changing what was agreed: asking, answering, and the list of all that was asked."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from actions import access
from actions.forms.refusals import show_refusal
from actions.kept_pages import kept_page
from actions.models import Commitment, KeyDate, Person
from actions.pages import formatting
from actions.pages.commitment_rows import called, commitment_texts
from actions.pages.plan_page import PlanPage, get_page_today, get_plan_page
from actions.rules.state import CommitmentState
from kpis.models import Kpi, KpiCommitment, TargetPoint
from wsoa.oversight.changes import (
    change_forms,
    change_list,
    change_requests,
    fragments,
    plan_change_requests,
)
from wsoa.oversight.changes.change_requests import Kind, Step
from wsoa.oversight.changes.kpi_change_requests import ask as ask_of_kpi
from wsoa.oversight.models import ChangeRequest, Meeting

# --- All of them ------------------------------------------------------------------------------


@require_GET
@kept_page()
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """What waits for the reader, what waits for others, and what has ended."""
    page = get_plan_page(request, slug)
    areas = change_list.kpi_areas_of(page)
    items = [
        change_list.change_item(page, change_request, areas)
        for change_request in change_list.requests_of(page)
    ]
    groups = [
        ("For you", [item for item in items if item.next_text]),
        ("Open", [item for item in items if item.step.is_open and not item.next_text]),
        ("Ended", [item for item in items if not item.step.is_open and not item.next_text]),
    ]
    return render(
        request,
        "oversight/changes.html",
        {
            **page.context("changes"),
            "groups": [{"title": title, "lines": group} for title, group in groups if group],
            "outside_approver": page.plan.outside_approver,
            "own_moves": change_requests.weeks_text(page.plan.own_move_weeks)
            if page.plan.own_move_weeks and not page.plan.outside_approver
            else "",
            "own_moves_url": page.url("oversight:own_moves")
            if page.is_today and access.can_set_own_moves(page.access)
            else "",
        },
    )


# --- One --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One ask with its course, and what the reader may answer."""
    page = get_plan_page(request, slug)
    change_request = next(iter(change_list.requests_of(page, only=[pk])), None)
    if change_request is None:
        raise Http404
    areas = change_list.kpi_areas_of(page)
    item = change_list.change_item(page, change_request, areas)
    acts = _acts(page, change_request, item.step, change_list.areas_of(change_request, areas))
    sent = request.POST.get("act") if request.method == "POST" else None
    if request.method == "POST":
        access.require(sent in acts)
    bound = {act: make(request.POST if act == sent else None) for act, (_, make, _) in acts.items()}
    if sent and bound[sent].is_valid():
        form, (_, _, verb) = bound[sent], acts[sent]
        try:
            verb(by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "That is recorded.")
            return redirect("oversight:change", slug, pk)
    errors = bool(sent and bound[sent].errors)
    return render(
        request,
        "oversight/change.html",
        {
            **page.context("changes"),
            "breadcrumbs": [
                formatting.Breadcrumb("Changes", page.url("oversight:changes")),
                formatting.Breadcrumb(item.title),
            ],
            "change": item,
            "lines": fragments.part_lines(change_request.parts),
            "is_open": item.step.is_open,
            "problems": _problems(page, change_request, item.step),
            "steps": change_list.steps(change_request, item),
            "history": change_list.course(change_request, item),
            "outside_approver": page.plan.outside_approver,
            "acts": [
                {
                    "key": act,
                    "title": acts[act][0],
                    "form": form,
                    "note": _own_move_note(page) if act == "agree_move" else "",
                }
                for act, form in bound.items()
            ],
            "form": bound[sent] if sent else None,
        },
        status=422 if errors else 200,
    )


def _problems(page: PlanPage, change_request: ChangeRequest, step: Step) -> list[str]:
    """Why the plan as it stands could not take what an open request would bring into it."""
    if not (change_request.parts and step.is_open and page.is_today):
        return []
    checked = plan_change_requests.check(page.plan, change_request.parts, page.today)
    return [problem.message for problem in checked.problems]


def _acts(
    page: PlanPage, change_request: ChangeRequest, step: Step, areas: tuple[int, ...]
) -> dict[str, tuple[str, Any, Any]]:
    """What the reader may do with an ask now: a title, the form, and the verb."""
    if not page.is_today:
        return {}
    granted, asker = page.access, change_request.by_id
    leads = change_requests.users_leading(change_request)
    acts: dict[str, tuple[str, Any, Any]] = {}

    def verb(name: str, **more: Any) -> Any:
        def call(**answers: Any) -> Any:
            return getattr(change_requests, name)(request=change_request, **more, **answers)

        return call

    waits = step in (Step.TO_SUPPORT, Step.TO_DECIDE)
    if step is Step.TO_SUPPORT and access.can_support_change(
        granted, areas=areas, asker=asker, leads=leads
    ):
        acts["support"] = "Your answer as SRO", change_forms.SupportForm, verb("support")
        if _may_agree_move(page, change_request, areas, leads):
            acts["agree_move"] = (
                "Agree it yourself",
                change_forms.AgreeMoveForm,
                verb("agree_move"),
            )
    if waits and access.can_decide_change(granted, asker=asker, leads=leads):
        held = Meeting.objects.filter(plan=page.plan, held_on__lte=page.today).select_related(
            "body"
        )

        def decide_form(data: Any) -> forms.Form:
            return change_forms.DecideForm(data, meetings=held.order_by("-held_on"))

        acts["decide"] = "Decide it", decide_form, verb("decide", today=page.today)
    if waits and access.can_comment_change(granted):
        acts["comment"] = "The forum’s comment", change_forms.CommentForm, verb("comment")
    decision = getattr(change_request, "decision", None)
    if access.can_record_for_change(granted):
        if step is Step.TO_APPROVE:
            acts["approve"] = (
                "Approval from outside",
                change_forms.ApprovalForm,
                verb("approve_outside", today=page.today),
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


def _may_agree_move(
    page: PlanPage,
    change_request: ChangeRequest,
    areas: tuple[int, ...],
    leads: Collection[int],
) -> bool:
    may = access.can_agree_move(page.access, areas=areas, asker=change_request.by_id, leads=leads)
    return may and not change_requests.move_refusal(change_request)


def _own_move_note(page: PlanPage) -> str:
    weeks = change_requests.weeks_text(page.plan.own_move_weeks)
    return (
        f"In this plan an SRO may move a date by up to {weeks}, once. The date moves at once, and "
        "the steering group notes it at its next meeting."
    )


# --- How far an SRO may go ----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def own_moves(request: HttpRequest, slug: str) -> HttpResponse:
    """By how many weeks an SRO may move a date without the steering group."""
    page = get_page_today(request, slug)
    access.require(access.can_set_own_moves(page.access))
    form = change_forms.OwnMovesForm(
        request.POST if request.method == "POST" else None,
        initial={"weeks": page.plan.own_move_weeks},
    )
    leave_url = page.url("oversight:changes")
    if form.is_valid():
        try:
            change_requests.set_own_moves(plan=page.plan, by=page.access.user, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Recorded. It holds from now on.")
            return redirect(leave_url)
    return render(
        request,
        "oversight/own_moves.html",
        {
            **page.context("changes"),
            "breadcrumbs": [formatting.Breadcrumb("Changes", leave_url)],
            "form": form,
            "outside_approver": page.plan.outside_approver,
            "leave_url": leave_url,
        },
        status=422 if form.errors else 200,
    )


# --- Asking -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def ask_change(request: HttpRequest, slug: str, ref: str) -> HttpResponse:
    """Ask for a change of a commitment: `?kind=` says of what."""
    page = get_page_today(request, slug)
    state = page.led_today(page.commitment(ref))
    access.require(access.can_ask_change(page.access, areas=[state.area], state=state))
    kind = request.GET.get("kind") or Kind.DATE
    if kind not in _kinds(state):
        raise Http404
    commitment = Commitment.objects.get(pk=state.id)
    form = _form(page, state, commitment, kind, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = change_requests.ask(
                commitment=commitment,
                kind=kind,
                by=page.access.user,
                today=page.today,
                **form.cleaned_data,
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Request sent. What was agreed stands until it is decided.")
            return redirect("oversight:change", slug, made.pk)
    here = page.url("oversight:ask_change", ref)
    text = commitment_texts(page, [state])[state.id]
    return render(
        request,
        "oversight/ask_change.html",
        {
            **page.context("plan"),
            "breadcrumbs": [
                formatting.Breadcrumb(called(page, state), page.link("commitment", ref)),
                formatting.Breadcrumb("Ask for a change"),
            ],
            "about": " ".join(filter(None, (text.number, text.name))),
            "form": form,
            "kinds": [
                {"words": label, "url": f"{here}?kind={value}", "is_chosen": value == kind}
                for value, label in _kinds(state).items()
            ],
            "outside_approver": page.plan.outside_approver,
            "leave_url": page.link("commitment", ref),
        },
        status=422 if form.errors else 200,
    )


_KINDS = {
    Kind.DATE.value: "A date",
    Kind.WORDING.value: "The wording",
    Kind.LEAD.value: "Who leads it",
    Kind.WITHDRAWAL.value: "Take it out of the plan",
}


def _kinds(state: CommitmentState) -> dict[str, str]:
    """What may be asked for: a pause, or the end of one."""
    if state.pause:
        return _KINDS | {Kind.RESTART.value: "Take it up again"}
    return _KINDS | {Kind.PAUSE.value: "Pause it"}


def _form(
    page: PlanPage, state: CommitmentState, commitment: Commitment, kind: str, data: Any
) -> forms.Form:
    if kind == Kind.DATE:
        # A date that was met stays as it is.
        open_dates = [
            key_date.id
            for key_date in state.dates
            if not (key_date.met_on or key_date.delivered_on)
        ]
        dates = KeyDate.objects.filter(pk__in=open_dates).order_by("last_day", "pk")
        return change_forms.DateForm(data, dates=dates)
    if kind == Kind.WORDING:
        return change_forms.WordingForm(data, initial={"wanted_text": commitment.evidence})
    if kind == Kind.LEAD:
        leads = Person.objects.filter(pk__in=[lead.person for lead in state.leads])
        people = Person.objects.filter(local_area=page.plan.local_area).order_by("name")
        return change_forms.LeadForm(data, leads=leads, people=people)
    if kind == Kind.PAUSE:
        return change_forms.PauseForm(data)
    if kind == Kind.RESTART:
        return change_forms.RestartForm(data)
    return change_forms.WithdrawalForm(data)


@require_http_methods(["GET", "POST"])
def ask_kpi_change(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Ask for another target or baseline of a measure."""
    page = get_page_today(request, slug)
    kpi = (
        Kpi.objects.filter(plan=page.plan, code=code, withdrawn_at=None)
        .select_related("data_owner", "data_passes_to")
        .first()
    )
    if kpi is None:
        raise Http404
    areas = KpiCommitment.objects.filter(kpi=kpi).values_list(
        "commitment__action__area_id", flat=True
    )
    data_owner = kpi.owner_on(page.today)
    owner = data_owner.user_id if data_owner else None
    access.require(access.can_ask_change(page.access, areas=list(areas), data_owner=owner))
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
            made = ask_of_kpi(kpi=kpi, by=page.access.user, today=page.today, **form.cleaned_data)
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            messages.success(request, "Request sent. What was agreed stands until it is decided.")
            return redirect("oversight:change", slug, made.pk)
    return render(
        request,
        "oversight/ask_change.html",
        {
            **page.context("kpis"),
            "breadcrumbs": [
                formatting.Breadcrumb(code, page.link("kpi", code)),
                formatting.Breadcrumb("Ask for a change"),
            ],
            "about": f"{code} {kpi.title}",
            "form": form,
            "kinds": [],
            "outside_approver": page.plan.outside_approver,
            "leave_url": page.link("kpi", code),
        },
        status=422 if form.errors else 200,
    )
