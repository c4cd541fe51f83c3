"""The forms in which a change of the plan is put together: those in which a draft is edited.

What a form says becomes a part of a request, in the terms of the plan file, and what stands in the
plan becomes what the form starts from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from actions.forms.date_fields import PlanDateField
from actions.forms.fields import PlainText
from actions.models import Action, Area, Commitment, Plan, Theme
from actions.plan import editing_forms
from actions.plan.editing import PARTS, standing
from actions.plan.editing_forms import OneOf, PartForm, named, people_of
from actions.rules.dates import PlanDate
from actions.rules.refs import code_for
from kpis.models import Kpi
from kpis.setup import editing_forms as kpi_forms


class NewAreaForm(editing_forms.AreaForm):
    senior_responsible_officer = OneOf("Senior responsible officer")

    def to_choose_from(self) -> dict[str, Any]:
        people = {"senior_responsible_officer": people_of(self.plan)}
        return {**super().to_choose_from(), **people}


class NewActionForm(editing_forms.ActionForm):
    lead = OneOf("Who leads it")

    def to_choose_from(self) -> dict[str, Any]:
        return {**super().to_choose_from(), "lead": people_of(self.plan)}


class _OneKpi(OneOf):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} {obj.title}"


class NewCommitmentForm(editing_forms.CommitmentForm):
    lead = OneOf("Who leads it")
    due = PlanDateField(label="When should it be done? (optional)")
    kpi = _OneKpi("KPI that shows its effect")

    def to_choose_from(self) -> dict[str, Any]:
        return {
            **super().to_choose_from(),
            "lead": people_of(self.plan),
            "kpi": Kpi.objects.filter(plan=self.plan, withdrawn_at=None).order_by("position"),
        }


@dataclass(frozen=True, slots=True)
class Proposed:
    """A kind of part that may be asked for: its forms, and the kinds that it stands in."""

    kind: str
    new_form: type[PartForm]
    # None: its texts are no request of this kind.
    reword_form: type[PartForm] | None
    holders: tuple[str, ...] = ()


PROPOSED = {
    one.kind: one
    for one in (
        Proposed("commitment", NewCommitmentForm, editing_forms.CommitmentForm, ("action",)),
        Proposed("date", editing_forms.KeyDateForm, editing_forms.KeyDateForm, ("commitment",)),
        Proposed("action", NewActionForm, editing_forms.ActionForm, ("theme", "area")),
        Proposed("theme", editing_forms.ThemeForm, editing_forms.ThemeForm, ("area",)),
        Proposed("area", NewAreaForm, editing_forms.AreaForm),
        Proposed("kpi", kpi_forms.KpiForm, kpi_forms.KpiForm),
        Proposed("target", kpi_forms.TargetForm, kpi_forms.TargetForm, ("kpi",)),
    )
}

# What has no place in a request: an identity, and what is said at another field.
_NOT_OF_A_REQUEST = ("months_after_agreement",)

_MODELS: Mapping[str, type[Any]] = {
    "area": Area,
    "theme": Theme,
    "action": Action,
    "commitment": Commitment,
    "kpi": Kpi,
}


def holder_choices(plan: Plan, kinds: tuple[str, ...], parts: Any) -> list[tuple[str, str]]:
    """By code: what a new part may stand in, of the plan and of what is asked for beside it."""
    choices = []
    for kind in kinds:
        rows = _MODELS[kind]._default_manager.filter(plan=plan)
        if kind == "commitment":
            rows = standing(rows).select_related("same_evidence_as")
        else:
            rows = rows.filter(withdrawn_at=None)
        for row in rows:
            name = f"{row.code} {row.title}" if kind == "kpi" else named(row)
            choices.append((row.code, name))
        choices += [
            (part["ref"], f"{part['ref']} {part['says'].get('title', '')} (new)")
            for part in parts
            if part["act"] == "add" and part["kind"] == kind
        ]
    return choices


def row_of(plan: Plan, kind: str, ref: str) -> Any:
    """The part of a plan that has a reference; None where there is none."""
    found = _MODELS[kind]._default_manager.filter(plan=plan, code=ref)
    if kind != "commitment":
        return found.filter(withdrawn_at=None).first()
    return found.first()


def within_field(choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Where does it belong?",
        choices=[("", "Choose"), *choices],
        error_messages={
            "required": "Choose where it belongs",
            "invalid_choice": "Choose an entry of the list: this one is gone",
        },
    )


def new_form(
    data: Any, *, plan: Plan, kind: str, within: str, parts: list[dict[str, Any]]
) -> PartForm:
    """The form of a new part, which asks where it belongs."""
    proposed = PROPOSED[kind]
    chosen = (data.get("within", "") if data is not None else "") or within
    holder = next(
        (row for one in proposed.holders if (row := row_of(plan, one, chosen)) is not None), None
    )
    initial: dict[str, Any] = {"within": chosen}
    if kind in ("theme", "action", "commitment") and holder is not None:
        part = PARTS["area-action" if isinstance(holder, Area) and kind == "action" else kind]
        initial |= part.initial(plan, holder)
    elif kind == "area":
        initial |= PARTS["area"].initial(plan, plan)
    form = proposed.new_form(data, plan=plan, holder=holder, initial=initial)
    for name in _NOT_OF_A_REQUEST:
        form.fields.pop(name, None)
    if proposed.holders:
        field = within_field(holder_choices(plan, proposed.holders, parts))
        form.fields = {"within": field, **form.fields}
    return form


def reword_form(data: Any, *, plan: Plan, kind: str, row: Any) -> PartForm:
    """The form of a part of the plan, as it stands; what it is known by is not asked."""
    proposed = PROPOSED[kind]
    part = PARTS[_part_kind(kind, row)]
    assert proposed.reword_form is not None
    form = proposed.reword_form(data, plan=plan, holder=part.holder_of(row), row=row)
    for name in ("reference", "code", "commitments", "works_with", *_NOT_OF_A_REQUEST):
        form.fields.pop(name, None)
    if kind == "date":
        form.fields.pop("kind")
    form.initial = part.read(row, form.fields)
    return form


def _part_kind(kind: str, row: Any) -> str:
    if kind == "action" and row.theme_id is None:
        return "area-action"
    if kind == "commitment" and row.is_whole_action:
        return "whole-action"
    return kind


# --- From a form to the terms of the plan file ------------------------------------------------

_CODES = {"findings": "answers", "works_with": "works_with", "commitments": "commitments"}
_FLAGS = ("counts_people", "awaits_baseline")


def says_of(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """What the answers of a form say, in the terms of the plan file; what is empty is None."""
    says: dict[str, Any] = {}
    for name, value in data.items():
        if name in ("within", "reference", "code", "kpi", "evidence_is_list"):
            continue
        if name.endswith(("_printed", "_first", "_last")):
            continue
        if name in _CODES:
            says[_CODES[name]] = [row.code for row in value]
        elif name == "lead":
            says["leads"] = [value.name] if value else []
        elif name in ("same_evidence_as", "same_measures_as"):
            says[name] = value.code if value else None
        elif name in ("data_owner", "senior_responsible_officer"):
            says[name] = value.name if value else None
        elif name == "when":
            says["date"] = date_value(value)
        elif name == "due":
            if value:
                says["key_dates"] = [{"kind": "completion", "date": date_value(value)}]
        elif isinstance(value, PlanDate):
            says[name] = date_value(value)
        elif name in _FLAGS:
            says[name] = bool(value)
        elif name in ("value", "tolerance", "baseline"):
            says[name] = None if value is None else str(value)
        else:
            says[name] = None if value == "" else value
    if kind == "commitment" and data.get("evidence_is_list"):
        says["criteria"] = (says.pop("evidence") or "").splitlines()
    if kind == "action":
        _say_action(says)
    return says


def _say_action(says: dict[str, Any]) -> None:
    group, text = says.pop("responsible_group", None), says.pop("responsible_group_text", None)
    says["responsible_group"] = str(group) if group else text
    quotation, by = says.pop("quotation", None), says.pop("quotation_by", None)
    on = says.pop("quotation_date", None)
    if quotation:
        said = {"text": quotation, "by": by, "date": on}
        says["quotation"] = {name: value for name, value in said.items() if value}


def new_part(plan: Plan, kind: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts that a form for something new asks for, the part itself first."""
    given = {name: value for name, value in says_of(kind, data).items() if value not in (None, [])}
    ref = ""
    if kind == "kpi":
        ref = data["code"]
    elif kind in _MODELS:
        text = data.get("reference") or ""
        taken = set(_MODELS[kind]._default_manager.filter(plan=plan).values_list("code", flat=True))
        # A reference that is taken is left as it is: the check says so, at its question.
        ref = text if text in taken else code_for(text, taken)
        if not text:
            given["unnumbered"] = True
        elif ref != text:
            given["printed"] = text
    part = {
        "kind": kind,
        "act": "add",
        "ref": ref,
        "within": data.get("within") or "",
        "says": given,
        "said": {},
    }
    kpi = data.get("kpi")
    return [part, _named_by(kpi, ref)] if kpi else [part]


