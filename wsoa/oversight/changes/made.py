"""What requests have made of a part of the plan: added, reworded, moved, with when and by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from actions.pages.formatting import short_day
from actions.pages.plan_page import PlanPage
from actions.records.written_once import written_once
from actions.rules.dates import day_of, end_of_day
from wsoa.oversight.models import ChangeRequest

_WORDS = {"add": "Added to the plan", "reword": "Reworded", "move": "Moved within the plan"}
# What hangs on a part and is said of it.
_WITHIN = {"commitment": "date", "kpi": "target"}
_DATED = {
    ("date", "add"): "Date added",
    ("date", "reword"): "Date moved",
    ("target", "add"): "Target added",
    ("target", "reword"): "Target changed",
}


@dataclass(frozen=True, slots=True)
class Made:
    """One thing that a request did, as the page of the part says it."""

    text: str
    url: str


def made_of(page: PlanPage, kind: str, ref: str) -> list[Made]:
    """What was made of a part by the end of the page's day, newest first. One query."""
    requests = _agreed(page.plan.pk, end_of_day(page.day))
    return [
        Made(f"{said} {how}", page.url("oversight:change", request.pk))
        for request in requests
        if (how := _how(page, request))
        for said in _said(request, kind, ref)
    ]


@written_once
def _agreed(plan: int, until: datetime) -> QuerySet[Any, Any]:
    """Of a plan there are few; which say something of the part is told from what was read."""
    return (
        ChangeRequest.objects.filter(
            plan=plan,
            kind=ChangeRequest.Kind.PLAN,
            decision__is_agreed=True,
            decision__effective_at__lt=until,
        )
        .select_related("by", "decision__meeting__body", "approval")
        .order_by("-decision__effective_at", "-pk")
    )


def _said(request: ChangeRequest, kind: str, ref: str) -> list[str]:
    """Each thing once, however many parts say it."""
    told = []
    for part in request.parts:
        if (part["kind"], part["ref"]) == (kind, ref):
            told.append(_WORDS.get(part["act"], "Taken out of the plan"))
        elif (part["kind"], part["within"]) == (_WITHIN.get(kind), ref):
            told.append(_DATED.get((part["kind"], part["act"]), ""))
    return list(dict.fromkeys(filter(None, told)))


def _how(page: PlanPage, request: ChangeRequest) -> str:
    """On which day, asked by whom and agreed by whom; empty where it had no effect yet."""
    decision, approval = request.decision, getattr(request, "approval", None)
    took_effect = approval or decision
    if page.plan.outside_approver and approval is None:
        return ""
    if took_effect.effective_at >= end_of_day(page.day):
        return ""
    day = short_day(day_of(took_effect.effective_at))
    asked_by = str(request.by) if request.by else request.source
    return f"on {day}: asked by {asked_by}, agreed by {decision.decided_in}"
