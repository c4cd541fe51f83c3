"""What the parts of a plan are known by: the code of each, and what is shown for it.

What is shown for one part depends on the others, since a reference may be printed twice. So it is
kept with the part, and worked out anew for the whole plan by whatever changes one.
"""

from typing import Any

from django.db.models import F

from actions.models import Action, Area, Commitment, Plan, Theme
from actions.rules.refs import Reference, area_label, code_for, shown_refs

# The fields that are a part's own; `ref` and `label` follow from those of all.
KNOWN_BY = ("code", "printed_ref", "is_unnumbered")


def give_reference(row: Any, text: str) -> None:
    """Make a part known by what the plan prints; empty where it prints none. It is not saved."""
    others = type(row)._default_manager.filter(plan=row.plan_id).exclude(pk=row.pk)
    taken = set(others.values_list("code", flat=True))
    if text:
        row.code = code_for(text, taken)
        row.printed_ref = "" if row.code == text else text
    else:
        row.code = row.code if row.code and row.code not in taken else code_for("", taken)
        row.printed_ref = ""
    row.is_unnumbered = not text


def show_references(plan: Plan) -> None:
    """Bring what is shown for each part of a plan to what is printed for all of them."""
    areas = list(Area.objects.filter(plan=plan))
    level = plan.levels.area
    labels = {
        area.pk: area_label(level, area.reference, area.short_title or area.title) for area in areas
    }
    for area in areas:
        _show(area, ref=area.reference, label=labels[area.pk])
    parts: tuple[tuple[Any, str], ...] = (
        (Theme, "area_id"),
        (Action, "area_id"),
        (Commitment, "action__area_id"),
    )
    for model, area_id in parts:
        rows = {
            row.code: (row, area)
            for row, area in (
                (row, row.in_area)
                for row in model._default_manager.filter(plan=plan).annotate(in_area=F(area_id))
            )
        }
        shown = shown_refs(
            Reference(code, row.reference, labels[area]) for code, (row, area) in rows.items()
        )
        for code, (row, _) in rows.items():
            _show(row, ref=shown[code])


def _show(row: Any, **wanted: str) -> None:
    changed = [name for name, text in wanted.items() if getattr(row, name) != text]
    for name in changed:
        setattr(row, name, wanted[name])
    if changed:
        row.save(update_fields=changed)
