"""How one update period of a plan went: who owed what, what came when. Standard library only."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from actions.rules import status
from actions.rules.cycle import UpdatePeriod
from actions.rules.dates import day_of
from actions.rules.state import CommitmentHistory, LeadFact, PlanHistory, is_update_due


class Met(StrEnum):
    """What became of an update that was owed."""

    DONE = "done"
    LATE = "late"  # within the days of grace
    OWED = "owed"  # still to come
    OVERDUE = "overdue"  # the grace is over

    @property
    def label(self) -> str:
        return "Due" if self is Met.OWED else self.value.capitalize()


@dataclass(frozen=True, slots=True)
class DueUpdate:
    """One commitment that owed an update for the period."""

    commitment: int
    code: str
    ref: str
    area: int
    leads: tuple[LeadFact, ...]
    met: Met
    came_on: date | None


def owed_in(plan: PlanHistory, period: UpdatePeriod, day: date) -> list[DueUpdate]:
    """What each commitment that owed an update for the period had done by the end of `day`.

    An update counts from the period's first day to the end of its grace. What comes later stands
    in the record and reopens nothing: the period stays overdue. What a plan's closing left undone
    within its grace is asked of nobody.
    """
    day = plan.still_on(day)
    closes, ends = period.closes_on, period.grace_ends_on
    due_updates = []
    for commitment in plan.commitments:
        if not is_update_due(commitment, plan, period):
            continue
        came = _first_update(commitment, period.first_day, min(day, ends))
        if came is None and day <= ends and plan.is_closed_on(day):
            continue
        due_updates.append(
            DueUpdate(
                commitment=commitment.id,
                code=commitment.code,
                ref=commitment.ref,
                area=commitment.area,
                leads=tuple(lead for lead in commitment.leads if lead.leads_on(day)),
                met=_met(came, closes=closes, ends=ends, day=day),
                came_on=came,
            )
        )
    return due_updates


def _first_update(commitment: CommitmentHistory, first: date, last: date) -> date | None:
    days = (day_of(update.effective_at) for update in status.in_force(commitment.updates))
    return min((day for day in days if first <= day <= last), default=None)


def _met(came: date | None, *, closes: date, ends: date, day: date) -> Met:
    if came is not None:
        return Met.DONE if came <= closes else Met.LATE
    return Met.OWED if day <= ends else Met.OVERDUE
