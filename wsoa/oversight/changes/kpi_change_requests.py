"""Changing a measure's target or baseline, the way any agreed thing changes."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Plan
from actions.models.base import date_columns
from actions.rules.dates import PlanDate
from kpis.models import Kpi, KpiCommitment, TargetPoint
from wsoa.accounts.models import User
from wsoa.oversight.changes import change_requests
from wsoa.oversight.changes.change_requests import Kind, Rules
from wsoa.oversight.models import ChangeRequest


@transaction.atomic
def ask(
    *,
    kpi: Kpi,
    by: User,
    reason: str,
    wanted_value: Decimal | None,
    today: date,
    target: TargetPoint | None = None,
    wanted_on: PlanDate | None = None,
) -> ChangeRequest:
    """Ask for another target, or, where no target is named, another baseline."""
    kpi = _locked(kpi)
    problems = {} if reason else {"reason": "Say why it should change"}
    if wanted_value is None:
        problems["wanted_value"] = "Give the new number"
    elif target is None and wanted_value == kpi.baseline:
        problems["wanted_value"] = "This is the baseline as agreed"
    elif target and (wanted_value, wanted_on) == (target.value, target.when):
        problems["wanted_value"] = "This is the target as agreed"
    if target and (target.kpi_id != kpi.pk or _is_replaced(target)):
        problems["target"] = "This target has changed meanwhile"
    if target and wanted_on and wanted_on.passed_by(today):
        problems["wanted_on"] = "Give a month that has not passed"
    if problems:
        raise ValidationError(problems)
    assert wanted_value is not None
    fields = {
        "kind": Kind.TARGET if target else Kind.BASELINE,
        "kpi": kpi,
        "target": target,
        "wanted_value": wanted_value,
        "wanted_on": wanted_on.first_day if wanted_on else None,
        "reason": reason,
        "by": by,
    }
    for same in ChangeRequest.objects.filter(**fields):
        if change_requests.step_of(same).is_open:
            return same
    return ChangeRequest.objects.create(**fields)


def _locked(kpi: Kpi) -> Kpi:
    kpi = (
        Kpi.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan")
        .get(pk=kpi.pk)
    )
    if kpi.plan.state != Plan.State.AGREED:
        raise ValidationError("Measures change by request in an agreed plan only.")
    if kpi.withdrawn_at is not None:
        raise ValidationError("This measure was withdrawn from the plan.")
    return kpi


def _kpi(request: ChangeRequest) -> Kpi:
    assert request.kpi is not None
    return request.kpi


def _lock(request: ChangeRequest) -> Plan:
    return _locked(_kpi(request)).plan


def _areas(request: ChangeRequest) -> Collection[int]:
    """The areas that the measure serves."""
    return frozenset(
        KpiCommitment.objects.filter(kpi=request.kpi).values_list(
            "commitment__action__area", flat=True
        )
    )


def _is_replaced(target: TargetPoint) -> bool:
    return target.is_withdrawn or TargetPoint.objects.filter(replaces=target).exists()


def _overtaken(request: ChangeRequest) -> str:
    if request.target and _is_replaced(request.target):
        return "The target has changed since this was asked."
    return "The measure was withdrawn from the plan." if _kpi(request).withdrawn_at else ""


def _set_target(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    target = request.target
    assert target is not None
    dated = date_columns(request.wanted) | {"months_after_agreement": None}
    target.replacement(
        **(dated if request.wanted else {}),
        value=request.wanted_value,
        reason=f"{request.reason} (asked by {asked_by}, decided by {decided_by})",
        by=by,
    ).save()


def _set_baseline(request: ChangeRequest, by: User, asked_by: str, decided_by: str) -> None:
    kpi = _kpi(request)
    kpi.baseline = request.wanted_value
    columns = date_columns(request.wanted or kpi.baseline_date, "baseline_")
    for column, part in columns.items():
        setattr(kpi, column, part)
    kpi.save(update_fields=["baseline", *columns])


change_requests.register(Kind.TARGET, Rules(_lock, _overtaken, _set_target, _areas))
change_requests.register(Kind.BASELINE, Rules(_lock, _overtaken, _set_baseline, _areas))
