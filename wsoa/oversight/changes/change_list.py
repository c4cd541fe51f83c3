"""The changes asked for in a plan, as its pages show them: what, by whom, how far, what next."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from actions import access
from actions.models import CommitmentLead, KeyDate, Pause, Withdrawal
from actions.models.people import active_on
from actions.pages import formatting
from actions.pages.plan_page import PlanPage
from actions.records.written_once import written_once
from actions.rules.dates import day_of, end_of_day
from actions.rules.status import DateKind
from kpis.models import KpiCommitment, TargetPoint
from kpis.rules.text import amount
from wsoa.oversight.changes import fragments
from wsoa.oversight.changes.change_requests import Kind, Step, plan_of, step_of, users_leading
from wsoa.oversight.models import ChangeRequest

STEPS = {
    Step.TO_SUPPORT: "Waits for the senior responsible officer",
    Step.TO_DECIDE: "Waits for a decision",
    Step.TO_APPROVE: "Agreed, waits for approval from outside",
    Step.IN_EFFECT: "Agreed and in effect",
    Step.REFUSED: "Not agreed",
    Step.TAKEN_BACK: "Taken back",
    Step.OVERTAKEN: "Overtaken: to be asked again",
}


def requests_of(page: PlanPage, *, only: Collection[int] | None = None) -> list[ChangeRequest]:
    """Every ask of the plan by the end of the page's day, or those of these keys; newest first.

    One query.
    """
    wanted = (page.plan.pk, end_of_day(page.day), page.today)
    return _requests(*wanted) if only is None else _requests_of_keys(*wanted, list(only))


@written_once
def _requests(plan: int, until: datetime, today: date) -> QuerySet[Any, ChangeRequest]:
    return _of_plan(plan, until, today)


@written_once
def _requests_of_keys(
    plan: int, until: datetime, today: date, keys: list[int]
) -> QuerySet[Any, ChangeRequest]:
    return _of_plan(plan, until, today).filter(pk__any=keys)


def _of_plan(plan: int, until: datetime, today: date) -> QuerySet[Any, ChangeRequest]:
    withdrawn = (
        Withdrawal.objects.filter(commitment=OuterRef("commitment"))
        .order_by("-effective_at", "-recorded_at")
        .values("is_withdrawn")
    )
    paused = Coalesce(
        Subquery(
            Pause.objects.filter(commitment=OuterRef("commitment"))
            .order_by("-effective_at", "-recorded_at")
            .values("is_paused")[:1]
        ),
        False,
    )
    leads_today = active_on(today)
    leads = CommitmentLead.objects.filter(leads_today, commitment=OuterRef("commitment"))
    # Of a fragment: who leads what it changes.
    is_among = Func(
        F("commitment"),
        OuterRef("commitment_ids"),
        template="(%(expressions)s))",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
    leading = CommitmentLead.objects.filter(
        leads_today, Q(commitment=OuterRef("commitment")) | Q(is_among)
    )
    return (
        ChangeRequest.objects.filter(
            Q(commitment__plan=plan) | Q(kpi__plan=plan) | Q(plan=plan),
            effective_at__lt=until,
        )
        .select_related(
            "by",
            "plan",
            "commitment__plan",
            "commitment__action",
            "key_date",
            "old_lead",
            "new_lead",
            "kpi__plan",
            "kpi__data_owner",
            "target",
            "support__by",
            "decision__by",
            "decision__meeting__body",
            "decision__minute__by",
            "approval__by",
            "taken_back__by",
        )
        .annotate(
            is_paused=paused,
            lead_users=ArraySubquery(leading.values("person__user")),
            is_overtaken=Exists(KeyDate.objects.filter(replaces=OuterRef("key_date")))
            | Exists(TargetPoint.objects.filter(replaces=OuterRef("target")))
            | Coalesce(Subquery(withdrawn[:1]), False)
            | Q(kind=Kind.PAUSE, is_paused=True)
            | Q(kind=Kind.RESTART, is_paused=False)
            | Q(kind=Kind.LEAD)
            & (
                Q(old_lead__isnull=False) & ~Exists(leads.filter(person=OuterRef("old_lead")))
                | Exists(leads.filter(person=OuterRef("new_lead")))
            ),
        )
        .order_by("-effective_at", "-id")
    )


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """One ask. `was` and `wanted` say the change; `next_text` what the reader may do now."""

    pk: int
    about: str
    about_url: str
    title: str
    was: str
    wanted: str
    reason: str
    asked: str
    step: Step
    next_text: str
    url: str

    @property
    def step_text(self) -> str:
        return STEPS[self.step]


def kpi_areas_of(page: PlanPage) -> dict[int, tuple[int, ...]]:
    """The areas each measure of the plan serves. One query."""
    areas: dict[int, tuple[int, ...]] = {}
    for kpi, area in _areas_by_kpi(page.plan.pk):
        areas[kpi] = (*areas.get(kpi, ()), area)
    return areas


@written_once
def _areas_by_kpi(plan: int) -> QuerySet[Any, tuple[int, int]]:
    return KpiCommitment.objects.filter(kpi__plan=plan).values_list(
        "kpi_id", "commitment__action__area_id"
    )


def areas_of(request: ChangeRequest, kpi_areas: dict[int, tuple[int, ...]]) -> tuple[int, ...]:
    """The areas whose SROs answer for an ask."""
    if request.commitment:
        return (request.commitment.action.area_id,)
    if request.plan_id:
        return tuple(request.area_ids)
    assert request.kpi_id is not None
    return kpi_areas.get(request.kpi_id, ())


def change_item(
    page: PlanPage, request: ChangeRequest, kpi_areas: dict[int, tuple[int, ...]]
) -> ChangeItem:
    about, about_url = _about(page, request)
    step = step_of(request)
    was, wanted = from_to(request)
    return ChangeItem(
        pk=request.pk,
        about=about,
        about_url=about_url,
        title=title_of(request, about),
        was=was,
        wanted=wanted,
        reason=request.reason,
        asked=_who(request),
        step=step,
        next_text=next_for(page, request, step, areas_of(request, kpi_areas)),
        url=page.url("oversight:change", request.pk),
    )


def _about(page: PlanPage, request: ChangeRequest) -> tuple[str, str]:
    if request.commitment:
        commitment = request.commitment
        return commitment.ref, page.link("commitment", commitment.code)
    if request.plan_id:
        return "The plan", page.url("actions:plan")
    assert request.kpi is not None
    code = request.kpi.code
    return code, page.link("kpi", code)


def title_of(request: ChangeRequest, about: str) -> str:
    if request.kind == Kind.DATE:
        kind = DateKind(request.key_date.kind).label.lower() if request.key_date else "completion"
        return f"Move the {kind} date of {about} to {request.wanted}"
    if request.kind == Kind.PLAN:
        return fragments.title_of(request.parts)
    return {
        Kind.WORDING: f"Reword {about}",
        Kind.WITHDRAWAL: f"Take {about} out of the plan",
        Kind.PAUSE: f"Pause {about}",
        Kind.RESTART: f"Take {about} up again",
        Kind.LEAD: f"Change who leads {about}",
        Kind.TARGET: f"Change a target of {about}",
        Kind.BASELINE: f"Change the baseline of {about}",
    }[Kind(request.kind)]


def from_to(request: ChangeRequest) -> tuple[str, str]:
    """As it was when it was asked, and as it should be."""
    if request.kind == Kind.DATE:
        return str(request.key_date.when) if request.key_date else "none", str(request.wanted)
    if request.kind == Kind.WORDING:
        return "", request.wanted_text
    if request.kind == Kind.LEAD:
        return str(request.old_lead or "nobody"), str(request.new_lead or "nobody")
    if request.kind == Kind.WITHDRAWAL:
        return "in the plan", "withdrawn"
    if request.kind == Kind.PAUSE:
        return "", f"paused until {request.wanted}" if request.wanted else "paused"
    if request.kind == Kind.RESTART:
        return "paused", "taken up again"
    if request.kind == Kind.PLAN:
        return "", fragments.summary(request.parts)
    assert request.kpi is not None
    assert request.wanted_value is not None
    unit = request.kpi.unit
    by = f" by {request.wanted}" if request.wanted else ""
    wanted = f"{amount(request.wanted_value, unit)}{by}"
    target = request.target
    if not target:
        return "", wanted
    was = amount(target.value, unit) if target.value is not None else "a comparison"
    return was + (f" by {target.when}" if target.when else ""), wanted


def _who(row: Any) -> str:
    name = str(row.by) if row.by else row.source
    if covered := getattr(row, "stands_in_for", ""):
        name += f" for {covered}"
    return f"{name}, {formatting.short_day(day_of(row.effective_at))}"


def next_for(page: PlanPage, request: ChangeRequest, step: Step, areas: tuple[int, ...]) -> str:
    """What the reader is the one to do next; empty where it is somebody else's turn."""
    if not page.is_today:
        return ""
    asker, leads = request.by_id, users_leading(request)
    if step is Step.TO_SUPPORT and access.can_support_change(
        page.access, areas=areas, asker=asker, leads=leads
    ):
        return "Support it or not"
    if step in (Step.TO_SUPPORT, Step.TO_DECIDE) and access.can_decide_change(
        page.access, asker=asker, leads=leads
    ):
        return "Decide it"
    if access.can_record_for_change(page.access):
        if step is Step.TO_APPROVE:
            return "Record the approval"
        decision = getattr(request, "decision", None)
        if decision and not hasattr(decision, "minute"):
            return "Record the minute"
    return ""


