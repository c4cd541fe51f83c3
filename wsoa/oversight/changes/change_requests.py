"""Changing what was agreed: a lead asks, the SRO supports or not, the chair decides in a meeting.

A date may move by a few weeks, once, by the SRO's own decision where the plan leaves that to them.

Nobody supports or decides what they asked or lead. Each verb makes sure of that under its lock, by
the predicate its page goes by (`actions/access.py`). What was said elsewhere, an approval from
outside and where the minutes have a decision, is recorded by the programme team.

Until a change takes effect the old governs. It takes effect with the decision; where the plan names
somebody outside who must agree, with their approval after it. All of that is rows: an ask is never
altered, and one that is refused, taken back or overtaken is asked again.

What is about KPIs is in `kpi_change_requests.py` beside this, a fragment of the plan in
`plan_change_requests.py`; both register their kinds here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from actions import access, memberships
from actions.models import (
    Commitment,
    CommitmentLead,
    DateMark,
    KeyDate,
    Person,
    Plan,
    ProgressUpdate,
    Withdrawal,
)
from actions.models.base import date_columns
from actions.models.people import active_on
from actions.plan.amendments import (
    change_lead,
    is_paused,
    move_date,
    pause_commitment,
    restart_commitment,
    withdraw_commitment,
)
from actions.progress.date_requests import RECORDERS, WITHDRAWERS
from actions.progress.update_rules import asked_already
from actions.records.locking import lock_record, locked_open
from actions.rules import own_moves
from actions.rules.dates import PlanDate
from actions.rules.status import DateKind, Outcome
from actions.wording import in_words, in_words_lazy
from wsoa.accounts.models import User
from wsoa.oversight.meetings.meetings import meeting_problem
from wsoa.oversight.models import (
    ChangeComment,
    ChangeDecision,
    ChangeMinute,
    ChangeRequest,
    ChangeSupport,
    ChangeTakenBack,
    Meeting,
    OutsideApproval,
)

Kind = ChangeRequest.Kind


class Step(StrEnum):
    """Where an ask stands. The last four are its ends."""

    TO_SUPPORT = "to_support"
    TO_DECIDE = "to_decide"
    TO_APPROVE = "to_approve"
    IN_EFFECT = "in_effect"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"
    OVERTAKEN = "overtaken"

    @property
    def is_open(self) -> bool:
        return self in (Step.TO_SUPPORT, Step.TO_DECIDE, Step.TO_APPROVE)


@dataclass(frozen=True, slots=True)
class Rules:
    """How the changes of one kind are made.

    `lock` locks what is to change and gives its plan; `overtaken` says, in words, why what was
    asked for can no longer be done; `effect` does it, with the words of who asked and who decided.
    `areas` are those whose senior responsible officers answer for it.
    """

    lock: Callable[[ChangeRequest], Plan]
    overtaken: Callable[[ChangeRequest], str]
    effect: Callable[[ChangeRequest, User, str, str], None]
    areas: Callable[[ChangeRequest], Collection[int]]


_RULES: dict[str, Rules] = {}


def register(kind: str, rules: Rules) -> None:
    _RULES[kind] = rules


# --- Asking -----------------------------------------------------------------------------------


@transaction.atomic
def ask(
    *,
    commitment: Commitment,
    by: User,
    kind: str,
    reason: str,
    today: date,
    key_date: KeyDate | None = None,
    wanted: PlanDate | None = None,
    wanted_text: str = "",
    old_lead: Person | None = None,
    new_lead: Person | None = None,
) -> ChangeRequest:
    """Ask for a change of a commitment. The same ask that is still open stands for both.

    A date of which a move is asked for already is not asked to move elsewhere meanwhile.
    """
    commitment = locked_open(commitment)
    problems = {} if reason else {"reason": "Say why it should change"}
    if kind == Kind.DATE:
        problems |= _date_problems(commitment, key_date, wanted, today)
    elif kind == Kind.WORDING:
        problems |= _wording_problems(commitment, wanted_text)
    elif kind == Kind.LEAD:
        problems |= _lead_problems(commitment, old_lead, new_lead)
    elif kind in (Kind.PAUSE, Kind.RESTART):
        problems |= _pause_problems(commitment, kind, wanted, today)
    elif kind != Kind.WITHDRAWAL:
        problems["kind"] = "Choose what should change"
    if problems:
        raise ValidationError(problems)
    fields = {
        "commitment": commitment,
        "kind": kind,
        "key_date": key_date,
        "wanted_on": wanted.first_day if wanted else None,
        "wanted_text": wanted_text,
        "old_lead": old_lead,
        "new_lead": new_lead,
        "reason": reason,
        "by": by,
    }
    for same in ChangeRequest.objects.filter(**fields):
        if step_of(same).is_open:
            return same
    if kind == Kind.DATE:
        _refuse_second_move(commitment, key_date)
    return ChangeRequest.objects.create(**fields)


def _with_update(
    *,
    update: ProgressUpdate,
    key_date: int | None,
    wanted: PlanDate,
    reason: str,
    replaces: int | None,
    clocks: dict[str, Any],
) -> ChangeRequest:
    """Record the new date that somebody asked for with an update, whose verb has checked it."""
    if replaces is not None:
        _taken_back_with(
            update=update, request=replaces, reason=f"A request for {wanted} takes its place."
        )
    return ChangeRequest.objects.create(
        commitment=update.commitment,
        key_date_id=key_date,
        wanted_on=wanted.first_day,
        reason=reason,
        update=update,
        **clocks,
    )


def _taken_back_with(*, update: ProgressUpdate, request: int, reason: str = "") -> None:
    """Take back what was asked before, by the author of an update and as they may."""
    assert update.by is not None
    take_back(
        request=ChangeRequest.objects.get(pk=request, commitment=update.commitment),
        by=update.by,
        reason=reason or "Taken back with an update.",
    )


RECORDERS.append(_with_update)
WITHDRAWERS.append(_taken_back_with)


def _refuse_second_move(commitment: Commitment, key_date: KeyDate | None) -> None:
    """One date is asked to move once: two open asks could both be agreed."""
    for other in ChangeRequest.objects.filter(
        commitment=commitment, kind=Kind.DATE, key_date=key_date
    ):
        if other.wanted and step_of(other).is_open:
            raise ValidationError({"wanted": asked_already(other.wanted, other.effective_at)})


def _date_problems(
    commitment: Commitment, key_date: KeyDate | None, wanted: PlanDate | None, today: date
) -> dict[str, str]:
    if wanted is None:
        return {"wanted": "Give the new month"}
    if wanted.passed_by(today):
        return {"wanted": "Give a month that has not passed"}
    if key_date is None:
        completions = KeyDate.objects.filter(
            commitment=commitment, kind=DateKind.COMPLETION, replaced_by=None
        )
        if any(_outcome(completion) is not Outcome.WITHDRAWN for completion in completions):
            return {"key_date": "Choose which date should move"}
        return {}
    if key_date.commitment_id != commitment.pk:
        return {"key_date": in_words("Choose one of the {commitment}’s dates")}
    if _outcome(key_date) in (Outcome.MET, Outcome.DELIVERED):
        return {"key_date": "This date has been met, so it stays as it is"}
    if KeyDate.objects.filter(replaces=key_date).exists():
        return {"key_date": "This date has moved meanwhile"}
    if key_date.when == wanted:
        return {"wanted": "This is the date as agreed"}
    return {}


def _outcome(key_date: KeyDate) -> Outcome | None:
    """What was last said of a date; None where nothing was, or it was reopened."""
    mark = DateMark.objects.filter(key_date=key_date).order_by("effective_at", "recorded_at").last()
    return Outcome(mark.outcome) if mark and mark.outcome != Outcome.REOPENED else None


def _wording_problems(commitment: Commitment, text: str) -> dict[str, str]:
    if not text:
        return {"wanted_text": "Write it as it should read"}
    if commitment.same_evidence_as:
        return {
            "wanted_text": f"This wording is that of {commitment.same_evidence_as.ref}. Ask there"
        }
    if text == commitment.evidence:
        return {"wanted_text": "This is the wording as agreed"}
    return {}


def _lead_problems(
    commitment: Commitment, old: Person | None, new: Person | None
) -> dict[str, str]:
    if old is None and new is None:
        return {"new_lead": "Choose who should lead it"}
    if old and not _leads_now(commitment, old):
        return {"old_lead": "Choose somebody who leads it now"}
    if new and _leads_now(commitment, new):
        return {"new_lead": "This person leads it already"}
    others = _leading(commitment).exclude(person=old)
    if new is None and not others.exists():
        return {"new_lead": "Somebody must lead it. Choose who takes over"}
    return {}


def _pause_problems(
    commitment: Commitment, kind: str, wanted: PlanDate | None, today: date
) -> dict[str, str]:
    if kind == Kind.RESTART:
        return {} if is_paused(commitment) else {"kind": "It is not paused"}
    if is_paused(commitment):
        return {"kind": "It is paused already"}
    if wanted and wanted.passed_by(today):
        return {"wanted": "Give a month that has not passed"}
    return {}


def _leading(commitment: Commitment) -> QuerySet[CommitmentLead]:
    today = timezone.localdate()
    return CommitmentLead.objects.filter(commitment=commitment).filter(active_on(today))


def _leads_now(commitment: Commitment, person: Person) -> bool:
    return _leading(commitment).filter(person=person).exists()


# --- Where it stands --------------------------------------------------------------------------


def step_of(request: ChangeRequest, before: datetime | None = None) -> Step:
    """Where an ask stands now, or by what was said before a moment.

    A list that knows `is_overtaken` of each spares the queries.
    """
    if said_of(request, "taken_back", before):
        return Step.TAKEN_BACK
    decision = said_of(request, "decision", before)
    if decision is None:
        # What was decided or taken back later was still open.
        is_open = hasattr(request, "decision") or hasattr(request, "taken_back")
        if not is_open and _is_overtaken(request):
            return Step.OVERTAKEN
        return Step.TO_DECIDE if said_of(request, "support", before) else Step.TO_SUPPORT
    if not decision.is_agreed:
        return Step.REFUSED
    if _needs_approval(request) and not said_of(request, "approval", before):
        return Step.OVERTAKEN if _is_overtaken(request) else Step.TO_APPROVE
    return Step.IN_EFFECT


def said_of(request: ChangeRequest, what: str, before: datetime | None) -> Any:
    """The support, decision, approval or taking back of an ask; None where there was none yet."""
    said = getattr(request, what, None)
    return said if said and (before is None or said.effective_at < before) else None


def _is_overtaken(request: ChangeRequest) -> bool:
    known: bool | None = getattr(request, "is_overtaken", None)
    return bool(_RULES[request.kind].overtaken(request)) if known is None else known


def plan_of(request: ChangeRequest) -> Plan:
    if request.commitment:
        return request.commitment.plan
    if request.plan:
        return request.plan
    assert request.kpi is not None
    return request.kpi.plan


def _needs_approval(request: ChangeRequest) -> bool:
    return bool(plan_of(request).outside_approver)


def _locked(request: ChangeRequest, *steps: Step) -> ChangeRequest:
    """The ask as it stands with what it is about locked, at one of these steps."""
    _RULES[request.kind].lock(request)
    request = ChangeRequest.objects.get(pk=request.pk)
    step = step_of(request)
    if step not in steps:
        raise ValidationError(_CLOSED[step])
    return request


def users_leading(request: ChangeRequest) -> frozenset[int]:
    """The users who lead today what an ask is about. A list that knows their `lead_users` spares
    the query."""
    users: Collection[int | None] | None = getattr(request, "lead_users", None)
    if users is None:
        about = [request.commitment_id] if request.commitment_id else request.commitment_ids
        led = CommitmentLead.objects.filter(active_on(timezone.localdate()), commitment__in=about)
        users = led.values_list("person__user", flat=True)
    return frozenset(user for user in users if user is not None)


def _granted(by: User, request: ChangeRequest) -> memberships.PlanAccess:
    return memberships.granted_to(by, plan_of(request))


TEAM_RECORDS = "The programme team records this."

_CLOSED = {
    Step.TO_SUPPORT: in_words_lazy("The {area}’s senior responsible officer has not answered yet."),
    Step.TO_DECIDE: in_words_lazy("The {area}’s senior responsible officer has answered already."),
    Step.TO_APPROVE: "This was decided meanwhile.",
    Step.IN_EFFECT: "This was decided meanwhile.",
    Step.REFUSED: "This was decided meanwhile.",
    Step.TAKEN_BACK: "This was taken back.",
    Step.OVERTAKEN: "What it asks to change has changed meanwhile. It must be asked again.",
}


# --- Answering --------------------------------------------------------------------------------


@transaction.atomic
def support(
    *, request: ChangeRequest, by: User, is_supported: bool, reason: str = ""
) -> ChangeSupport:
    """The SRO's word on an ask."""
    request = _locked(request, Step.TO_SUPPORT)
    granted, areas = _granted(by, request), _RULES[request.kind].areas(request)
    access.refuse_unless(
        access.can_support_change(
            granted,
            areas=areas,
            asker=request.by_id,
            leads=users_leading(request),
        ),
        in_words(
            "The {area}’s senior responsible officer answers this, and nobody what they asked "
            "themselves or lead."
        ),
    )
    if not is_supported and not reason:
        raise ValidationError({"reason": "Say why you do not support it"})
    return ChangeSupport.objects.create(
        request=request,
        by=by,
        is_supported=is_supported,
        reason=reason,
        stands_in_for=memberships.stands_in_for(granted, memberships.Role.SRO, areas=areas),
    )


