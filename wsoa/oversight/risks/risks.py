"""What a user may raise a risk on; and raising one there, on a KPI too."""

from typing import Any

from django.db import transaction

from actions import access
from actions.models import Risk
from actions.pages.plan_page import PlanPage
from actions.progress import risks
from actions.records import locking
from kpis.models import Kpi, KpiRisk
from wsoa.accounts.models import User
from wsoa.oversight.subjects import Subject, subjects_where


def subjects_of(page: PlanPage) -> list[Subject]:
    """All that the user may raise a risk on today. Four queries."""
    return subjects_where(
        page,
        lambda areas, state: access.can_raise_risk(page.access, areas=areas, state=state),
    )


@transaction.atomic
def raise_on(
    subject: Subject,
    *,
    by: User,
    kind: str,
    text: str,
    mitigation: str = "",
    help_needed: str = "",
) -> Risk:
    """Raise a risk or an issue on an area, a commitment or a KPI."""
    fields: dict[str, Any] = {
        "kind": kind,
        "text": text,
        "mitigation": mitigation,
        "help_needed": help_needed,
    }
    row = subject.row
    assert row is not None
    if not isinstance(row, Kpi):
        return risks.raise_risk(plan=row.plan, by=by, **subject.about, **fields)
    # Locked before it is looked for, so that the same form sent twice makes one here too.
    plan = locking.locked_agreed(row.plan)
    same = Risk.objects.filter(on_kpi__kpi=row, closing=None, **fields).last()
    if same:
        return same
    risk = risks.raise_risk(plan=plan, by=by, **fields)
    KpiRisk.objects.create(risk=risk, kpi=row)
    return risk