# --- One ask ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CourseEntry:
    """One step of its course, as `includes/history_entry.html` has it."""

    day: date
    kind_text: str
    text: str
    author_line: str


def course(request: ChangeRequest, item: ChangeItem) -> list[CourseEntry]:
    """What happened, newest first."""
    return sorted(_course(request, item), key=lambda entry: entry.day, reverse=True)


def _course(request: ChangeRequest, item: ChangeItem) -> Iterator[CourseEntry]:
    def entry(row: Any, kind: str, text: str) -> CourseEntry:
        return CourseEntry(day_of(row.effective_at), kind, text, _who(row))

    taken_back = getattr(request, "taken_back", None)
    if taken_back:
        yield entry(taken_back, "Taken back", taken_back.reason or "No reason given.")
    approval = getattr(request, "approval", None)
    if approval:
        approval_text = (
            f"{approval.approver} approved it on {formatting.short_day(approval.approved_on)}: "
        )
        yield entry(approval, "Approval", approval_text + approval.reference)
    decision = getattr(request, "decision", None)
    if decision:
        minute = getattr(decision, "minute", None)
        if minute:
            yield entry(minute, "Minute", minute.text)
        outcome = "Agreed" if decision.is_agreed else f"Not agreed: {decision.reason}"
        if decision.own_move_weeks is not None:
            outcome = f"Agreed: {decision.reason}"
        elif decision.meeting is None and decision.is_agreed:
            outcome = f"Agreed between meetings: {decision.reason}"
        yield entry(decision, "Decision", f"{outcome} ({decision.decided_in}).")
    for comment in request.comments.select_related("by"):
        yield entry(comment, "Forum", comment.text)
    support = getattr(request, "support", None)
    if support:
        answer = "Supported." if support.is_supported else f"Not supported: {support.reason}"
        yield entry(support, "SRO", answer)
    yield entry(request, "Asked", request.reason)


