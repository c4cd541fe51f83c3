"""What one plan file says otherwise than another: a typed list of changes. Pure.

A file does not speak of people, organisations, inspections and their findings that it does not
name: they belong to the local area, and its other plans name them. Nor is it compared in the order
of key dates, targets and the things of the local area but findings.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from actions.rules.status import BLUE_LASTS_MONTHS
from wsoa.planfile.format.cycles import cycle_text, normalised_cycles, normalised_periods
from wsoa.planfile.format.first_version import upgraded
from wsoa.planfile.format.matching import now_of, paired_dates, paired_targets
from wsoa.planfile.format.schema import (
    FORMAT,
    Action,
    Commitment,
    Judgement,
    KeyDate,
    PlanFile,
    Target,
    UpdateCycle,
    UpdatePeriod,
)
from wsoa.planfile.format.values import DateParts

# The kinds of part in the order of the file, as a diff names them.
KINDS = (
    "signatory",
    "organisation",
    "person",
    "inspection",
    "body",
    "contact",
    "finding",
    "judgement",
    "notice",
    "area",
    "theme",
    "action",
    "commitment",
    "KPI",
    "report series",
    "funding line",
    "engagement",
    "glossary term",
)
# How a plan ended is recorded as it is closed, and no later file says it otherwise.
_ENDED = ("closed_on", "closed_by", "closing")
_STAYS = ("organisation ", "person ", "inspection ", "judgement ")
_HAVE_NO_ORDER = frozenset({"organisation", "person", "inspection", "judgement", "area"})


class ChangeKind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a diff. `what` names the part (`commitment 1.1.1a`), `field` what of it."""

    kind: ChangeKind
    what: str
    field: str = ""
    before: str = ""
    after: str = ""
    # Somebody has changed the same thing in the tracker since the last import.
    is_edited_since: bool = False

    def __str__(self) -> str:
        sign = {ChangeKind.ADDED: "+", ChangeKind.REINSTATED: "+", ChangeKind.WITHDRAWN: "-"}
        text = f"{sign.get(self.kind, '~')} {self.what}"
        if self.field:
            text += f", {self.field}"
        text += {ChangeKind.MOVED: " moved", ChangeKind.CHANGED: ""}.get(
            self.kind, f" {self.kind.value}"
        )
        if self.kind in (ChangeKind.CHANGED, ChangeKind.MOVED):
            if self.before or self.after:
                text += f": {self.before or '(nothing)'} → {self.after or '(nothing)'}"
        elif value := self.before or self.after:
            text += f": {value}"
        if self.is_edited_since:
            text += "  [edited in the tracker since the last import]"
        return text

    @property
    def part_kind(self) -> str:
        """`commitment` of `commitment 1.1.1a`; empty for a change within a part."""
        if self.field:
            return ""
        return next((kind for kind in KINDS if self.what.startswith(f"{kind} ")), self.what)

    def touches(self, other: "Change") -> bool:
        """Whether both concern the same part, and the same field of it or the part as a whole."""
        if self.what != other.what:
            return False
        return self.field == other.field or not self.field or not other.field


# The fields of one part by name; a part is known by what it is called in a diff.
Fields = dict[str, Any]
Parts = dict[str, Fields]


def differences(old: PlanFile, new: PlanFile) -> list[Change]:
    """All that importing `new` changes where the tracker says `old`."""
    before, after = _parts(old), _parts(new)
    changes = []
    for what, fields in after.items():
        if what not in before:
            changes.append(Change(ChangeKind.ADDED, what))
        else:
            changes += _field_changes(what, before[what], fields)
    changes += [
        Change(ChangeKind.WITHDRAWN, what)
        for what in before
        if what not in after and not _stays(what, before[what])
    ]
    return [*changes, *_order_changes(before, after)]


def _stays(what: str, fields: Fields) -> bool:
    """Whether what a file does not name stays as it is: it is not this plan's alone."""
    is_finding = what.startswith("finding ")
    return what.startswith(_STAYS) or (is_finding and fields["inspection"] is not None)


