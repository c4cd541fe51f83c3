"""A fragment of a plan in words: what a request is called, and each part before and after."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.pages.formatting import listed
from actions.rules.dates import PlanDate
from actions.rules.levels import with_article
from actions.rules.status import DateKind
from actions.wording import in_words
from kpis.models import TargetPoint
from kpis.rules.text import amount

Part = Mapping[str, Any]

NOUNS = {
    "area": "{area}",
    "theme": "{theme}",
    "action": "{action}",
    "commitment": "{commitment}",
    "kpi": "KPI",
    "date": "date",
    "target": "KPI target",
}
_SEVERAL = {
    "area": "{areas}",
    "theme": "{themes}",
    "action": "{actions}",
    "commitment": "{commitments}",
    "kpi": "KPIs",
    "date": "dates",
    "target": "KPI targets",
}

# What a field of a part is called, in the order in which they are shown.
LABELS = {
    "title": "Title",
    "short_title": "Short title",
    "detail": "Detail",
    "evidence": "Evidence of success",
    "criteria": "Evidence of success",
    "measures": "Measures without a number",
    "outcomes": "Outcomes",
    "impact": "Impact for children and families",
    "i_statement": "I statement",
    "voice": "Whose voice",
    "where_now": "Where things stand",
    "urgency": "Urgency",
    "waits_for": "Waits for",
    "leads": "Lead",
    "responsible_group": "Responsible group",
    "senior_responsible_officer": "Senior responsible officer",
    "key_dates": "Due",
    "timescale": "Timescale",
    "definition": "What is counted, and how",
    "unit": "Unit",
    "direction": "Which way is better",
    "kind": "Kind",
    "frequency": "How often",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "comparator": "Compared with",
    "data_owner": "Data owner",
    "baseline": "Baseline",
    "baseline_text": "Baseline in words",
    "baseline_date": "Date of the baseline",
    "targets": "Target",
    "commitments": "{Commitments} it shows the effect of",
    "same_evidence_as": "The same evidence as",
    "same_measures_as": "The same measures as",
    "answers": "Findings it answers",
    "works_with": "Works with",
    "date": "Date",
    "value": "Target",
    "operator": "The figure should be",
    "tolerance": "Give or take",
    "label": "Called",
    "borrowed_from": "Borrowed from",
    "note": "Note",
}


def label_of(name: str) -> str:
    """What people call a field of a part."""
    return in_words(LABELS.get(name, name.replace("_", " ").capitalize()))


def noun_of(kind: str) -> str:
    return in_words(NOUNS[kind])


# --- The request as a whole -------------------------------------------------------------------


def title_of(parts: Sequence[Part]) -> str:
    """As "Move a date of 1.2.2a, reword 1.2.2a and add a commitment"."""
    phrases = [_phrase(*item) for item in _together(parts)]
    text = listed(phrases)
    return text[:1].upper() + text[1:]


def _together(parts: Sequence[Part]) -> Iterator[tuple[str, str, list[str]]]:
    """Acts on one kind of part, each once, in the order in which they were asked for."""
    names: dict[tuple[str, str], list[str]] = {}
    for part in parts:
        name = part.get("ref") or part.get("within") or ""
        names.setdefault((part["act"], part["kind"]), []).append(name)
    for (act, kind), refs in names.items():
        yield act, kind, list(dict.fromkeys(refs)) if act != "add" else refs


def _phrase(act: str, kind: str, refs: list[str]) -> str:
    if act == "add":
        what = with_article(noun_of(kind)) if len(refs) == 1 else f"{len(refs)} {_several(kind)}"
        return f"add {what}"
    names = listed(refs)
    if kind in ("date", "target"):
        what = with_article(noun_of(kind)) if len(refs) == 1 else _several(kind)
        verb = {"reword": "move" if kind == "date" else "change", "withdraw": "drop"}[act]
        return f"{verb} {what} of {names}"
    return {
        "reword": f"reword {names}",
        "move": f"move {names}",
        "withdraw": f"take {names} out of the plan",
    }[act]


def _several(kind: str) -> str:
    return in_words(_SEVERAL[kind])


def summary(parts: Sequence[Part]) -> str:
    """What is asked for, in one line, for lists and reports."""
    return "; ".join(_short(part) for part in parts)


def _short(part: Part) -> str:
    says = part["says"]
    if part["act"] == "add":
        name = _value(part, "date", says.get("date")) if part["kind"] == "date" else ""
        if part["kind"] == "target":
            name = target_text(says)
        name = name or says.get("title") or says.get("evidence") or _lines(says.get("criteria"))
        where = part["ref"] or part["within"]
        return f"new {noun_of(part['kind'])} {where}: {name}"
    name = part["ref"] or part["within"]
    if part["act"] == "withdraw":
        return f"{name} withdrawn"
    if part["act"] == "move":
        return f"{name} into {part['within']}"
    told = (f"{label_of(key).lower()} “{_value(part, key, says[key])}”" for key in says)
    return f"{name}: {', '.join(told)}"


# --- Before and after -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Segment:
    """Some words of a text; changed: only this side has them."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One field on one side."""

    label: str
    words: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part, as agreed today and as requested. `index` counts from nought."""

    index: int
    title: str
    name: str
    before: tuple[Told, ...]
    after: tuple[Told, ...]
    # What is said where one side has no texts.
    before_text: str = ""
    after_text: str = ""

    @property
    def number(self) -> int:
        return self.index + 1


def part_lines(parts: Sequence[Part]) -> list[PartLine]:
    return [_line(n, part) for n, part in enumerate(parts)]


def _line(n: int, part: Part) -> PartLine:
    noun, name = noun_of(part["kind"]), part["ref"] or part["within"]
    act, says, said = part["act"], part["says"], part["said"]
    if act == "add":
        title = f"New {noun}"
        return PartLine(n, title, name, (), tuple(_all_new(part, says)), "not in the plan")
    if act == "withdraw":
        told = tuple(_plain(part, said))
        return PartLine(n, f"{_capital(noun)} out", name, told, (), "in the plan", "withdrawn")
    if act == "move":
        was = said.get("within", "")
        return PartLine(
            n, f"{_capital(noun)} moves", name, (), (), f"in {was}", f"in {part['within']}"
        )
    before, after = [], []
    for key in _in_order(says):
        old, new = _value(part, key, said.get(key)), _value(part, key, says[key])
        left, right = word_changes(old, new)
        before.append(Told(label_of(key), left))
        after.append(Told(label_of(key), right))
    title = {"date": "Date moves", "target": "Target changes"}.get(part["kind"], "Wording")
    return PartLine(n, title, name, tuple(before), tuple(after))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in_order(says: Mapping[str, Any]) -> list[str]:
    places = {name: place for place, name in enumerate(LABELS)}
    return sorted(says, key=lambda name: places.get(name, len(places)))


def _all_new(part: Part, says: Mapping[str, Any]) -> Iterator[Told]:
    """All of it is new; what names it is marked as such."""
    for key in _in_order(says):
        if text := _value(part, key, says[key]):
            is_name = key in ("title", "evidence", "criteria")
            yield Told(label_of(key), (Segment(text, is_name),))


def _plain(part: Part, said: Mapping[str, Any]) -> Iterator[Told]:
    for key in _in_order(said):
        if text := _value(part, key, said[key]):
            yield Told(label_of(key), (Segment(text, False),))


def word_changes(old: str, new: str) -> tuple[tuple[Segment, ...], tuple[Segment, ...]]:
    """Two texts in pieces: which words the other does not have. Together they are the texts."""
    left, right = (re.findall(r"\s+|[^\s]+", text) for text in (old, new))
    before, after = [], []
    for step, a, b, c, d in difflib.SequenceMatcher(
        None, left, right, autojunk=False
    ).get_opcodes():
        if left[a:b]:
            before.append(Segment("".join(left[a:b]), step != "equal"))
        if right[c:d]:
            after.append(Segment("".join(right[c:d]), step != "equal"))
    return tuple(before), tuple(after)


# --- Values -----------------------------------------------------------------------------------


def date_text(value: Any) -> str:
    """A date as the file has it, in words."""
    if isinstance(value, Mapping):
        return str(value.get("printed") or date_text(value.get("when")))
    return str(PlanDate.parse(value)) if value else ""


def target_text(says: Mapping[str, Any], unit: str = "") -> str:
    operator = TargetPoint.Operator(says.get("operator", "at_least")).label
    value = says.get("value")
    number = amount(Decimal(str(value)), unit) if value is not None else ""
    by = f"by {date_text(says['date'])}" if says.get("date") else ""
    return " ".join(filter(None, (operator, number, by)))


def _value(part: Part, name: str, value: Any) -> str:
    """One value as a reader sees it."""
    if value in (None, "", []):
        return ""
    if name in ("date", "baseline_date"):
        return date_text(value)
    if name == "key_dates":
        return "; ".join(
            f"{DateKind(row['kind']).label}: {date_text(row['date'])}" for row in value
        )
    if name == "targets":
        return "; ".join(target_text(row, part["says"].get("unit", "")) for row in value)
    if name == "kind" and part["kind"] == "date":
        return str(DateKind(value).label)
    if name == "operator":
        return str(TargetPoint.Operator(value).label)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return _lines(value)
    if name in ("kind", "direction", "frequency"):
        return str(value).replace("_", " ")
    return str(value)


def _lines(value: Any) -> str:
    return "; ".join(str(item) for item in value or ())
