"""Starting another plan of a local area, with what plans of its kind usually have."""

from collections.abc import Collection

from django.db import transaction
from django.utils.text import slugify

from actions import memberships
from actions.models import LocalArea, Membership, Plan, Succession
from actions.plan.starting.kinds import PROPOSALS
from actions.rules.dates import PlanDate
from wsoa.accounts.models import User


@transaction.atomic
def start_plan(
    *,
    by: User,
    local_area: LocalArea,
    title: str,
    kind: str,
    kind_name: str = "",
    starts: PlanDate,
    ends: PlanDate | None = None,
    predecessors: Collection[Plan] = (),
    brings: Collection[str] = (),
) -> Plan:
    """A draft with its author as programme officer, and what it `brings` of its kind.

    It continues its `predecessors`, which may be several; what comes with it of their rows is for
    `carrying.carry_forward`.
    """
    plan = Plan.objects.create(
        local_area=local_area,
        slug=_free_slug(f"{local_area} {starts.first_day.year}"),
        title=title,
        kind=kind,
        kind_name=kind_name,
        starts_on=starts.first_day,
        starts_is_day=starts.is_day,
        ends_on=ends.first_day if ends else None,
        ends_is_day=bool(ends and ends.is_day),
        is_sample=any(plan.is_sample for plan in predecessors),
        inspection=next((plan.inspection for plan in predecessors if plan.inspection), None),
    )
    Succession.objects.bulk_create(
        Succession(plan=plan, predecessor=predecessor, position=position)
        for position, predecessor in enumerate(predecessors)
    )
    memberships.grant(user=by, plan=plan, role=Membership.Role.PROGRAMME_OFFICER)
    for name, proposal in PROPOSALS.items():
        if name in brings:
            proposal.set_up(plan, by)
    return plan


def _free_slug(text: str) -> str:
    """`warwickshire-2025`, or `warwickshire-2025-2` where that is taken."""
    slug = slugify(text)[:50].strip("-") or "plan"
    taken = set(Plan.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free