@transaction.atomic
def comment(*, request: ChangeRequest, by: User, text: str) -> ChangeComment:
    """Comment on an open ask. The same words of one person count once."""
    request = _locked(request, Step.TO_SUPPORT, Step.TO_DECIDE)
    access.refuse_unless(
        access.can_comment_change(_granted(by, request)),
        "Only a representative of the parent carer forum comments here.",
    )
    if not text:
        raise ValidationError({"text": "Write your comment"})
    if earlier := ChangeComment.objects.filter(request=request, by=by, text=text).last():
        return earlier
    return ChangeComment.objects.create(request=request, by=by, text=text)


@transaction.atomic
def decide(
    *,
    request: ChangeRequest,
    by: User,
    is_agreed: bool,
    meeting: Meeting | None,
    today: date,
    reason: str = "",
    is_between_meetings: bool = False,
) -> ChangeDecision:
    """Decide an ask in a meeting. Agreed, it takes effect at once unless outside approval waits.

    Between meetings it is chair's action, which needs a reason and is noted at the next meeting.
    """
    request = _locked(request, Step.TO_SUPPORT, Step.TO_DECIDE)
    granted = _granted(by, request)
    access.refuse_unless(
        access.can_decide_change(granted, asker=request.by_id, leads=users_leading(request)),
        "The chair decides this, and nobody what they asked themselves or lead.",
    )
    problems = {}
    if is_between_meetings:
        if meeting is not None:
            problems["meeting"] = "Chair’s action is taken between meetings: choose none"
        elif not reason:
            problems["reason"] = "Say why it could not wait for the next meeting"
    elif meeting is None:
        problems["meeting"] = "Choose the meeting in which it was decided"
    elif problem := meeting_problem(meeting, plan_of(request), today):
        problems["meeting"] = problem
    if not is_agreed and not reason:
        problems["reason"] = "Say why it is not agreed"
    if problems:
        raise ValidationError(problems)
    decision = ChangeDecision.objects.create(
        request=request,
        by=by,
        is_agreed=is_agreed,
        meeting=meeting,
        reason=reason,
        stands_in_for=memberships.stands_in_for(granted, memberships.Role.CHAIR),
    )
    if is_agreed and not _needs_approval(request):
        _take_effect(request, decision, by)
    return decision


