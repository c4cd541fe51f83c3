"""What a steering group must look at, in three parts with reasons; and points to check. Pure.

Worked out from the state now and that of an earlier day, usually the group's last meeting. Nothing
here recolours anything: a reason stands beside the rating.

A reason is *new* where it did not hold on the earlier day or began after it; titles, chips and
reports all take that from `Why.is_new`. Red, Amber and help asked for began on the first day of
their unbroken run, a change asked for with the oldest ask that is still open, an overdue update
with the first of the periods missed one after another, whether or not it was withdrawn or paused
for some days in between: the same update is still missing. Overdue, or a date missed, began on the
day after the date that is in force. A lapse began after Blue was last said, and Grey although due
after it became Grey: said again since the earlier day, it is new.

*For decision*: Red; a change asked for; help asked for. *For attention*: newly Amber or newly
overdue since the earlier day; a date missed; an update overdue; Blue returned since, or lapsed;
Grey although due; each KPI whose target was missed, and each that is off its trajectory. *To
note*: Amber, as it was. A commitment stands once, in the first part that any of its reasons belongs
to, with all of them.
Withdrawn commitments stand nowhere; where nobody is asked for updates there are no exceptions.

*Points to check* are facts that do not go together, or that nobody has answered: see `Point`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from actions.rules.dates import day_after, day_of
from actions.rules.state import CommitmentState, PlanState
from actions.rules.status import DateState, Rating
from kpis.rules.standing.position import Position
from kpis.rules.state import Effect, KpiState, effect_of


class Part(StrEnum):
    DECISION = "decision"
    ATTENTION = "attention"
    NOTE = "note"


class Reason(StrEnum):
    """In the order in which they are said."""

    RED = "red"
    CHANGE_ASKED = "change_asked"
    HELP_ASKED = "help_asked"
    NEWLY_AMBER = "newly_amber"
    NEWLY_OVERDUE = "newly_overdue"
    DATE_MISSED = "date_missed"
    BLUE_RETURNED = "blue_returned"
    BLUE_LAPSED = "blue_lapsed"
    GREY_ALTHOUGH_DUE = "grey_although_due"
    UPDATE_OVERDUE = "update_overdue"
    AMBER = "amber"

    @property
    def part(self) -> Part:
        if self in (Reason.RED, Reason.CHANGE_ASKED, Reason.HELP_ASKED):
            return Part.DECISION
        return Part.NOTE if self is Reason.AMBER else Part.ATTENTION


@dataclass(frozen=True, slots=True)
class Why:
    """A reason, since when it has held, where a day says that, and whether it is new.

    `missed` is the date that a missed date is about: each stands as a reason of its own.
    """

    reason: Reason
    since: date | None = None
    is_new: bool = False
    missed: DateState | None = None


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A commitment to look at. `was` is its rating on the earlier day, None before it came."""

    state: CommitmentState
    was: Rating | None
    reasons: tuple[Why, ...]

    @property
    def part(self) -> Part:
        return self.reasons[0].reason.part

    @property
    def has_new_reason(self) -> bool:
        return any(why.is_new for why in self.reasons)


@dataclass(frozen=True, slots=True)
class Exceptions:
    decision: tuple[Exceptional, ...]
    attention: tuple[Exceptional, ...]
    note: tuple[Exceptional, ...]
    # KPIs off their trajectory; and those whose target's date has passed and was missed.
    kpis: tuple[KpiState, ...]
    missed: tuple[KpiState, ...]

    @property
    def commitments(self) -> tuple[Exceptional, ...]:
        return (*self.decision, *self.attention, *self.note)


def exceptions(now: PlanState, before: PlanState, kpis: Iterable[KpiState]) -> Exceptions:
    """What stands out now, seen from an earlier day; each part in the plan's order."""
    kpis = list(kpis) if now.tracked else []
    previous = {state.id: state for state in before.commitments}
    exceptional = [
        Exceptional(state, was.rating if was else None, reasons)
        for state in now.commitments
        if state.tracked and not state.is_withdrawn
        for was in [previous.get(state.id)]
        if (reasons := tuple(_reasons(state, was, before.on)))
    ]
    return Exceptions(
        decision=tuple(exception for exception in exceptional if exception.part is Part.DECISION),
        attention=tuple(exception for exception in exceptional if exception.part is Part.ATTENTION),
        note=tuple(exception for exception in exceptional if exception.part is Part.NOTE),
        kpis=tuple(kpi for kpi in kpis if kpi.is_off),
        missed=tuple(kpi for kpi in kpis if kpi.is_missed),
    )


