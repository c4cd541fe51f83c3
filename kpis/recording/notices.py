"""Tells data owners of the figures that are due from them, where their month begins."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from actions import access
from actions.memberships import PlanAccess
from actions.pages import formatting
from actions.pages.notices import TELLERS, Notice
from kpis.recording.history import kept_kpis


def notices_of(granted: PlanAccess, today: date) -> Iterable[Notice]:
    """One notice for all. One query where the user owns no data of the plan, else three."""
    user = granted.user.pk
    if not access.can_record_figure(granted, data_owner=user, areas=()):
        return []
    kpi_set = kept_kpis(
        granted.plan, granted.version, today, worded_day=None, data_owner__user=user
    )
    due = [period for state in kpi_set.states().values() for period in state.due]
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