@transaction.atomic
def agree_move(*, request: ChangeRequest, by: User) -> ChangeDecision:
    """The SRO's own decision, in place of their support: a short move of a date takes effect.

    Where the plan leaves that to them, and each date once. The steering group notes it when it
    meets next.
    """
    request = _locked(request, Step.TO_SUPPORT)
    plan = plan_of(request)
    if refusal := _nothing_left_to_sros(plan):
        raise ValidationError(refusal)
    granted, areas = _granted(by, request), _RULES[request.kind].areas(request)
    access.refuse_unless(
        access.can_agree_move(
            granted,
            areas=areas,
            asker=request.by_id,
            leads=users_leading(request),
        ),
        in_words(
            "The {area}’s senior responsible officer agrees this, and nobody what they asked "
            "themselves or lead."
        ),
    )
    if refusal := move_refusal(request):
        raise ValidationError(refusal)
    decision = ChangeDecision.objects.create(
        request=request,
        by=by,
        is_agreed=True,
        meeting=None,
        own_move_weeks=plan.own_move_weeks,
        stands_in_for=memberships.stands_in_for(granted, memberships.Role.SRO, areas=areas),
        reason=f"Within the {weeks_text(plan.own_move_weeks)} by which an SRO may move a date",
    )
    _take_effect(request, decision, by)
    return decision


