"""What the sample's leads say of each commitment, month by month, as written in `texts/`.

A file for each area. Months count from the plan's first, which is 0, to the fourteenth, 13, in
which the demo is set up. Stories are told in the tracker's own terms and are recorded through the
same verbs as anybody's: nothing here can make what a person could not. Figures stand in the texts
as places (`{1.1.1-1}`), which `known_figures.py` fills with what was known on the day.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from actions.rules.status import Rating

TEXTS = Path(__file__).parent / "texts"
_MONTH = re.compile(r"\{month([+-]\d+)?\}")
COLOURS = {rating.value: rating for rating in Rating}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is said and done in one month; without a rating, only a date moves."""

    month: int
    rating: Rating | None = None
    text: str = ""
    no_change: bool = False
    # Amber names a risk, Red an issue, and what is done about it.
    risk: str = ""
    mitigation: str = ""
    # How the risks named before came to an end.
    over: str = ""
    help: str = ""
    # Why it is Green or Amber although its date has passed.
    late: str = ""
    forecast: int | None = None
    # A new month asked for, and why.
    wanted: int | None = None
    because: str = ""
    # A move decided in this month: `to`, `reason`.
    moved: Mapping[str, Any] = field(default_factory=dict)
    # Months of dates that are met with this; a completion date is thereby delivered.
    met: tuple[int, ...] = ()
    families: str = ""
    evidence: str = ""
    # "confirm", or why a Blue was returned.
    answer: str = ""
    starts: int | None = None
    not_yet: str = ""
    based_on: tuple[str, ...] = ()
    # How it came to the officer, where its lead did not sign in.
    via: str = ""
    # What the update was corrected to at once, and what had been wrong.
    corrected: "Entry | None" = None


@dataclass(frozen=True, slots=True)
class Storyline:
    ref: str
    entries: tuple[Entry, ...]
    source: str = ""


@cache
def storylines() -> dict[str, Storyline]:
    """All that is written, by the reference of the commitment."""
    return {line.ref: line for path in sorted(TEXTS.glob("area*.yaml")) for line in _read(path)}


def _read(path: Path) -> Iterator[Storyline]:
    written = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
    for ref, months in written.items():
        settings = {key: value for key, value in months.items() if isinstance(key, str)}
        yield Storyline(ref, tuple(_entries(ref, months, settings)), settings.get("source", ""))


def _entries(ref: str, months: Mapping[Any, Any], settings: Mapping[str, Any]) -> Iterator[Entry]:
    """Month after month. A risk and a reason for lateness hold until others are given."""
    held: dict[str, str] = {}
    for month in sorted(key for key in months if isinstance(key, int)):
        fields = dict(months[month])
        corrected = fields.pop("corrected", None)
        entry = _entry(ref, month, fields, settings, held)
        if corrected:
            right = _entry(ref, month, dict(corrected), settings, held)
            entry = _entry(ref, month, fields | {"corrected": right}, settings, held)
        yield entry


def _entry(
    ref: str, month: int, given: dict[str, Any], settings: Mapping[str, Any], held: dict[str, str]
) -> Entry:
    fields = dict(given)
    colour = next((name for name in fields if name in COLOURS), None)
    if colour:
        fields["text"] = fields.pop(colour) or ""
        fields["rating"] = COLOURS[colour]
    if colour in ("amber", "red"):
        named = ("risk", "mitigation", "help") if colour == "red" else ("risk", "mitigation")
        if "risk" in fields:
            held.pop("mitigation", None)
        elif held.get("colour") != colour:
            raise ValueError(f"{ref}, month {month}: a {colour} names its own risk or issue")
        held |= {name: _fixed(fields[name], month) for name in named if name in fields}
        fields = {name: text for name, text in fields.items() if name not in named}
        fields |= {name: held[name] for name in named if name in held}
    held["colour"] = colour or ""
    if "late" in fields:
        held["late"] = _fixed(fields["late"], month)
    fields["late"] = held.get("late", "")
    met = fields.pop("met", ())
    based_on = fields.pop("based_on", settings.get("based_on", ()))
    return Entry(
        month=month,
        met=(met,) if isinstance(met, int) else tuple(met),
        based_on=(based_on,) if isinstance(based_on, str) else tuple(based_on),
        via=fields.pop("via", settings.get("via", "")),
        **fields,
    )


def _fixed(text: str, month: int) -> str:
    """A text that holds for several months goes on naming the month that it named at first."""
    return _MONTH.sub(lambda match: f"{{month@{month + int(match[1] or 0)}}}", text)
