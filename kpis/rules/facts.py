"""What is recorded of a KPI: its figures, targets and decisions about limits, as read for a day.

Standard library only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from actions.rules.dates import PlanDate
from kpis.rules.trajectory import Direction

BY = ("increase_by", "decrease_by")
# Targets without a number.
ONE_WAY = {"increase": Direction.HIGHER, "decrease": Direction.LOWER}
STAY_CLOSE = "stay_close"
MONTHS_OF = {"monthly": 1, "quarterly": 3, "six_monthly": 6, "yearly": 12}
YEAR_STARTS = {"financial": 4, "school": 9, "calendar": 1}


class Status(StrEnum):
    PROJECTED = "projected"
    PROVISIONAL = "provisional"
    FINAL = "final"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class MeasurementFact:
    id: int
    effective_at: datetime
    recorded_at: datetime
    starts_on: date
    ends_on: date
    status: Status
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    respondents: int | None = None
    compared_with: Decimal | None = None
    judgement: str = ""
    corrects: int | None = None
    by: int | None = None
    # The second person's answer and its clocks, where one was given.
    is_confirmed: bool | None = None
    looked_effective_at: datetime | None = None
    looked_recorded_at: datetime | None = None
    # None: open, or, of a KPI that counts children or families, not decided and closed.
    is_open: bool | None = None
    # What is shown of a closed one, and what it could be: as `disclosure.Decision` says.
    shown: Decimal | None = None
    could_be: Sequence[int] = ()
    # To what an open one is rounded for who may not see small numbers.
    rounding: int | None = None


@dataclass(frozen=True, slots=True)
class TargetFact:
    id: int
    effective_at: datetime
    recorded_at: datetime
    on: PlanDate | None
    value: Decimal | None
    operator: str
    kind: str
    replaces: int | None = None
    is_withdrawn: bool = False
    tolerance: Decimal | None = None
    # As the plan prints it: "milestone 3"; and whose value it is: "England 2023/24".
    label: str = ""
    borrowed_from: str = ""
    months_after_agreement: int | None = None


@dataclass(frozen=True, slots=True)
class RebaseFact:
    id: int
    effective_at: datetime
    recorded_at: datetime
    on: date
    replaces: int | None = None
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class KpiHistory:
    """A KPI as described on the day it was read for, and all that was recorded of it."""

    id: int
    plan: int
    code: str
    kind: str
    direction: str
    frequency: str
    is_percentage: bool
    plan_starts: PlanDate
    baseline: Decimal | None = None
    baseline_on: PlanDate | None = None
    awaits_baseline: bool = False
    counts_people: bool = False
    needs_second_person: bool = False
    year: str = ""
    enough_values: int | None = None
    # Working days from the end of a period until its figure is due; None: as usual.
    due_after_days: int | None = None
    # None: nothing is owed.
    due_from: PlanDate | None = None
    # The days the plan was agreed and closed on.
    agreed_on: date | None = None
    closed_on: date | None = None
    areas: tuple[int, ...] = ()
    commitments: tuple[int, ...] = ()
    data_owner: int | None = None
    measurements: tuple[MeasurementFact, ...] = ()
    targets: tuple[TargetFact, ...] = ()
    rebases: tuple[RebaseFact, ...] = ()

    @property
    def months(self) -> int | None:
        """The months of a period; None where figures have no rhythm."""
        return MONTHS_OF.get(self.frequency)

    @property
    def year_starts(self) -> int | None:
        return YEAR_STARTS.get(self.year)

    @property
    def good(self) -> Direction | None:
        return None if self.direction == "neither" else Direction(self.direction)


_Row = TypeVar("_Row", TargetFact, RebaseFact)


def unreplaced(rows: Iterable[_Row]) -> list[_Row]:
    rows = list(rows)
    replaced = {row.replaces for row in rows}
    return [row for row in rows if row.id not in replaced]