# --- Where it stands --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CourseStep:
    """One step of how a change is made, as the margin shows it."""

    title: str
    note: str
    is_done: bool
    is_next: bool = False


def steps(request: ChangeRequest, item: ChangeItem) -> list[CourseStep]:
    """The course of a request, from asking to where it takes effect. One query: the comments."""
    support, decision = getattr(request, "support", None), getattr(request, "decision", None)
    minute = getattr(decision, "minute", None)
    comment = request.comments.select_related("by").order_by("effective_at").last()
    taken_back = getattr(request, "taken_back", None)
    supported = "Supported" if support is None or support.is_supported else "Not supported"
    found = [CourseStep("Requested", item.asked, is_done=True)]
    if comment:
        found.append(CourseStep("Families’ view", _who(comment), is_done=True))
    if support or decision is None:
        note = _who(support) if support else "by the senior responsible officer"
        found.append(CourseStep(supported, note, support is not None))
    if taken_back:
        found.append(CourseStep("Taken back", _who(taken_back), is_done=True))
        return _with_next(found)
    decided = "Agreed" if decision and decision.is_agreed else "Not agreed"
    decider = "SRO" if decision and decision.own_move_weeks is not None else "chair"
    found.append(
        CourseStep(
            f"{decided} by the {decider}" if decision else "Decided by the chair",
            decision.decided_in if decision else "in a meeting, or between two with a reason",
            decision is not None,
        )
    )
    found.append(CourseStep("Minuted", minute.text if minute else "", minute is not None))
    approver = plan_of(request).outside_approver
    if approver and (decision is None or decision.is_agreed):
        approval = getattr(request, "approval", None)
        note = _who(approval) if approval else "What was agreed before stands until then"
        found.append(CourseStep(f"Approved by {approver}", note, approval is not None))
    return _with_next(found)


def _with_next(found: list[CourseStep]) -> list[CourseStep]:
    """The first that is not done is the next."""
    waiting = next((step for step in found if not step.is_done), None)
    return [replace(step, is_next=True) if step is waiting else step for step in found]
