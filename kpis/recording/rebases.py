"""The decision to compute a control chart's mean and limits afresh, and taking it back.

Nothing does that by itself: somebody decided it, for a reason, and both stay on record.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models.base import at
from kpis.models import Kpi, Measurement, Rebase
from kpis.recording.measurements import locked_kpi
from wsoa.accounts.models import User


@transaction.atomic
def record_rebase(
    *,
    kpi: Kpi,
    on: date,
    reason: str,
    decided_by: str,
    by: User | None,
    today: date,
    effective_at: datetime | None = None,
    source: str = "",
) -> Rebase:
    """Have the limits computed afresh from the month that begins `on`."""
    kpi = locked_kpi(kpi.pk)
    problems = {}
    if on.day != 1:
        problems["on"] = "Give a month"
    elif on > today:
        problems["on"] = "This month has not come yet"
    elif not Measurement.objects.filter(kpi=kpi, ends_on__lt=on).exists():
        problems["on"] = "No figure comes before this month, so there are no limits to leave behind"
    elif kpi.rebases.filter(on=on, replaced_by=None, is_withdrawn=False).exists():
        problems["on"] = "The limits are set again from this month already"
    if not reason:
        problems["reason"] = "Say why the limits are set again"
    if not decided_by:
        problems["decided_by"] = "Say who decided it"
    if problems:
        raise ValidationError(problems)
    return Rebase.objects.create(
        kpi=kpi,
        on=on,
        reason=reason,
        decided_by=decided_by,
        by=by,
        source=source,
        **at(effective_at),
    )


@transaction.atomic
def withdraw_rebase(*, rebase: Rebase, reason: str, by: User) -> Rebase:
    """Take the decision back: a row that answers it."""
    locked_kpi(rebase.kpi_id)
    rebase = Rebase.objects.select_related("replaced_by").get(pk=rebase.pk)
    if hasattr(rebase, "replaced_by") or rebase.is_withdrawn:
        raise ValidationError("Somebody has taken this decision back already.")
    if not reason:
        raise ValidationError({"reason": "Say why the decision is taken back"})
    return Rebase.objects.create(
        kpi=rebase.kpi,
        on=rebase.on,
        reason=reason,
        decided_by=rebase.decided_by,
        by=by,
        replaces=rebase,
        is_withdrawn=True,
    )