def normalised(file: PlanFile) -> PlanFile:
    """The same plan as an export writes it: in the tracker's order, nothing said twice."""
    file = upgraded(file)
    areas = [
        area.model_copy(
            update={
                "actions": [_with_own_leads(action) for action in area.actions],
                "themes": [
                    theme.model_copy(
                        update={"actions": [_with_own_leads(action) for action in theme.actions]}
                    )
                    for theme in area.themes
                ],
            }
        )
        for area in file.areas
    ]
    inspections = {part.code: place for place, part in enumerate(file.inspections)}
    findings = [
        finding.model_copy(update={"judgements": in_time(finding.judgements)})
        for finding in sorted(
            file.findings,
            # The plan's own are last.
            key=lambda finding: inspections.get(finding.inspection or "", len(inspections)),
        )
    ]
    funding = [
        funding_line.model_copy(
            update={"amounts": sorted(funding_line.amounts, key=lambda a: a.year)}
        )
        for funding_line in file.funding
    ]
    plan = file.plan.model_copy(
        update={
            "judgements": in_time(file.plan.judgements),
            "update_cycles": normalised_cycles(file.plan.update_cycles),
            "update_periods": normalised_periods(file.plan.update_periods),
            # What a plan that says nothing has.
            **(
                {"blue_lasts_months": None}
                if file.plan.blue_lasts_months == BLUE_LASTS_MONTHS
                else {}
            ),
        }
    )
    parts = {"plan": plan, "areas": areas, "findings": findings, "funding": funding}
    return file.model_copy(update={"format": FORMAT, **parts})


