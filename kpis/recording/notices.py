"""Tells data owners of the figures that are due from them, where their month begins."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.urls import reverse

from actions import access
from actions.memberships import PlanAccess
from actions.pages import formatting
from actions.pages.notices import TELLERS, Notice
from actions.records.kept import keep
from kpis.models import Kpi
from kpis.recording.history import kept_kpis


def notices_of(granted: PlanAccess, today: date) -> Iterable[Notice]:
    """One notice for all. One query where the user owns no data of the plan.

    Else three more, which a page that shows KPIs of today asks anyway and finds kept.
    """
    user = granted.user.pk
    if not access.can_record_figure(granted, data_owner=user, areas=()):
        return []
    owns = keep(
        granted.version,
        ("owns figures", granted.plan.pk, user),
        Kpi.objects.filter(plan=granted.plan, data_owner__user=user).exists,
        int,
    )
    if not owns:
        return []
    kpi_set = kept_kpis(granted.plan, granted.version, today, worded_day=None)
    owned = replace(
        kpi_set, histories=tuple(kpi for kpi in kpi_set.histories if kpi.data_owner == user)
    )
    due = [period for state in owned.states().values() for period in state.due]
    if not due:
        return []
    overdue = sum(period.is_overdue for period in due)
    text = (
        f"{formatting.plural(len(due), 'figure')} {'is' if len(due) == 1 else 'are'} due from you"
    )
    if overdue:
        text += f", {overdue} overdue"
    url = reverse("kpis:figures", args=(granted.plan.slug,))
    return [Notice(f"{text}.", "Enter figures", url)]


TELLERS.append(notices_of)
