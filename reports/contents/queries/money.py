"""What the plan names as resources and funding."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from actions.models import FundingAmount, FundingLine, Resource
from actions.rules.state import CommitmentState
from reports.contents.cut_off import AtCutOff


@dataclass(frozen=True, slots=True)
class Money:
    """A resource of an action or of one commitment, with pounds where the plan gives some."""

    action: int
    commitment: int | None
    text: str
    amount: Any


def resources(cut_off: AtCutOff, states: Iterable[CommitmentState]) -> list[Money]:
    """In the plan's order of actions."""
    order = {pk: place for place, pk in enumerate(dict.fromkeys(_actions_in_order(states)))}
    rows = [
        row
        for row in cut_off.worded(Resource, action__plan=cut_off.plan)
        if row.withdrawn_at is None
    ]
    rows.sort(key=lambda row: (order.get(row.action_id, len(order)), row.position, row.key))
    return [Money(row.action_id, row.commitment_id, row.text, row.amount) for row in rows]


def _actions_in_order(states: Iterable[CommitmentState]) -> list[int]:
    return [state.action for state in states]


def other_sums(cut_off: AtCutOff) -> list[Any]:
    """Lines with a sum for no financial year in particular, in print order."""
    rows = [
        row
        for row in cut_off.worded(FundingLine, plan=cut_off.plan)
        if row.withdrawn_at is None and row.total is not None
    ]
    return sorted(rows, key=lambda row: (row.position, row.key))


def funding(cut_off: AtCutOff) -> list[Any]:
    """The amounts of the plan's funding lines, in print order, by line and year."""
    rows = [
        row
        for row in cut_off.worded(FundingAmount, line__plan=cut_off.plan).select_related("line")
        if row.line.withdrawn_at is None
    ]
    return sorted(rows, key=lambda row: (row.line.position, row.line_id, row.year))
