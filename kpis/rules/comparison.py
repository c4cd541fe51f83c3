"""What moved in the measures between two days. Standard library only."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kpis.rules.figures import PeriodFigure
from kpis.rules.standing.position import Position
from kpis.rules.standing.targets import Target
from kpis.rules.state import KpiState


class KpiChangeKind(StrEnum):
    ADDED = "added"
    NEW_FIGURE = "new_figure"
    RESTATED = "restated"
    POSITION = "position"
    TARGETS = "targets"
    DATA_OVERDUE = "data_overdue"


@dataclass(frozen=True, slots=True)
class KpiMove:
    """One thing that moved in one measure; `was` and `now` are of the kind's own sort."""

    kpi: int
    code: str
    kind: KpiChangeKind
    was: PeriodFigure | Position | tuple[Target, ...] | None = None
    now: PeriodFigure | Position | tuple[Target, ...] | None = None


def kpi_moves(before: Mapping[int, KpiState], after: Mapping[int, KpiState]) -> list[KpiMove]:
    """From one day to a later one, in the plan's order of measures."""
    return [move for pk, now in after.items() for move in _moves(before.get(pk), now)]


def _moves(was: KpiState | None, now: KpiState) -> list[KpiMove]:
    def move(kind: KpiChangeKind, earlier: object = None, later: object = None) -> KpiMove:
        return KpiMove(now.id, now.code, kind, earlier, later)  # type: ignore[arg-type]

    if was is None:
        return [move(KpiChangeKind.ADDED)]
    moves = []
    latest, earlier = now.latest, was.latest
    if latest and (earlier is None or latest.ends_on > earlier.ends_on):
        moves.append(move(KpiChangeKind.NEW_FIGURE, earlier, latest))
    for figure in now.figures:
        earlier_figure = next(
            (was_figure for was_figure in was.figures if was_figure.ends_on == figure.ends_on), None
        )
        if earlier_figure and earlier_figure.id != figure.id and figure.is_restated:
            moves.append(move(KpiChangeKind.RESTATED, earlier_figure, figure))
    if was.position is not now.position:
        moves.append(move(KpiChangeKind.POSITION, was.position, now.position))
    if [_target_key(target) for target in was.targets] != [
        _target_key(target) for target in now.targets
    ]:
        moves.append(move(KpiChangeKind.TARGETS, was.targets, now.targets))
    if now.is_overdue and not was.is_overdue:
        moves.append(move(KpiChangeKind.DATA_OVERDUE))
    return moves


def _target_key(target: Target) -> tuple[object, ...]:
    return target.on, target.value, target.operator
