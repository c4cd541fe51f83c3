"""What moved in a plan between two days. Standard library only.

Both states are worked out by `state_at` from one history; here they are only set side by side. A
change is said once, in the order of `ChangeKind`, and in the plan's order of commitments. Nothing
is netted: a date that moved and a colour that changed are two changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from actions.rules.dates import PlanDate
from actions.rules.state import CommitmentState, PlanState
from actions.rules.status import DateKind, Rating


class ChangeKind(StrEnum):
    ADDED = "added"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"
    RATED = "rated"
    BLUE_PROPOSED = "blue_proposed"
    BLUE_RETURNED = "blue_returned"
    BLUE_LAPSED = "blue_lapsed"
    DELIVERED = "delivered"
    DATE_MOVED = "date_moved"
    DATE_ADDED = "date_added"
    DATE_DROPPED = "date_dropped"
    DATE_MET = "date_met"
    DATE_MISSED = "date_missed"
    OVERDUE = "overdue"
    UPDATE_OVERDUE = "update_overdue"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that moved in one commitment; `was` and `now` are of the kind's own sort."""

    commitment: int
    code: str
    ref: str
    area: int
    kind: ChangeKind
    was: Rating | PlanDate | None = None
    now: Rating | PlanDate | None = None
    date_kind: DateKind | None = None
    # Of a moved date: as first agreed.
    first: PlanDate | None = None


class Direction(StrEnum):
    """Which way a rating went. Only Red, Amber, Green and Blue, in this order, are better or worse.

    From Grey, or from not yet rated, to one of them it has *begun*. Any other move is neither.
    """

    WORSE = "worse"
    BETTER = "better"
    BEGUN = "begun"
    OTHER = "other"


_UPWARDS = (Rating.RED, Rating.AMBER, Rating.GREEN, Rating.BLUE)


def direction_of(was: Rating, now: Rating) -> Direction:
    """Of two ratings that differ."""
    if now not in _UPWARDS:
        return Direction.OTHER
    if was in (Rating.GREY, Rating.NOT_YET_RATED):
        return Direction.BEGUN
    if was not in _UPWARDS:
        return Direction.OTHER
    is_better = _UPWARDS.index(now) > _UPWARDS.index(was)
    return Direction.BETTER if is_better else Direction.WORSE


def direction(change: Change) -> Direction | None:
    """Of a rating that moved; None of anything else."""
    if not isinstance(change.was, Rating) or not isinstance(change.now, Rating):
        return None
    return direction_of(change.was, change.now)


def changes_between(before: PlanState, after: PlanState) -> list[Change]:
    """From one day to a later one, in the plan's order."""
    previous_states = {state.id: state for state in before.commitments}
    return [
        change
        for state in after.commitments
        for change in sorted(_changes(previous_states.get(state.id), state), key=_order)
    ]


_ORDER = {kind: number for number, kind in enumerate(ChangeKind)}


def _order(change: Change) -> int:
    return _ORDER[change.kind]


def _changes(was: CommitmentState | None, now: CommitmentState) -> Iterator[Change]:
    change = partial(Change, now.id, now.code, now.ref, now.area)
    if was is None:
        yield change(ChangeKind.ADDED)
        return
    if was.is_withdrawn != now.is_withdrawn:
        yield change(ChangeKind.WITHDRAWN if now.is_withdrawn else ChangeKind.REINSTATED)
    if now.is_withdrawn:
        return
    if was.rating is not now.rating:
        yield change(ChangeKind.RATED, was=was.rating, now=now.rating)
    yield from map(change, _begun(was, now))
    earlier_dates = {dated.chain: dated for dated in was.dates}
    for dated in now.dates:
        earlier = earlier_dates.pop(dated.chain, None)
        about = partial(change, now=dated.now, date_kind=dated.kind)
        if earlier is None:
            yield about(ChangeKind.DATE_ADDED)
            continue
        if earlier.now != dated.now:
            yield about(ChangeKind.DATE_MOVED, was=earlier.now, first=dated.first)
        if dated.met_on and not earlier.met_on:
            yield about(ChangeKind.DATE_MET)
        if dated.is_missed and not earlier.is_missed:
            yield about(ChangeKind.DATE_MISSED)
    for dropped in earlier_dates.values():
        yield change(ChangeKind.DATE_DROPPED, was=dropped.now, date_kind=dropped.kind)


def _begun(was: CommitmentState, now: CommitmentState) -> Iterator[ChangeKind]:
    """The facts that hold now and did not then."""
    if now.standing.blue_proposal and now.standing.blue_proposal != was.standing.blue_proposal:
        yield ChangeKind.BLUE_PROPOSED
    returned = now.standing.blue_returned_at
    if returned and returned != was.standing.blue_returned_at:
        yield ChangeKind.BLUE_RETURNED
    if now.is_lapsed and not was.is_lapsed:
        yield ChangeKind.BLUE_LAPSED
    if now.delivered_on and not was.delivered_on:
        yield ChangeKind.DELIVERED
    if now.is_overdue and not was.is_overdue:
        yield ChangeKind.OVERDUE
    if now.update_overdue and not was.update_overdue:
        yield ChangeKind.UPDATE_OVERDUE
