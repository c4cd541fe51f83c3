"""Changing an agreed plan by a fragment of it: new parts, other words, a move, what goes.

What a fragment may say, and bringing it into the plan, is the business of whoever reads plan files,
from above: it registers its check and its effect here. The course of the request is that of all.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from actions import access, memberships
from actions.models import LocalArea, Plan
from wsoa.accounts.models import User
from wsoa.oversight.changes import change_requests
from wsoa.oversight.changes.change_requests import Kind, Rules
from wsoa.oversight.models import ChangeDraft, ChangeRequest

Parts = Sequence[dict[str, Any]]

# Nobody reads a request of more parts, and each is looked at by itself.
MOST_PARTS = 30
_EMPTY: dict[str, Any] = {"ref": "", "within": "", "says": {}, "said": {}}


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands against one part of a fragment; the field is empty where it is the whole part."""

    part: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A fragment against the plan as it stands: problems, areas, commitments that it changes."""

    problems: tuple[Problem, ...]
    areas: tuple[int, ...]
    commitments: tuple[int, ...]


Check = Callable[[Plan, Parts, date], Checked]
Effect = Callable[[ChangeRequest, User, str, str], None]

_SOURCES: list[tuple[Check, Effect]] = []


def register_source(check: Check, effect: Effect) -> None:
    _SOURCES.append((check, effect))


def check(plan: Plan, parts: Parts, today: date) -> Checked:
    """Look at a fragment as its effect would."""
    (checks, _) = _SOURCES[-1]
    return checks(plan, parts, today)


def source_of(request: ChangeRequest) -> str:
    """What the records that a request brings say they come from."""
    return f"Change request {request.pk}"


@transaction.atomic
def ask(*, plan: Plan, parts: Parts, by: User, reason: str, today: date) -> ChangeRequest:
    """Ask for a fragment. The same ask that is still open stands for both.

    ValidationError keyed `parts` where the plan as it stands could not take it.
    """
    plan = _locked(plan)
    access.refuse_unless(
        access.can_propose(memberships.granted_to(by, plan)),
        "Officers, leads and senior responsible officers of the plan ask for this.",
    )
    parts = [{**_EMPTY, **part} for part in parts]
    problems: dict[str, Any] = {} if reason else {"reason": "Say why the plan should change"}
    if not parts:
        problems["parts"] = "Add what should be new or other than agreed"
    elif len(parts) > MOST_PARTS:
        problems["parts"] = f"One request has at most {MOST_PARTS} parts"
    else:
        checked = check(plan, parts, today)
        if checked.problems:
            problems["parts"] = [problem.message for problem in checked.problems]
    if problems:
        raise ValidationError(problems)
    for same in ChangeRequest.objects.filter(
        kind=Kind.PLAN, plan=plan, by=by, parts=parts, reason=reason
    ):
        if change_requests.step_of(same).is_open:
            return same
    made = ChangeRequest.objects.create(
        kind=Kind.PLAN,
        plan=plan,
        parts=parts,
        area_ids=list(checked.areas),
        commitment_ids=list(checked.commitments),
        reason=reason,
        by=by,
    )
    ChangeDraft.objects.filter(plan=plan, user=by).delete()
    return made


def _locked(plan: Plan) -> Plan:
    """The plan, which nobody edits or imports meanwhile."""
    LocalArea.objects.select_for_update(no_key=True).get(pk=plan.local_area_id)
    plan = Plan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
    if plan.state != Plan.State.AGREED:
        raise ValidationError("Only an agreed plan changes by request.")
    return plan


def _lock(request: ChangeRequest) -> Plan:
    assert request.plan is not None
    return _locked(request.plan)


def _overtaken(request: ChangeRequest) -> str:
    """Nothing: whether the plan can still take it is looked at in full when it is decided."""
    return ""


def _take_effect(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    (_, effect) = _SOURCES[-1]
    effect(request, by, asked_by, decided_by)


def _areas(request: ChangeRequest) -> Collection[int]:
    return request.area_ids


change_requests.register(Kind.PLAN, Rules(_lock, _overtaken, _take_effect, _areas))
