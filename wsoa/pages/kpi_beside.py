"""What stands on a KPI's page of the rest of the plan: commitments, risks, and what may be done."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.dateparse import parse_datetime

from actions import access
from actions.models import Risk
from actions.pages import formatting
from actions.pages.commitment_rows import commitment_texts
from actions.pages.plan_page import PlanPage
from actions.rules.dates import day_of
from actions.rules.state import CommitmentState
from kpis.pages.kpi_rows import KpiRow
from kpis.recording.comparators import Comparator
from kpis.rules.state import effect_of
from kpis.rules.text import (
    EFFECTS,
)


def commitment_rows(page: PlanPage, row: KpiRow) -> list[dict[str, Any]]:
    """The commitments it measures with their ratings, and "done, and no better". One query."""
    known = {state.id: state for state in page.state.commitments}
    states: list[CommitmentState] = [known[pk] for pk in row.state.commitments if pk in known]
    texts = commitment_texts(page, states)
    return [
        {
            "ref": state.ref,
            "name": texts[state.id].name,
            "rating": state.rating,
            "word": state.word,
            "is_withdrawn": state.is_withdrawn,
            "url": page.url("pages:commitment", state.code),
            "effect": EFFECTS[effect] if (effect := _effect(row, state)) else "",
        }
        for state in states
    ]


def _effect(row: KpiRow, state: CommitmentState) -> Any:
    return None if state.is_withdrawn else effect_of(row.state, state)


def risks_beside(page: PlanPage, row: KpiRow, risks: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Its open risks and issues, as includes/open_risks.html takes them."""
    areas = row.history.areas
    can_raise = page.is_today and access.can_raise_risk(page.access, areas=areas)
    can_close = page.is_today and access.can_close_risk(page.access, areas=areas)
    raise_url = f"{page.url('oversight:raise_risk')}?{urlencode({'on': f'kpi:{row.code}'})}"
    return {
        "raise_risk_url": raise_url if can_raise else "",
        "open_risks": [
            {
                "kind": Risk.Kind(risk["kind"]).label,
                "text": risk["text"],
                "mitigation": risk["mitigation"],
                "help_needed": risk["help_needed"],
                "about": f"Raised {_raised(risk['at'])} by {risk['by'] or risk['source']}",
                "close_url": page.url("oversight:close_risk", risk["pk"]) if can_close else "",
            }
            for risk in risks
            if not page.shared_view
        ],
    }


def _raised(text: str) -> str:
    moment: datetime | None = parse_datetime(text)
    assert moment is not None
    return formatting.short_day(day_of(moment))


def buttons(page: PlanPage, row: KpiRow) -> dict[str, str]:
    """What the reader may do here today."""
    if not page.is_today:
        return {"enter_url": "", "rebase_url": "", "change_url": "", "small_numbers_url": ""}
    may_record = access.can_record_figure(
        page.access, data_owner=row.history.data_owner, areas=row.history.areas
    )
    may_rebase = access.can_rebase(page.access) and row.state.chart is not None
    may_set = access.can_set_small_numbers(page.access, data_owner=row.history.data_owner)
    may_ask = access.can_ask_change(
        page.access, areas=row.history.areas, data_owner=row.history.data_owner
    )
    return {
        "change_url": page.url("oversight:ask_kpi_change", row.code) if may_ask else "",
        "enter_url": page.url("kpis:figures") if may_record else "",
        "rebase_url": page.url("kpis:rebase", row.code) if may_rebase else "",
        "small_numbers_url": page.url("kpis:small_numbers", row.code) if may_set else "",
    }


def comparator_url(page: PlanPage, row: KpiRow, comparators: Collection[Comparator]) -> str:
    """Where a figure of others is entered; empty where nobody is, or it is not theirs."""
    may = page.is_today and access.can_record_figure(
        page.access, data_owner=row.history.data_owner, areas=row.history.areas
    )
    return page.url("kpis:comparator_figure", row.code) if comparators and may else ""
