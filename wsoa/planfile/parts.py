"""Dates and targets on record, in the terms of the plan file."""

from itertools import pairwise

from actions.models import KeyDate, Plan
from actions.rules.dates import day_of
from kpis.models import TargetPoint
from wsoa.planfile.format import schema
from wsoa.planfile.format.values import date_value


def key_date_part(chain: list[KeyDate], plan: Plan) -> schema.KeyDate:
    """A date with its moves since the plan was agreed; what a draft said before is no promise."""
    newest = chain[-1]
    return schema.KeyDate.model_validate(
        {
            "date": date_value(newest.when),
            "kind": newest.kind,
            "note": newest.note or None,
            "moves": _moves(chain, plan),
        }
    )


def _moves(chain: list[KeyDate], plan: Plan) -> list[schema.DateMove]:
    if plan.agreed_on is None or plan.state == Plan.State.DRAFT:
        return []
    moves: list[schema.DateMove] = []
    moved_on = plan.agreed_on
    for was, now in pairwise(chain):
        day = day_of(now.effective_at)
        # A row with the same date has another note.
        if day < plan.agreed_on or was.when == now.when:
            continue
        moved_on = max(day, moved_on)
        moves.append(
            schema.DateMove(
                was=date_value(was.when),
                moved_on=moved_on.isoformat(),
                reason=now.reason,
                asked_by=now.asked_by or None,
                decided_by=now.decided_by or None,
            )
        )
    return moves


def target_part(row: TargetPoint) -> schema.Target:
    """As printed: of a date given from the agreement, how many months and not the month."""
    is_relative = row.months_after_agreement is not None
    return schema.Target.model_validate(
        {
            "date": date_value(row.when) if row.when and not is_relative else None,
            "value": row.value,
            "operator": row.operator,
            "kind": row.kind,
            "months_after_agreement": row.months_after_agreement,
            "tolerance": row.tolerance,
            "label": row.label or None,
            "borrowed_from": row.borrowed_from or None,
            "note": row.note or None,
        }
    )
