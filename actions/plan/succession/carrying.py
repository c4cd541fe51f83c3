"""What a draft takes over from the plans that it continues: rows, with all that they stand in.

Areas, themes and actions come along once, whichever of their rows are chosen, and later choices
join what came before: the rows that came say which part became which. A row says what it goes on
from, so its first agreed date and its moves are read through (`actions/records/lineage.py`);
ratings, updates, notes and risks stay where they are. All of it is a draft, and edited like one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Model, Q
from django.utils import timezone

from actions.models import (
    AccountableOfficer,
    Action,
    ActionFinding,
    ActionLead,
    Area,
    AreaFinding,
    AreaOfficer,
    Body,
    Commitment,
    CommitmentFinding,
    CommitmentLead,
    KeyDate,
    Plan,
    Resource,
    Succession,
    Theme,
)
from actions.models.base import date_columns
from actions.plan.editing import locked_plan, standing
from actions.plan.references import give_reference, show_references
from actions.records.history import load_history
from actions.rules.state import CommitmentState, state_at
from actions.wording import in_words
from wsoa.accounts.models import User


@dataclass
class Carried:
    """What came over: each part of the plan before, by its key, with what it became."""

    plan: Plan
    areas: dict[int, Area] = field(default_factory=dict)
    themes: dict[int, Theme] = field(default_factory=dict)
    actions: dict[int, Action] = field(default_factory=dict)
    # Of this time alone.
    commitments: dict[int, Commitment] = field(default_factory=dict)


# What else comes with rows: an app above this one adds its own parts.
WITH_ROWS: list[Callable[[Carried, User], None]] = []


def here_already(plan: Plan) -> dict[int, Commitment]:
    """What the plan has from the plans before, by the key of the row there. One query."""
    rows = standing(Commitment.objects.filter(plan=plan, continues__isnull=False))
    rows = rows.select_related("action__area", "action__theme", "continues__action")
    return {row.continues_id: row for row in rows}


@transaction.atomic
def carry_forward(*, plan: Plan, commitments: Collection[int], by: User) -> Carried:
    """Take these rows of its closed predecessors into a draft. All, or none.

    A row that is here already stays as it is. ValidationError where the plan is no draft, or a row
    is none of a closed plan that it continues.
    """
    plan = locked_plan(plan)
    if plan.state != Plan.State.DRAFT:
        raise ValidationError("This plan was agreed meanwhile, so nothing is brought over to it.")
    closed = Succession.objects.filter(plan=plan, predecessor__state=Plan.State.CLOSED)
    before = list(closed.select_related("predecessor").order_by("position", "id"))
    carried = Carried(plan)
    here = here_already(plan)
    _know(carried, here.values())
    for link in before:
        rows = list(
            standing(Commitment.objects.filter(plan=link.predecessor, pk__in=commitments))
            .select_related("action__area", "action__theme", "action__responsible_group")
            .select_related("same_evidence_as", "same_measures_as")
            .order_by(
                "action__area__position", "action__theme__position", "action__position", "position"
            )
        )
        _bring(carried, link.predecessor, [row for row in rows if row.pk not in here], by)
    unknown = set(commitments) - here.keys() - carried.commitments.keys()
    if unknown:
        raise ValidationError(
            in_words("Choose {commitments} of the closed plans that this one continues.")
        )
    show_references(plan)
    for follow in WITH_ROWS:
        follow(carried, by)
    return carried


def _know(carried: Carried, here: Iterable[Any]) -> None:
    """Which part became which, by the rows that came before."""
    for row in here:
        then, now = row.continues.action, row.action
        carried.actions[then.pk] = now
        carried.areas[then.area_id] = now.area
        if then.theme_id and now.theme_id:
            carried.themes[then.theme_id] = now.theme


def _bring(carried: Carried, former: Plan, rows: list[Commitment], by: User) -> None:
    states = _states(former)
    for row in rows:
        action = row.action
        if action.area_id not in carried.areas:
            carried.areas[action.area_id] = _area(carried.plan, action.area)
        theme = action.theme
        if theme and theme.pk not in carried.themes:
            area = carried.areas[action.area_id]
            carried.themes[theme.pk] = _theme(carried.plan, area, theme)
        if action.pk not in carried.actions:
            carried.actions[action.pk] = _action(carried, action)
    for row in rows:
        carried.commitments[row.pk] = _commitment(carried, row, states[row.pk], by)
    _share_cells(carried, rows)
    _works_with(carried, {row.action for row in rows})


def _states(former: Plan) -> dict[int, CommitmentState]:
    """How the rows stood on the closing day."""
    assert former.closed_on is not None
    history = load_history([former], former.closed_on)
    commitments = state_at(history, former.closed_on)[former.pk].commitments
    return {state.id: state for state in commitments}


# --- One part after another -------------------------------------------------------------------


def _area(plan: Plan, old: Area) -> Area:
    area: Area = _copy(old, plan=plan, position=_end(Area, plan))
    for link in AreaFinding.objects.filter(_of_inspection(), area=old).order_by("position"):
        AreaFinding.objects.create(area=area, finding_id=link.finding_id, position=link.position)
    for officer in AreaOfficer.objects.filter(area=old, ends_on=None):
        AreaOfficer.objects.create(area=area, person_id=officer.person_id)
    return area


def _theme(plan: Plan, area: Area, old: Theme) -> Theme:
    theme: Theme = _copy(old, plan=plan, area=area, position=_end(Theme, plan))
    return theme


def _action(carried: Carried, old: Action) -> Action:
    group = old.responsible_group
    here = (
        group and Body.objects.filter(plan=carried.plan, name=group.name, withdrawn_at=None).first()
    )
    text = group.name if group and not here else old.responsible_group_text
    action: Action = _copy(
        old,
        plan=carried.plan,
        area=carried.areas[old.area_id],
        theme=carried.themes[old.theme_id] if old.theme_id else None,
        position=_end(Action, carried.plan),
        responsible_group=here,
        responsible_group_text=text,
    )
    for link in ActionFinding.objects.filter(_of_inspection(), action=old).order_by("position"):
        ActionFinding.objects.create(
            action=action, finding_id=link.finding_id, position=link.position
        )
    for model in (ActionLead, AccountableOfficer):
        _people(model, "action", old, action)
    for resource in Resource.objects.filter(action=old, commitment=None, withdrawn_at=None):
        Resource.objects.create(
            action=action, text=resource.text, amount=resource.amount, position=resource.position
        )
    return action


def _commitment(carried: Carried, old: Commitment, state: CommitmentState, by: User) -> Commitment:
    evidence = old.same_evidence_as or old
    measures = old.same_measures_as or old
    row: Commitment = _copy(
        old,
        plan=carried.plan,
        action=carried.actions[old.action_id],
        position=_end(Commitment, carried.plan),
        evidence=evidence.evidence,
        evidence_is_list=evidence.evidence_is_list,
        same_evidence_as=None,
        measures=measures.measures,
        same_measures_as=None,
        added_at=timezone.now(),
        continues=old,
        lineage=old.lineage or old.pk,
    )
    for link in CommitmentFinding.objects.filter(_of_inspection(), commitment=old):
        CommitmentFinding.objects.create(
            commitment=row, finding_id=link.finding_id, position=link.position
        )
    _people(CommitmentLead, "commitment", old, row)
    for resource in Resource.objects.filter(commitment=old, withdrawn_at=None):
        Resource.objects.create(
            action=row.action,
            commitment=row,
            text=resource.text,
            amount=resource.amount,
            position=resource.position,
        )
    # Those that are still to come about; whether they are kept so is for the draft to say.
    open_dates = [dated for dated in state.dates if not dated.met_on and not dated.delivered_on]
    for position, dated in enumerate(open_dates):
        KeyDate.objects.create(
            commitment=row,
            kind=dated.kind.value,
            **date_columns(dated.now),
            position=position,
            by=by,
        )
    return row


def _share_cells(carried: Carried, rows: list[Commitment]) -> None:
    """A cell printed once for several rows is so again, where the row that holds it came too."""
    for old in rows:
        row, changed = carried.commitments[old.pk], []
        if (held := old.same_evidence_as_id) in carried.commitments and held is not None:
            row.same_evidence_as, row.evidence = carried.commitments[held], ""
            row.evidence_is_list = False
            changed += ["same_evidence_as", "evidence", "evidence_is_list"]
        if (held := old.same_measures_as_id) in carried.commitments and held is not None:
            row.same_measures_as, row.measures = carried.commitments[held], []
            changed += ["same_measures_as", "measures"]
        if changed:
            row.save(update_fields=changed)


def _works_with(carried: Carried, actions: Iterable[Action]) -> None:
    for old in actions:
        areas = [carried.areas[pk] for pk in _others(old) if pk in carried.areas]
        carried.actions[old.pk].works_with.add(*areas)


def _others(action: Action) -> list[int]:
    return list(action.works_with.order_by("pk").values_list("pk", flat=True))


# --- Helpers ----------------------------------------------------------------------------------


def _copy(old: Any, **fields: Any) -> Any:
    """A part that says the same but for these, under its reference where that is free here."""
    same = {
        each.attname: getattr(old, each.attname)
        for each in old._meta.concrete_fields
        if not each.primary_key and each.name not in fields and each.name != "withdrawn_at"
    }
    new = type(old)(**same | fields)
    give_reference(new, old.reference)
    new.save()
    return new


def _end(model: type[Model], plan: Plan) -> int:
    rows = model._default_manager.filter(plan=plan)
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _people(model: Any, of: str, old: Any, new: Any) -> None:
    for lead in model.objects.filter(**{of: old}, ends_on=None):
        model.objects.create(**{of: new}, person_id=lead.person_id, position=lead.position)


def _of_inspection() -> Q:
    """Findings of an inspection are there for every plan of the local area; others stay."""
    return Q(finding__inspection__isnull=False)
