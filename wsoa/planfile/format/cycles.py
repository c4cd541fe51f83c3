"""What a file says of update periods, as the rules have it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from actions.rules.cycle import (
    CycleKind,
    CycleRule,
    TreatedPeriod,
    Treatment,
    cycles_in_force,
    treated_in_force,
)
from wsoa.planfile.format import schema


def rules_of(parts: Iterable[schema.UpdateCycle], bodies: Mapping[str, int]) -> list[CycleRule]:
    """The cycles that hold, by the keys of bodies. A body nobody knows is none."""
    rules = sorted((_rule(part, bodies) for part in parts), key=_starts)
    return cycles_in_force(rules)


def treated_of(parts: Iterable[schema.UpdatePeriod]) -> list[TreatedPeriod]:
    return treated_in_force(
        TreatedPeriod(date.fromisoformat(part.day), Treatment(part.treatment)) for part in parts
    )


def parts_of(rules: Iterable[CycleRule], bodies: Mapping[int, str]) -> list[dict[str, object]]:
    """The same as a file says it, in plain values."""
    return [
        {
            "starts": _starts(rule).isoformat(),
            "kind": rule.kind.value,
            "weeks": rule.weeks,
            "body": bodies.get(rule.body or 0),
            "closing_days": [day.isoformat() for day in rule.closing_days],
            "before_papers": rule.is_before_papers,
            "days_before_papers": rule.days_before_papers,
            "grace_days": rule.grace_days,
        }
        for rule in rules
    ]


def treated_parts(treated: Iterable[TreatedPeriod]) -> list[dict[str, object]]:
    return [{"day": one.day.isoformat(), "treatment": one.treatment.value} for one in treated]


def normalised_cycles(parts: Sequence[schema.UpdateCycle]) -> list[schema.UpdateCycle]:
    """In order, and without those that change nothing."""
    names = {name: key for key, name in enumerate(_bodies(parts), start=1)}
    rules = rules_of(parts, names)
    keys = {key: name for name, key in names.items()}
    return [schema.UpdateCycle.model_validate(part) for part in parts_of(rules, keys)]


def normalised_periods(parts: Sequence[schema.UpdatePeriod]) -> list[schema.UpdatePeriod]:
    return [schema.UpdatePeriod.model_validate(part) for part in treated_parts(treated_of(parts))]


def cycle_text(part: schema.UpdateCycle) -> str:
    rule = _rule(part, {part.body: 1} if part.body else {})
    return f"from {part.starts}: {rule.words(part.body or '')}"


def _rule(part: schema.UpdateCycle, bodies: Mapping[str, int]) -> CycleRule:
    return CycleRule(
        starts_on=date.fromisoformat(part.starts),
        kind=CycleKind(part.kind),
        weeks=part.weeks,
        body=bodies.get(part.body or ""),
        closing_days=tuple(sorted(date.fromisoformat(day) for day in part.closing_days)),
        is_before_papers=part.before_papers,
        days_before_papers=part.days_before_papers,
        grace_days=part.grace_days,
    )


def _bodies(parts: Iterable[schema.UpdateCycle]) -> list[str]:
    return sorted({part.body for part in parts if part.body})


def _starts(rule: CycleRule) -> date:
    return rule.starts_on or date.min
