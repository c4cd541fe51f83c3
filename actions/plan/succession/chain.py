"""The plans before and after a plan, as its reader may know of them."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse

from actions.memberships import live_plans_of
from actions.models import Plan, Succession
from actions.pages import formatting
from actions.pages.plan_page import PlanPage


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A plan in the chain: what it is to this one, its name, and its page for who may see it."""

    words: str
    title: str
    state_text: str
    url: str = ""


def chain_of(page: PlanPage) -> list[Neighbour]:
    """What the plan continues, back to the first, and what continues it. One query.

    Of a plan that the reader does not belong to, only the name; of a draft, not that.
    """
    live = live_plans_of(page.access.user)
    rows = list(
        Succession.objects.filter(plan__local_area=page.plan.local_area_id)
        .select_related("plan", "predecessor")
        .annotate(
            sees_plan=Exists(live.filter(plan=OuterRef("plan"))),
            sees_predecessor=Exists(live.filter(plan=OuterRef("predecessor"))),
        )
    )
    plans = {row.plan_id: (row.plan, row.sees_plan) for row in rows}
    plans |= {row.predecessor_id: (row.predecessor, row.sees_predecessor) for row in rows}
    before, after = defaultdict(list), defaultdict(list)
    for row in rows:
        before[row.plan_id].append(row.predecessor_id)
        after[row.predecessor_id].append(row.plan_id)
    return [
        Neighbour(
            words,
            plan.title,
            formatting.state_text(plan),
            reverse("actions:plan", args=[plan.slug]) if sees and not page.shared_view else "",
        )
        for way, near, far in (
            (before, "Continues", "Before that"),
            (after, "Continued by", "After that"),
        )
        for words, pk in _along(page.plan.pk, way, near, far)
        for plan, sees in (plans[pk],)
        if sees or plan.state != Plan.State.DRAFT
    ]


def _along(start: int, way: dict[int, list[int]], near: str, far: str) -> list[tuple[str, int]]:
    """Each plan once, the nearest first."""
    found: dict[int, str] = {}
    words, step = near, [start]
    while step:
        step = [pk for each in step for pk in way[each] if pk not in found and pk != start]
        found |= dict.fromkeys(step, words)
        words = far
    return [(words, pk) for pk, words in found.items()]