def _named_by(kpi: Kpi, ref: str) -> dict[str, Any]:
    """That a KPI shows the effect of a new commitment too."""
    codes = list(
        kpi.kpicommitment_set.order_by("position").values_list("commitment__code", flat=True)
    )
    return {
        "kind": "kpi",
        "act": "reword",
        "ref": kpi.code,
        "within": "",
        "says": {"commitments": [*codes, ref]},
        "said": {"commitments": codes},
    }


def reworded_part(form: PartForm, kind: str, row: Any) -> dict[str, Any] | None:
    """What a form says otherwise than the plan; None where it says nothing else."""
    now, wanted = says_of(kind, form.initial), says_of(kind, form.cleaned_data)
    names = [
        name for name in {**now, **wanted} if (now.get(name) or None) != (wanted.get(name) or None)
    ]
    if not names:
        return None
    said = {name: now.get(name) for name in names}
    says = {name: wanted.get(name) for name in names}
    for name in says:
        if says[name] is None and name in ("criteria", "measures", "outcomes", "voice", "answers"):
            says[name] = []
    part = {"kind": kind, "act": "reword", "ref": "", "within": "", "says": says, "said": said}
    if kind == "date":
        known = {"kind": row.kind, "date": date_value(row.when)}
        return part | {"within": row.commitment.code, "said": {**known, **said}}
    if kind == "target":
        known = says_of(kind, {**form.initial})
        held = {name: value for name, value in known.items() if value not in (None, "")}
        return part | {"within": row.kpi.code, "said": held}
    return part | {"ref": row.code}


def date_value(when: PlanDate | None) -> Any:
    """A date as plan files have it: text, with keys only where the text does not say it all."""
    if when is None:
        return None
    is_proposed = when == when.proposed
    if is_proposed and not when.printed:
        return when.iso
    told = {
        "when": when.iso,
        "first_day": None if is_proposed else when.first_day.isoformat(),
        "last_day": None if is_proposed else when.last_day.isoformat(),
        "printed": when.printed,
    }
    return {name: value for name, value in told.items() if value}


# Where a problem of a part is told: the question of the form that gave it.
_QUESTIONS = {
    "ref": "reference",
    "printed": "reference",
    "answers": "findings",
    "key_dates": "due",
    "criteria": "evidence",
    "date": "when",
    "responsible_group": "responsible_group_text",
}


def question_of(form: forms.Form, field: str) -> str | None:
    """The question at which a problem of a part is told; None: over the form."""
    names = (field, _QUESTIONS.get(field, ""), "code" if field == "ref" else "")
    return next((name for name in names if name in form.fields), None)


class SendForm(forms.Form):
    reason = PlainText(label="Why should the plan change?", rows=4)