def _reasons(
    now: CommitmentState, was: CommitmentState | None, comparison_day: date
) -> Iterator[Why]:
    """Why a commitment stands out; the first decides its part, so the order is `Reason`'s."""

    def why(reason: Reason, since: date | None, *, held: bool) -> Why:
        """`held` says whether it held on the earlier day, perhaps by another run."""
        return Why(reason, since, not held or (since is not None and since > comparison_day))

    rated_on = day_of(now.standing.since) if now.standing.since else None
    rating = was.rating if was else None
    if now.rating is Rating.RED:
        yield why(Reason.RED, rated_on, held=rating is Rating.RED)
    if now.open_requests:
        asked_on = day_of(now.open_requests[0].effective_at)
        yield why(Reason.CHANGE_ASKED, asked_on, held=bool(was and was.open_requests))
    if now.help_asked_since:
        held = bool(was and was.help_asked_since)
        yield why(Reason.HELP_ASKED, now.help_asked_since, held=held)
    amber = why(Reason.AMBER, rated_on, held=rating is Rating.AMBER)
    if now.rating is Rating.AMBER and amber.is_new:
        yield replace(amber, reason=Reason.NEWLY_AMBER)
    if now.is_overdue:
        overdue = why(Reason.NEWLY_OVERDUE, now.overdue_since, held=bool(was and was.is_overdue))
        if overdue.is_new:
            yield overdue
    missed_then = {date.chain for date in was.missed_dates} if was else set()
    for missed in now.missed_dates:
        since, held = day_after(missed.now.last_day), missed.chain in missed_then
        yield replace(why(Reason.DATE_MISSED, since, held=held), missed=missed)
    returned = now.standing.blue_returned_at
    if returned and day_of(returned) > comparison_day:
        yield why(Reason.BLUE_RETURNED, day_of(returned), held=False)
    if now.is_lapsed:
        affirmed_at = now.standing.affirmed_at
        held = bool(was and was.is_lapsed and affirmed_at and day_of(affirmed_at) <= comparison_day)
        yield why(Reason.BLUE_LAPSED, None, held=held)
    if now.is_grey_although_due:
        held = bool(was and was.is_grey_although_due and rated_on and rated_on <= comparison_day)
        yield why(Reason.GREY_ALTHOUGH_DUE, None, held=held)
    if now.update_overdue:
        held = bool(was and was.update_overdue)
        yield why(Reason.UPDATE_OVERDUE, now.update_due_since, held=held)
    if now.rating is Rating.AMBER and not amber.is_new:
        yield amber


# --- Points to check --------------------------------------------------------------------------


class Point(StrEnum):
    LATE_ALTHOUGH_RATED = "late_although_rated"
    GREY_ALTHOUGH_DUE = "grey_although_due"
    BLUE_WAITS = "blue_waits"
    DATE_MOVED = "date_moved"
    NO_COMPLETION_DATE = "no_completion_date"
    PAUSE_RUN_OUT = "pause_run_out"
    NO_BETTER = "no_better"
    NO_DATA_SINCE = "no_data_since"
    RATED_ABOVE = "rated_above"
    TARGET_MISSED = "target_missed"
    TARGET_PASSED = "target_passed"


@dataclass(frozen=True, slots=True)
class ToCheck:
    """A point of a commitment, of a KPI, of a commitment that a KPI says, or of an area."""

    point: Point
    state: CommitmentState | None = None
    kpi: KpiState | None = None
    area: int | None = None


def points_to_check(
    now: PlanState, kpis: Iterable[KpiState], judged: Mapping[int, Rating] = MappingProxyType({})
) -> list[ToCheck]:
    """By kind of point, then in the plan's order; `judged` is each area's SRO rating, in order."""
    if not now.tracked:
        return []
    kpis = list(kpis)
    measures: dict[int, list[KpiState]] = {}
    for kpi in kpis:
        for commitment in kpi.commitments:
            measures.setdefault(commitment, []).append(kpi)
    points = [
        point
        for state in now.commitments
        if state.tracked and not state.is_withdrawn
        for point in _points(state, measures)
    ]
    points += [
        ToCheck(_OF_POSITION[kpi.position], kpi=kpi) for kpi in kpis if kpi.position in _OF_POSITION
    ]
    points += [
        ToCheck(Point.RATED_ABOVE, area=area)
        for area, rating in judged.items()
        if is_rated_above(rating, now.of_area(area))
    ]
    order = list(Point)
    return sorted(points, key=lambda point: order.index(point.point))


# From worst to best. Grey and not yet rated say nothing of how work goes.
_LADDER = (Rating.RED, Rating.AMBER, Rating.GREEN, Rating.BLUE)
STEPS_ABOVE = 2


def is_rated_above(judged: Rating, states: Iterable[CommitmentState]) -> bool:
    """Whether an SRO rates an area two steps better than the worst of its commitments."""
    steps = [
        _LADDER.index(state.rating)
        for state in states
        if not state.is_withdrawn and state.rating in _LADDER
    ]
    if judged not in _LADDER or not steps:
        return False
    return _LADDER.index(judged) - min(steps) >= STEPS_ABOVE


_OF_POSITION = {
    Position.MISSED: Point.TARGET_MISSED,
    Position.PASSED: Point.TARGET_PASSED,
}
_OF_EFFECT = {Effect.NO_BETTER: Point.NO_BETTER, Effect.NO_DATA_SINCE: Point.NO_DATA_SINCE}


def _points(state: CommitmentState, measures: Mapping[int, list[KpiState]]) -> Iterator[ToCheck]:
    if state.late_although_rated:
        yield ToCheck(Point.LATE_ALTHOUGH_RATED, state)
    if state.is_grey_although_due:
        yield ToCheck(Point.GREY_ALTHOUGH_DUE, state)
    if state.blue_waits_too_long:
        yield ToCheck(Point.BLUE_WAITS, state)
    if state.completion and state.completion.is_moved:
        yield ToCheck(Point.DATE_MOVED, state)
    if state.completion is None:
        yield ToCheck(Point.NO_COMPLETION_DATE, state)
    if state.pause_has_run_out:
        yield ToCheck(Point.PAUSE_RUN_OUT, state)
    for kpi in measures.get(state.id, ()):
        effect = effect_of(kpi, state)
        if effect is not None:
            yield ToCheck(_OF_EFFECT[effect], state, kpi)
