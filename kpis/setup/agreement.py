"""What the agreement of a plan does to its KPIs: targets given from that day get their dates.

A plan prints "month 6 after agreement". In a draft the target says just that. Once the plan is
agreed it has the month, stored beside what was printed, and nothing that is read later works it out
again: a date that people plan by stays where it is until somebody decides otherwise.
"""

from actions.models import Plan
from actions.models.base import date_columns
from actions.pages.formatting import short_day
from actions.plan.editing import AT_AGREEMENT
from kpis.models import TargetPoint
from kpis.rules.standing.targets import month_after
from wsoa.accounts.models import User


def date_targets(plan: Plan, by: User) -> None:
    """Give each target in force its month, by a row that replaces it. Two statements."""
    assert plan.agreed_on is not None
    reason = f"The plan was agreed on {short_day(plan.agreed_on)}"
    relative = TargetPoint.objects.filter(
        kpi__plan=plan,
        months_after_agreement__isnull=False,
        replaced_by=None,
        is_withdrawn=False,
    )
    TargetPoint.objects.bulk_create(
        target.replacement(
            **date_columns(month_after(plan.agreed_on, target.months_after_agreement)),
            reason=reason,
            by=by,
        )
        for target in relative.order_by("pk")
    )


AT_AGREEMENT.append(date_targets)
