"""What the plan names as resources and funding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from actions.models import FundingAmount, Resource

if TYPE_CHECKING:
    from reports.contents.report_data import ReportData


@dataclass(frozen=True, slots=True)
class Money:
    """A resource of an action or of one commitment, with pounds where the plan gives some."""

    action: int
    commitment: int | None
    text: str
    amount: Any


def resources(report_data: ReportData) -> list[Money]:
    """In the plan's order of actions."""
    order = {pk: place for place, pk in enumerate(dict.fromkeys(_actions_in_order(report_data)))}
    rows = [
        row
        for row in report_data.worded(Resource, action__plan=report_data.plan)
        if row.withdrawn_at is None
    ]
    rows.sort(key=lambda row: (order.get(row.action_id, len(order)), row.position, row.key))
    return [Money(row.action_id, row.commitment_id, row.text, row.amount) for row in rows]


def _actions_in_order(report_data: ReportData) -> list[int]:
    return [state.action for state in report_data.now.commitments]


def funding(report_data: ReportData) -> list[Any]:
    """The amounts of the plan's funding lines, in print order, by line and year."""
    rows = [
        row
        for row in report_data.worded(FundingAmount, line__plan=report_data.plan).select_related(
            "line"
        )
        if row.line.withdrawn_at is None
    ]
    return sorted(rows, key=lambda row: (row.line.position, row.line_id, row.year))