def _nothing_left_to_sros(plan: Plan) -> str:
    if plan.outside_approver:
        return (
            f"{plan.outside_approver} must approve each change of this plan, so an SRO moves no "
            "date alone."
        )
    if not plan.own_move_weeks:
        return "In this plan the steering group decides each move of a date."
    return ""


def move_refusal(request: ChangeRequest) -> str:
    """Why an SRO may not agree an ask without the steering group; empty where they may."""
    if request.kind != Kind.DATE:
        return "Only a date may move without the steering group."
    if request.key_date is None or request.wanted is None:
        return "A first date is agreed by the steering group."
    if request.key_date.replaces_id is not None:
        return "This date has moved before. The steering group decides whether it moves again."
    weeks = plan_of(request).own_move_weeks
    if not own_moves.is_within(weeks, request.key_date.when, request.wanted):
        return (
            f"From {request.key_date.when} to {request.wanted} is more than the "
            f"{weeks_text(weeks)} by which an SRO may move a date. The steering group decides."
        )
    return ""


def weeks_text(weeks: int) -> str:
    return f"{weeks} week{'' if weeks == 1 else 's'}"


@transaction.atomic
def set_own_moves(*, plan: Plan, by: User, weeks: int) -> None:
    """Say by how many weeks an SRO may move a date, once, from now on; 0: not at all."""
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    access.refuse_unless(
        access.can_set_own_moves(memberships.granted_to(by, plan)),
        "The programme team says this, while the plan is not closed.",
    )
    if not 0 <= weeks <= own_moves.MOST_WEEKS:
        raise ValidationError(
            {"weeks": f"Enter a number of weeks from 0 to {own_moves.MOST_WEEKS}"}
        )
    plan.own_move_weeks = weeks
    plan.save(update_fields=["own_move_weeks"])


