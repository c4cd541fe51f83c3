"""KPIs as the pages of areas, actions and commitments list them."""

from typing import Any

from actions.pages.plan_page import PlanPage
from actions.rules.state import CommitmentState
from kpis.pages.kpi_rows import KpiRow, kpi_lines, load_kpi_set
from kpis.rules.state import effect_of
from kpis.rules.text import EFFECTS


def kpis_of(page: PlanPage, **filters: Any) -> list[KpiRow]:
    """The measures of a commitment or an action as at the page's day. Three queries."""
    return kpi_lines(page, load_kpi_set(page, **filters), {})


def kpi_item(kpi: KpiRow, state: CommitmentState | None = None) -> dict[str, Any]:
    effect = effect_of(kpi.state, state) if state and not state.is_withdrawn else None
    return {
        "code": kpi.code,
        "title": kpi.title,
        "url": kpi.url,
        "words": kpi.asks_text,
        "latest": kpi.latest_text,
        "latest_note": kpi.latest_note,
        "position": kpi.position,
        "effect": EFFECTS[effect] if effect else "",
    }
