"""Who is named in a plan: every row that names a person."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import (
    QuerySet,
)

from actions.models import (
    AccountableOfficer,
    ActionLead,
    AreaOfficer,
    BodyMember,
    CommitmentLead,
)
from kpis.models import Kpi


def named_in(plans: Collection[int]) -> Iterable[tuple[QuerySet[Any], str, str]]:
    """The rows that name somebody in these plans; and their ways to the person and to the plan."""
    for model, person, plan in (
        (CommitmentLead, "person", "commitment__plan"),
        (ActionLead, "person", "action__plan"),
        (AccountableOfficer, "person", "action__plan"),
        (AreaOfficer, "person", "area__plan"),
        (BodyMember, "people", "body__plan"),
        (Kpi, "data_owner", "plan"),
    ):
        named: QuerySet[Any] = model._default_manager.filter(**{f"{plan}__any": list(plans)})
        if model in (BodyMember, Kpi):
            named = named.filter(withdrawn_at=None)
        yield named, person, plan