@transaction.atomic
def approve_outside(
    *,
    request: ChangeRequest,
    by: User,
    approver: str,
    approved_on: date | None,
    reference: str,
    today: date,
) -> OutsideApproval:
    """Record the approval from outside, with which an agreed change takes effect.

    The programme team records it with where it stands; who approved is the `approver` it names.
    """
    request = _locked(request, Step.TO_APPROVE)
    access.refuse_unless(access.can_record_for_change(_granted(by, request)), TEAM_RECORDS)
    problems = {}
    if not approver:
        problems["approver"] = "Say who approved it"
    if not reference:
        problems["reference"] = "Give the letter or message it stands in"
    if approved_on is None:
        problems["approved_on"] = "Give the day"
    elif approved_on > today:
        problems["approved_on"] = "That day has not come yet"
    if problems:
        raise ValidationError(problems)
    assert approved_on is not None
    approval = OutsideApproval.objects.create(
        request=request, by=by, approver=approver, approved_on=approved_on, reference=reference
    )
    _take_effect(request, request.decision, by)
    return approval


@transaction.atomic
def take_back(*, request: ChangeRequest, by: User, reason: str = "") -> ChangeTakenBack:
    request = _locked(request, Step.TO_SUPPORT, Step.TO_DECIDE, Step.TO_APPROVE, Step.OVERTAKEN)
    access.refuse_unless(
        access.can_take_back_change(_granted(by, request), asker=request.by_id),
        "A change is taken back by whoever asked for it, or by the programme team.",
    )
    return ChangeTakenBack.objects.create(request=request, by=by, reason=reason)


@transaction.atomic
def minute(*, decision: ChangeDecision, by: User, text: str) -> ChangeMinute:
    """Say where the minutes have a decision."""
    lock_record(decision)
    access.refuse_unless(access.can_record_for_change(_granted(by, decision.request)), TEAM_RECORDS)
    if not text:
        raise ValidationError({"text": "Give the minute reference"})
    if ChangeMinute.objects.filter(decision=decision).exists():
        raise ValidationError("The minute is on record already.")
    return ChangeMinute.objects.create(decision=decision, by=by, text=text)