def in_time(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Judgements by their day, what has none last; each with a code only where it needs one."""
    told = [
        judgement.model_copy(update={"code": None})
        if judgement.code == judgement.model_copy(update={"code": None}).name
        else judgement
        for judgement in judgements
    ]
    return sorted(told, key=lambda part: (part.judged_on is None, part.judged_on or "", part.name))


def _with_own_leads(action: Action) -> Action:
    if action.whole:
        return action
    return action.model_copy(
        update={
            "commitments": [
                commitment.model_copy(
                    update={"leads": None if commitment.leads == action.leads else commitment.leads}
                )
                for commitment in action.commitments
            ]
        }
    )


# --- A file as named parts --------------------------------------------------------------------


def _parts(file: PlanFile) -> Parts:
    file = normalised(file)
    parts: Parts = {"plan": _fields(file.plan, "signatories", "judgements", *_ENDED)}
    parts |= _judgements("the plan", file.plan.judgements)
    parts |= _named("signatory", ((part.name, part) for part in file.plan.signatories))
    parts |= _named("organisation", ((part.code, part) for part in file.organisations))
    parts |= _named("person", ((part.name, part) for part in file.people))
    parts |= _named("inspection", ((part.code, part) for part in file.inspections))
    for body in file.bodies:
        parts[f"body {body.name}"] = _fields(body)
    parts |= _named("contact", ((part.name, part) for part in file.contacts))
    for finding in file.findings:
        parts[f"finding {finding.key}"] = _fields(finding, "judgements")
        parts |= _judgements(f"finding {finding.key}", finding.judgements)
    parts |= _named("notice", ((f"{part.kind} {part.issued_on}", part) for part in file.notices))
    for area in file.areas:
        parts[f"area {area.ref}"] = _fields(area, "actions", "themes", "weakness")
        parts |= _actions(area.actions)
        for theme in area.themes:
            parts[f"theme {theme.ref}"] = _fields(theme, "actions")
            parts |= _actions(theme.actions)
    parts |= _named("KPI", ((kpi.code, kpi) for kpi in file.kpis))
    parts |= _named("report series", ((part.code, part) for part in file.report_series))
    parts |= _named("funding line", ((part.title, part) for part in file.funding))
    parts |= _named(
        "engagement", ((f"{part.date}, {part.meeting}", part) for part in file.engagement)
    )
    parts |= _named("document", ((part.title, part) for part in file.documents))
    parts |= _named(
        "glossary term", ((f"{term.abbreviation}: {term.meaning}", term) for term in file.glossary)
    )
    return parts


def _actions(actions: Iterable[Action]) -> Parts:
    parts: Parts = {}
    for action in actions:
        parts[f"action {action.ref}"] = _fields(action, "commitments", "whole")
        for commitment in action.tracked:
            parts[f"commitment {commitment.ref}"] = _commitment(commitment, action)
    return parts


def _judgements(of: str, judgements: Iterable[Judgement]) -> Parts:
    """By their codes, so that one told with its code and without it are the same."""
    return {f"judgement {part.name} on {of}": _fields(part, "code") for part in judgements}


def _named(kind: str, parts: Iterable[tuple[str, BaseModel]]) -> Parts:
    """Parts by name; a name that stands again is numbered."""
    named: Parts = {}
    times: Counter[str] = Counter()
    for name, part in parts:
        times[name] += 1
        again = f" ({times[name]})" if times[name] > 1 else ""
        named[f"{kind} {name}{again}"] = _fields(part)
    return named


def _fields(part: BaseModel, *leave_out: str) -> Fields:
    return {name: getattr(part, name) for name in type(part).model_fields if name not in leave_out}


def _commitment(commitment: Commitment, action: Action) -> Fields:
    leads = action.leads if commitment.leads is None else commitment.leads
    return {**_fields(commitment, *_ENDED), "leads": leads}


# --- What differs -----------------------------------------------------------------------------


def _field_changes(what: str, before: Fields, after: Fields) -> Iterator[Change]:
    for name, value in after.items():
        if name == "key_dates":
            yield from _date_changes(what, before[name], value)
        elif name == "targets":
            yield from _target_changes(what, before[name], value)
        elif before[name] != value:
            yield Change(
                ChangeKind.CHANGED,
                what,
                name.replace("_", " "),
                _value_text(before[name]),
                _value_text(value),
            )


def _date_changes(what: str, old: Sequence[KeyDate], new: Sequence[KeyDate]) -> Iterator[Change]:
    for o, n in paired_dates(old, new):
        if o is None and n is not None:
            yield Change(ChangeKind.ADDED, what, "key dates", after=_value_text(new[n]))
        elif o is not None and n is None:
            yield Change(ChangeKind.WITHDRAWN, what, "key dates", before=_value_text(old[o]))
        elif o is not None and n is not None:
            yield from _date_change(what, old[o], new[n])


def _date_change(what: str, old: KeyDate, new: KeyDate) -> Iterator[Change]:
    if now_of(old) != now_of(new) or len(new.moves) > len(old.moves):
        yield Change(ChangeKind.MOVED, what, "key dates", _value_text(old), _value_text(new))
    elif (old.date, old.note) != (new.date, new.note):
        yield Change(ChangeKind.CHANGED, what, "key dates", _value_text(old), _value_text(new))


def _target_changes(what: str, old: Sequence[Target], new: Sequence[Target]) -> Iterator[Change]:
    for o, n in paired_targets(old, new):
        before = None if o is None else old[o]
        after = None if n is None else new[n]
        if before is None:
            yield Change(ChangeKind.ADDED, what, "targets", after=_value_text(after))
        elif after is None:
            yield Change(ChangeKind.WITHDRAWN, what, "targets", before=_value_text(before))
        elif before != after:
            yield Change(
                ChangeKind.CHANGED, what, "targets", _value_text(before), _value_text(after)
            )


def _order_changes(before: Parts, after: Parts) -> Iterator[Change]:
    """Lists whose common parts stand in another order."""
    for kind in KINDS:
        if kind in _HAVE_NO_ORDER:
            continue
        was = [what for what in before if what.startswith(f"{kind} ") and what in after]
        now = [what for what in after if what.startswith(f"{kind} ") and what in before]
        if kind == "finding":
            # Each inspection's have an order among themselves.
            was, now = (sorted(names, key=lambda what: _of(after[what])) for names in (was, now))
        if was != now:
            yield Change(ChangeKind.CHANGED, "plan", f"order ({kind})")


def _of(finding: Fields) -> str:
    return str(finding["inspection"])


def _value_text(value: Any) -> str:
    """A value as a diff prints it."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value.normalize():f}"
        case KeyDate():
            note = f" ({value.note})" if value.note else ""
            return f"{value.kind.replace('_', ' ')} {value.date}{note}"
        case DateParts():
            return str(value)
        case UpdateCycle():
            return cycle_text(value)
        case UpdatePeriod():
            return f"{value.day} {value.treatment}"
        case BaseModel():
            texts = (_value_text(getattr(value, name)) for name in type(value).model_fields)
            return " ".join(text for text in texts if text)
        case list():
            return "; ".join(_value_text(item) for item in value)
    return str(value)
