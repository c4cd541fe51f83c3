"""A fragment of a plan file: what a request would add to an agreed plan, reword, move or take out.

Each part names what it is about by its reference, in the file's own terms: a part that is new with
what it says, one that is reworded with what it said when that was asked, so that a text which was
changed meanwhile is not written over. Pure: takes a file and gives the file as it would be, or what
stands against it, each with the part and the field at fault.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from wsoa.planfile.format import checks
from wsoa.planfile.format.problems import Place, Problem
from wsoa.planfile.format.reading import problems_in
from wsoa.planfile.format.schema import (
    Action,
    Area,
    Commitment,
    KeyDate,
    Kpi,
    PlanFile,
    Target,
    Theme,
)

Kind = Literal["area", "theme", "action", "commitment", "kpi", "date", "target"]
Act = Literal["add", "reword", "move", "withdraw"]

SCHEMAS: Mapping[str, type[BaseModel]] = {
    "area": Area,
    "theme": Theme,
    "action": Action,
    "commitment": Commitment,
    "kpi": Kpi,
    "date": KeyDate,
    "target": Target,
}
# Where the parts of a kind stand in what holds them.
_LISTS = {
    "area": "areas",
    "theme": "themes",
    "action": "actions",
    "commitment": "commitments",
    "kpi": "kpis",
    "date": "key_dates",
    "target": "targets",
}
_HOLDERS: Mapping[str, tuple[str, ...]] = {
    "area": ("",),
    "theme": ("area",),
    "action": ("theme", "area"),
    "commitment": ("action",),
    "kpi": ("",),
    "date": ("commitment",),
    "target": ("kpi",),
}
# What identifies a part, and what stands in it: neither is a text that is reworded.
_STAYS = frozenset(
    {
        "ref",
        "code",
        "printed",
        "unnumbered",
        "actions",
        "themes",
        "commitments",
        "whole",
        "key_dates",
        "targets",
        "moves",
        "continues",
        "closing",
        "weakness",
    }
)
_HELD = ("themes", "actions", "commitments")
_NUMBERS = frozenset({"value", "tolerance", "baseline"})


def _number(text: str) -> Decimal | str:
    """What is no number is left for the check of the file to refuse."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


