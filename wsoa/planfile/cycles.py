"""Bringing a plan's update cycle to what its file says, without touching what was owed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from actions.models import Plan
from actions.plan import update_cycle
from actions.rules.cycle import (
    MONTHLY,
    CycleRule,
    TreatedPeriod,
    Treatment,
    cycles_in_force,
    treated_in_force,
)
from wsoa.planfile.format import schema
from wsoa.planfile.format.cycles import rules_of, treated_of
from wsoa.planfile.format.problems import Problem
from wsoa.planfile.records import ImportEvent
from wsoa.planfile.snapshot import Tracker, is_new


def rules_on_record(tracker: Tracker) -> list[CycleRule]:
    """The cycles that hold."""
    return cycles_in_force(row.rule for row in tracker.cycles)


def treated_on_record(tracker: Tracker) -> list[TreatedPeriod]:
    """The single periods that are skipped or joined."""
    return treated_in_force(
        TreatedPeriod(row.day, Treatment(row.treatment)) for row in tracker.treatments
    )


def cycle_problems(file: schema.PlanFile, tracker: Tracker, today: date) -> Iterator[Problem]:
    """A body that nobody knows; and what would change what was owed until today."""
    bodies = {row.name: row.pk for row in tracker.bodies}
    named = {body.name for body in file.bodies}
    for place, part in enumerate(file.plan.update_cycles):
        if part.body and part.body not in named and part.body not in bodies:
            yield Problem(("plan", "update_cycles", place, "body"), f'no body "{part.body}"')
    if is_new(tracker.plan) or not update_cycle.asks_for_updates(tracker.plan):
        return
    # A body that the file brings has no key yet.
    unknown = {name: -number for number, name in enumerate(sorted(named), start=1)}
    wanted, here = rules_of(file.plan.update_cycles, unknown | bodies), rules_on_record(tracker)
    place = _same(wanted, here)
    starts = [rule.starts_on for rule in (*wanted[place:][:1], *here[place:][:1])]
    if any(day and day <= today for day in starts):
        yield Problem(
            ("plan", "update_cycles"),
            "what was asked for until today stays as it was: only a cycle that has not begun can"
            " be added, changed or taken out",
        )
    changed = set(treated_of(file.plan.update_periods)) ^ set(treated_on_record(tracker))
    if any(one.day <= today for one in changed):
        yield Problem(
            ("plan", "update_periods"),
            "what was asked for until today stays as it was: only a period that has not begun can"
            " be skipped or joined",
        )


def apply_cycle(
    plan: Plan,
    tracker: Tracker,
    facts: schema.PlanFacts,
    bodies: Mapping[str, int],
    event: ImportEvent,
) -> None:
    """Record what the file says otherwise than is on record."""
    wanted, here = rules_of(facts.update_cycles, bodies), rules_on_record(tracker)
    for rule in _to_record(wanted, here):
        update_cycle.record_cycle(plan=plan, rule=rule, by=event.by, source=event.source)
    standing = {one.day: one.treatment for one in treated_on_record(tracker)}
    asked = {one.day: one.treatment for one in treated_of(facts.update_periods)}
    for day in sorted(standing.keys() | asked.keys()):
        treatment = asked.get(day, Treatment.USUAL)
        if treatment is not standing.get(day, Treatment.USUAL):
            update_cycle.record_treatment(
                plan=plan, treated=TreatedPeriod(day, treatment), by=event.by, source=event.source
            )


def _to_record(wanted: Sequence[CycleRule], here: Sequence[CycleRule]) -> list[CycleRule]:
    """The rows after which those that hold are the wanted ones: each ends all that follow it."""
    place = _same(wanted, here)
    if place == len(wanted) == len(here):
        return []
    if place == len(here):
        return list(wanted[place:])
    if place:
        # Said again, the last that both have ends what follows it.
        return list(wanted[place - 1 :])
    first = here[0].starts_on
    starts = [day for day in (first, *(rule.starts_on for rule in wanted[:1])) if day]
    return [replace(MONTHLY, starts_on=min(starts)), *wanted]


def _same(wanted: Sequence[CycleRule], here: Sequence[CycleRule]) -> int:
    """How many stand at the head of both."""
    place = 0
    while place < min(len(wanted), len(here)) and wanted[place] == here[place]:
        place += 1
    return place
