"""The targets of a KPI in force, and the line through them. Standard library only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from actions.rules.dates import PlanDate, add_months, day_of
from kpis.rules import disclosure
from kpis.rules.facts import BY, ONE_WAY, STAY_CLOSE, KpiHistory, TargetFact, unreplaced
from kpis.rules.trajectory import Dated, Direction


@dataclass(frozen=True, slots=True)
class Target:
    """A target in force; its level is in the KPI's unit, None where there is none yet."""

    id: int
    on: PlanDate | None
    value: Decimal | None
    level: Decimal | None
    operator: str
    kind: str
    # Its value is a share of the baseline, in per cent.
    is_share: bool = False
    tolerance: Decimal | None = None
    label: str = ""
    borrowed_from: str = ""
    months_after_agreement: int | None = None


def targets_of(history: KpiHistory) -> tuple[Target, ...]:
    """The targets in force: the dated in time order, then those without a date."""
    in_force = [row for row in unreplaced(history.targets) if not row.is_withdrawn]
    in_force.sort(key=lambda row: (row.on is None, row.on.last_day if row.on else date.max))
    return tuple(
        Target(
            row.id,
            row.on,
            row.value,
            level_of(history, row),
            row.operator,
            row.kind,
            is_share=history.kind == "relative" and row.operator in BY,
            tolerance=row.tolerance,
            label=row.label,
            borrowed_from=row.borrowed_from,
            months_after_agreement=row.months_after_agreement,
        )
        for row in in_force
    )


def month_after(agreed_on: date | None, months: int | None) -> PlanDate | None:
    """The month so many months after the agreement, to be stored then; None before it."""
    if agreed_on is None or months is None:
        return None
    return PlanDate.month_of(agreed_on).plus_months(months)


def level_of(history: KpiHistory, target: TargetFact) -> Decimal | None:
    if target.value is None:
        return None
    if target.operator not in BY:
        return target.value
    change = target.value if target.operator == "increase_by" else -target.value
    if history.kind == "relative" and history.is_percentage:
        return change
    if history.baseline is None:
        return None
    if history.kind == "relative":
        return history.baseline * (100 + change) / 100
    return history.baseline + change


def awaits_baseline(history: KpiHistory) -> bool:
    if history.baseline is not None:
        return False
    if history.awaits_baseline:
        return True
    needs = any(
        target.operator in BY for target in unreplaced(history.targets) if not target.is_withdrawn
    )
    # A change in per cent has been worked out from a baseline once there is a figure of it.
    is_change = history.kind == "relative" and history.is_percentage
    return needs and not (is_change and bool(history.measurements))


def start_of(history: KpiHistory) -> Decimal | None:
    """The value at which the line starts; None where there is no baseline."""
    if history.kind == "relative" and history.is_percentage:
        return Decimal(0)
    return history.baseline


def has_start(history: KpiHistory) -> bool:
    return history.kind == "cumulative" or start_of(history) is not None


def line_of(
    history: KpiHistory, targets: Sequence[Target], day: date
) -> tuple[tuple[Dated, ...], bool]:
    """The points of the line that `day` lies under, and whether its start's date is assumed."""
    if history.kind == "cumulative":
        return line_of_year(history, targets, day), False
    points = [
        Dated(target.on.last_day, target.level)
        for target in targets
        if target.on and target.level is not None and target.operator != STAY_CLOSE
    ]
    start = start_of(history)
    if start is None or not points:
        return tuple(points), False
    begins = (history.baseline_on or history.plan_starts).last_day
    if history.baseline_on is None:
        begins = history.plan_starts.first_day
    # A baseline measured after a target's date can start no line to it.
    later = [point for point in points if point.on > begins]
    return (Dated(begins, start), *later), history.baseline_on is None


def line_of_year(history: KpiHistory, targets: Sequence[Target], day: date) -> tuple[Dated, ...]:
    """From nothing at the start of the year to what it is to come to.

    The year's own dated target; else the last one before it, else one without a date, by its end.
    """
    starts_in = history.year_starts
    numbers = [target for target in targets if target.level is not None]
    if starts_in is None:
        begins = history.plan_starts.first_day
        ends = max((target.on.last_day for target in numbers if target.on), default=None)
    else:
        begins = date(disclosure.year_of(day, starts_in), starts_in, 1)
        ends = add_months(begins, 12) - timedelta(days=1)
    own = [
        Dated(target.on.last_day, target.level)
        for target in numbers
        if target.on
        and target.level is not None
        and begins <= target.on.last_day
        and (ends is None or target.on.last_day <= ends)
    ]
    if not own and ends is not None:
        earlier = [target for target in numbers if target.on and target.on.last_day < begins]
        held = earlier[-1:] or [target for target in numbers if target.on is None][:1]
        own = [Dated(ends, target.level) for target in held if target.level is not None]
    return (Dated(begins - timedelta(days=1), Decimal(0)), *own) if own else ()


def next_target(targets: Sequence[Target], day: date) -> Target | None:
    """The target a day is on its way to; past the last, the last one is to be held."""
    dated = [target for target in targets if target.on]
    for target in dated:
        if target.on and target.on.last_day >= day:
            return target
    undated = [target for target in targets if not target.on]
    return dated[-1] if dated else (undated[-1] if undated else None)


def asked_direction(target: Target | None) -> Direction | None:
    """Of a KPI without a good direction, the one its target asks for."""
    if target is None:
        return None
    return {
        "at_least": Direction.HIGHER,
        "increase_by": Direction.HIGHER,
        "at_most": Direction.LOWER,
        "decrease_by": Direction.LOWER,
        **ONE_WAY,
    }.get(target.operator)


def target_steps(targets: Iterable[Target]) -> list[tuple[date | None, Decimal | None]]:
    """The targets as steps: each from the day after the one before it, the first from always.

    Of several of one day the first is a step, and none begins on a day that is past its own.
    """
    steps: list[tuple[date | None, Decimal | None]] = []
    begins: date | None = None
    for target in targets:
        if target.level is None or (steps and begins is None):
            continue
        if begins and target.on and target.on.last_day < begins:
            continue
        steps.append((begins, target.level))
        begins = target.on.last_day + timedelta(days=1) if target.on else None
    return steps


def target_course(history: KpiHistory) -> list[tuple[date, Decimal | None]]:
    """From which day on a chart draws which target; None from where there is none any more.

    What was agreed with the plan is drawn from the plan's start. What was set later, in place of
    another or anew, is drawn from the day it was set: before it nobody was asked for it.
    """
    starts = history.plan_starts.first_day
    agreed = max(history.agreed_on or date.max, starts)
    later = {day_of(row.effective_at) for row in history.targets}
    days = [starts, *sorted(day for day in later if day > agreed)]
    course: list[tuple[date, Decimal | None]] = []
    for begins, ends in pairwise([*days, date.max]):
        known = max(begins, agreed)
        rows = tuple(row for row in history.targets if day_of(row.effective_at) <= known)
        steps = target_steps(targets_of(replace(history, targets=rows)))
        # Of the steps that had begun by then, the last is the one in force.
        in_force = {
            max(on or starts, begins): level for on, level in steps if (on or starts) < ends
        }
        if begins not in in_force and course:
            in_force[begins] = None
        course += sorted(in_force.items())
    return course