class Part(BaseModel):
    """One part of a request. `within` names what it stands in, or is to stand in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    act: Act
    # None: a date or a target, which has no reference of its own.
    ref: str = Field("", max_length=40)
    within: str = Field("", max_length=40)
    says: dict[str, Any] = Field(default_factory=dict)
    # What it said when this was asked: of a text that is reworded, of a date that moves.
    said: dict[str, Any] = Field(default_factory=dict)

    @field_validator("says", "said")
    @classmethod
    def numbers(cls, given: dict[str, Any]) -> dict[str, Any]:
        """JSON has no decimals, so they are kept as text."""
        return {
            name: _number(value) if name in _NUMBERS and isinstance(value, str) else value
            for name, value in given.items()
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands against a part, at one of its fields or (none) the part as a whole."""

    part: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the file tells of a date that moves."""

    day: str
    reason: str
    asked_by: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Grown:
    """The file as it would be; None where something stands against it."""

    file: PlanFile | None
    faults: tuple[Fault, ...] = ()


def grown(file: PlanFile, parts: Sequence[Part], on: Occasion) -> Grown:
    """The plan with the parts in it, checked as a file that is imported is."""
    root = file.model_dump()
    places: list[Place] = []
    faults: list[Fault] = []
    for n, part in enumerate(parts):
        try:
            places.append(_merge(root, part, on))
        except _Refused as refusal:
            faults.append(Fault(n, refusal.field, refusal.message))
            places.append(())
    if faults:
        return Grown(None, tuple(faults))
    try:
        after = PlanFile.model_validate(root)
    except ValidationError as error:
        return Grown(None, tuple(_faults(problems_in(error), parts, places)))
    stands = {str(problem) for problem in checks.problems_of(file)}
    new = [problem for problem in checks.problems_of(after) if str(problem) not in stands]
    if new:
        return Grown(None, tuple(_faults(new, parts, places)))
    return Grown(after)


class _Refused(Exception):
    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.message, self.field = message, field


def _faults(
    problems: Sequence[Problem], parts: Sequence[Part], places: Sequence[Place]
) -> Iterator[Fault]:
    """Each problem at the part that brings it: the innermost one that holds its place."""
    for problem in problems:
        n, depth = len(parts) - 1, -1
        for p, place in enumerate(places):
            if place and problem.place[: len(place)] == place and len(place) > depth:
                n, depth = p, len(place)
        rest = problem.place[depth:] if depth >= 0 else ()
        field = next((step for step in rest if isinstance(step, str)), "")
        yield Fault(n, field, problem.message)


# --- One part ---------------------------------------------------------------------------------


def _merge(root: dict[str, Any], part: Part, on: Occasion) -> Place:
    """Bring one part into the plain values of a file, and say where it stands there."""
    if part.kind in ("date", "target"):
        return _merge_dated(root, part, on)
    found = _find(root, (part.kind,), part.ref)
    if part.act == "add":
        if found or _is_taken(root, part):
            raise _Refused(f"The plan has {part.ref} already: give it another reference", "ref")
        holder, place = _holder(root, part)
        siblings = _siblings(holder, part)
        known = {"code" if part.kind == "kpi" else "ref": part.ref}
        siblings.append({**known, **part.says})
        return (*place, _LISTS[part.kind], len(siblings) - 1)
    if found is None:
        raise _Refused(f"{part.ref} is no longer in the plan")
    siblings, row, place = found
    if part.act == "withdraw":
        if any(
            row.get(name) for name in ("themes", "actions", "commitments") if part.kind != "kpi"
        ):
            raise _Refused(f"Something stands in {part.ref}: take that out of the plan first")
        siblings.remove(row)
        if part.kind == "commitment":
            for kpi in root["kpis"]:
                named = kpi.get("commitments") or []
                kpi["commitments"] = [ref for ref in named if ref != part.ref]
        return ()
    if part.act == "move":
        if part.kind not in ("theme", "action", "commitment"):
            raise _Refused("Only what stands in another part can move")
        holder, place = _holder(root, part)
        if _siblings(holder, part) is siblings:
            raise _Refused(f"{part.ref} stands in {part.within} already", "within")
        siblings.remove(row)
        _siblings(holder, part).append(row)
        return (*place, _LISTS[part.kind], len(_siblings(holder, part)) - 1)
    _reword(part, row)
    return place


def _reword(part: Part, row: dict[str, Any]) -> None:
    for name, value in part.says.items():
        if name in _STAYS and not (part.kind == "kpi" and name == "commitments"):
            raise _Refused("This is what it is known by, so it stays", name)
        now, asked = _plain(part, {name: row.get(name)}), _plain(part, {name: part.said.get(name)})
        if now != asked:
            raise _Refused(
                "This was reworded since it was asked. Ask again, from the text as it stands", name
            )
        row[name] = value


def _merge_dated(root: dict[str, Any], part: Part, on: Occasion) -> Place:
    """A date or a target: known by what it says, in the commitment or KPI that has it."""
    holder, place = _holder(root, part)
    rows = holder.setdefault(_LISTS[part.kind], [])
    if part.act == "add":
        rows.append(dict(part.says))
        return (*place, _LISTS[part.kind], len(rows) - 1)
    said = _plain(part, part.said)
    there = (
        n for n, row in enumerate(rows) if _plain(part, {key: row.get(key) for key in said}) == said
    )
    n = next(there, None)
    if n is None:
        raise _Refused(f"This {part.kind} of {part.within} has changed since it was asked", "date")
    if part.act == "withdraw":
        del rows[n]
        return ()
    if part.kind == "date" and "date" in part.says:
        move = {
            "was": rows[n]["date"],
            "moved_on": on.day,
            "reason": on.reason,
            "asked_by": on.asked_by or None,
            "decided_by": on.decided_by or None,
        }
        rows[n]["moves"] = [*rows[n].get("moves", []), move]
    rows[n] |= part.says
    return (*place, _LISTS[part.kind], n)


def _plain(part: Part, values: Mapping[str, Any]) -> dict[str, str]:
    """Values as they compare, whatever form JSON gave them; what is empty says nothing."""
    return {name: _text(value) for name, value in values.items() if value not in (None, "", [])}


def _text(value: Any) -> str:
    if isinstance(value, dict):
        given = sorted((key, _text(item)) for key, item in value.items() if item is not None)
        return f"{given}"
    if isinstance(value, list):
        return f"{[_text(item) for item in value]}"
    if hasattr(value, "normalize"):
        return f"{value.normalize():f}"
    return str(value)


# --- Where parts stand ------------------------------------------------------------------------


def _rows(root: dict[str, Any]) -> Iterator[tuple[str, str, list[Any], dict[str, Any], Place]]:
    """Every part of the file that has a reference: its kind, that, its list, itself, its place."""
    for a, area in enumerate(root["areas"]):
        place: Place = ("areas", a)
        yield "area", area["ref"], root["areas"], area, place
        yield from _actions(area, place)
        for t, theme in enumerate(area.get("themes") or ()):
            yield "theme", theme["ref"], area["themes"], theme, (*place, "themes", t)
            yield from _actions(theme, (*place, "themes", t))
    for k, kpi in enumerate(root["kpis"]):
        yield "kpi", kpi["code"], root["kpis"], kpi, ("kpis", k)


def _actions(
    holder: dict[str, Any], place: Place
) -> Iterator[tuple[str, str, list[Any], dict[str, Any], Place]]:
    for n, action in enumerate(holder.get("actions") or ()):
        here = (*place, "actions", n)
        yield "action", action["ref"], holder["actions"], action, here
        for c, row in enumerate(action.get("commitments") or ()):
            yield "commitment", row["ref"], action["commitments"], row, (*here, "commitments", c)
        if action.get("whole") is not None:
            yield "commitment", action["ref"], [], action["whole"], (*here, "whole")


def _find(
    root: dict[str, Any], kinds: Sequence[str], ref: str
) -> tuple[list[Any], dict[str, Any], Place] | None:
    for kind, known, siblings, row, place in _rows(root):
        if known == ref and kind in kinds:
            return siblings, row, place
    return None


def _is_taken(root: dict[str, Any], part: Part) -> bool:
    """Whether something else of the plan has the reference; KPIs have codes of their own."""
    return part.kind != "kpi" and any(
        known == part.ref for kind, known, *_ in _rows(root) if kind != "kpi"
    )


def _holder(root: dict[str, Any], part: Part) -> tuple[dict[str, Any], Place]:
    if _HOLDERS[part.kind] == ("",):
        return root, ()
    found = _find(root, _HOLDERS[part.kind], part.within)
    if found is None:
        raise _Refused(f"{part.within or 'What it should stand in'} is no longer in the plan")
    return found[1], found[2]


def _siblings(holder: dict[str, Any], part: Part) -> list[Any]:
    if part.kind == "commitment" and holder.get("whole") is not None:
        raise _Refused(
            f"{part.within} is tracked as a whole, so nothing can be added below it", "within"
        )
    siblings: list[Any] = holder.setdefault(_LISTS[part.kind], [])
    return siblings