def _take_effect(request: ChangeRequest, decision: ChangeDecision, by: User) -> None:
    asked_by = str(request.by) if request.by else request.source
    _RULES[request.kind].effect(request, by, asked_by, decision.decided_in)


# --- Changes of a commitment ------------------------------------------------------------------


def _lock_commitment(request: ChangeRequest) -> Plan:
    assert request.commitment is not None
    return locked_open(request.commitment).plan


def _area_of(request: ChangeRequest) -> Collection[int]:
    assert request.commitment is not None
    return (request.commitment.action.area_id,)


def _date_overtaken(request: ChangeRequest) -> str:
    if request.key_date and KeyDate.objects.filter(replaces=request.key_date).exists():
        return "The date has moved since this was asked."
    return _withdrawn(request)


def _withdrawn(request: ChangeRequest) -> str:
    newest = (
        Withdrawal.objects.filter(commitment=request.commitment)
        .order_by("-effective_at", "-recorded_at")
        .first()
    )
    return "The commitment was withdrawn from the plan." if newest and newest.is_withdrawn else ""


def _pause_overtaken(request: ChangeRequest) -> str:
    assert request.commitment is not None
    if is_paused(request.commitment):
        return "It is paused already."
    return _withdrawn(request)


def _restart_overtaken(request: ChangeRequest) -> str:
    assert request.commitment is not None
    if not is_paused(request.commitment):
        return "It is no longer paused."
    return _withdrawn(request)


def _lead_overtaken(request: ChangeRequest) -> str:
    assert request.commitment is not None
    if request.old_lead and not _leads_now(request.commitment, request.old_lead):
        return "This person no longer leads it."
    if request.new_lead and _leads_now(request.commitment, request.new_lead):
        return "This person leads it already."
    return _withdrawn(request)


def _move(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    wanted = request.wanted
    assert wanted is not None
    assert request.commitment is not None
    if request.key_date:
        move_date(
            key_date=request.key_date,
            to=wanted,
            reason=request.reason,
            by=by,
            asked_by=asked_by,
            decided_by=decided_by,
        )
        return
    last = KeyDate.objects.filter(commitment=request.commitment).order_by("position").last()
    KeyDate.objects.create(
        commitment=request.commitment,
        kind=DateKind.COMPLETION,
        **date_columns(wanted),
        position=last.position + 1 if last else 0,
        note=request.reason,
        asked_by=asked_by,
        decided_by=decided_by,
        by=by,
    )


def _reword(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    assert request.commitment is not None
    commitment = Commitment.objects.get(pk=request.commitment.pk)
    # A list stays one: each line that was asked for is a criterion.
    criteria = [line.strip() for line in request.wanted_text.splitlines()]
    text = "\n".join(filter(None, criteria)) if commitment.evidence_is_list else request.wanted_text
    commitment.evidence = text
    commitment.save(update_fields=["evidence"])


def _withdraw(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    assert request.commitment is not None
    withdraw_commitment(
        commitment=request.commitment,
        reason=f"{request.reason} (asked by {asked_by}, decided by {decided_by})",
        by=by,
    )


def _pause(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    assert request.commitment is not None
    pause_commitment(
        commitment=request.commitment,
        reason=f"{request.reason} (asked by {asked_by})",
        decided_by=decided_by,
        restarts=request.wanted,
        by=by,
    )


def _restart(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    assert request.commitment is not None
    restart_commitment(
        commitment=request.commitment,
        reason=f"{request.reason} (asked by {asked_by})",
        decided_by=decided_by,
        by=by,
    )


def _change_lead(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    assert request.commitment is not None
    change_lead(
        commitment=request.commitment,
        old=request.old_lead,
        new=request.new_lead,
        on=timezone.localdate(),
    )


register(Kind.DATE, Rules(_lock_commitment, _date_overtaken, _move, _area_of))
register(Kind.WORDING, Rules(_lock_commitment, _withdrawn, _reword, _area_of))
register(Kind.WITHDRAWAL, Rules(_lock_commitment, _withdrawn, _withdraw, _area_of))
register(Kind.LEAD, Rules(_lock_commitment, _lead_overtaken, _change_lead, _area_of))
register(Kind.PAUSE, Rules(_lock_commitment, _pause_overtaken, _pause, _area_of))
register(Kind.RESTART, Rules(_lock_commitment, _restart_overtaken, _restart, _area_of))
