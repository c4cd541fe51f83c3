"""What a KPI goes on from in the plans before, with the figures that are open to everybody.

A reader of one plan may belong to none of those before it, whatever they may see here: so figures
come through as the second audience has them, and what is closed does not come at all. Nor does a
figure of a period that has one here: two values of one period are not set beside each other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from actions.models import Membership, Plan
from actions.records.lineage import chain_before, of_lineages
from kpis.models import Kpi
from kpis.recording.history import load_kpis
from kpis.rules.figures import PeriodFigure


@dataclass(frozen=True, slots=True)
class FormerKpi:
    """A KPI of a plan before, its open figures, and how it differs from the one that goes on."""

    row: Any
    plan: Plan
    figures: tuple[PeriodFigure, ...]
    # "Counted in days", "Defined otherwise"; empty where the series goes straight on.
    break_text: str = ""
    # Whether its numbers can stand on the same axis.
    same_unit: bool = True
    sees: bool = False


def formers_of(
    kpi: Any, until: date, own: Collection[PeriodFigure], live: Any = None
) -> list[FormerKpi]:
    """The oldest first. Four queries for a chain of any length; none for what begins here.

    `kpi` is a Kpi or a row of its history; `live` the memberships by which the reader sees plans.
    """
    if kpi.lineage is None or kpi.continues_id is None:
        return []
    chain = of_lineages(Kpi.objects.all(), [kpi.lineage]).select_related("plan")
    memberships = Membership.objects.none() if live is None else live
    rows = {
        row.pk: row
        for row in chain.annotate(sees=Exists(memberships.filter(plan=OuterRef("plan"))))
    }
    continues = {pk: row.continues_id for pk, row in rows.items()}
    keys = [*chain_before(kpi.continues_id, continues), kpi.continues_id]
    plans = {rows[key].plan_id: rows[key].plan for key in keys}
    states = load_kpis(list(plans.values()), until, worded_day=None, pk__in=keys).states()
    # The newest plan that has a period says what it came to.
    taken = {figure.ends_on for figure in own}
    formers = []
    for key in reversed(keys):
        state = states.get(key)
        figures = [
            figure
            for figure in (state.figures if state else ())
            if figure.counts and not figure.is_too_few and figure.ends_on not in taken
        ]
        taken |= {figure.ends_on for figure in state.figures} if state else set()
        formers.append(_former(kpi, rows[key], figures))
    return formers[::-1]


def _former(kpi: Any, row: Any, figures: list[PeriodFigure]) -> FormerKpi:
    same_unit = row.unit == kpi.unit and row.kind == kpi.kind
    defined = ("definition", "numerator", "denominator", "frequency", "year")
    if row.unit != kpi.unit:
        text = f"Counted in {row.unit}"
    elif row.kind != kpi.kind:
        text = f"Counted as {row.get_kind_display().lower()}"
    elif any(getattr(row, name) != getattr(kpi, name) for name in defined):
        text = "Defined otherwise"
    else:
        text = ""
    return FormerKpi(row, row.plan, tuple(figures), text, same_unit, row.sees)
