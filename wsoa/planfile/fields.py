"""The file's facts as the models' fields."""

from datetime import date

from actions.models import Plan
from actions.models.base import date_columns
from actions.rules.dates import PlanDate
from actions.rules.levels import LevelNames
from actions.rules.refs import Reference, area_label, shown_refs
from actions.rules.status import BLUE_LASTS_MONTHS
from wsoa.planfile.format import schema
from wsoa.planfile.format.values import plan_date
from wsoa.planfile.sync import Fields


def plan_fields(facts: schema.PlanFacts) -> Fields:
    return {
        "slug": facts.slug,
        "kind": facts.kind,
        "kind_name": facts.kind_name or "",
        "title": facts.title,
        **_colour_key(facts),
        "level_names": facts.level_names.model_dump(exclude_none=True),
        **month_or_day("starts", facts.starts),
        **month_or_day("ends", facts.ends),
        "submission_due": day(facts.submission_due),
        "state": Plan.State.AGREED if facts.agreed_on else Plan.State.DRAFT,
        "agreed_on": day(facts.agreed_on),
        "agreed_by": facts.agreed_by or "",
        "agreement_reference": facts.agreement_reference or "",
        "purpose": facts.purpose or "",
        "vision": facts.vision or "",
        "priorities": facts.priorities,
        "smallest_count": facts.smallest_count,
        "smallest_denominator": facts.smallest_denominator,
        "smallest_survey": facts.smallest_survey,
        "rounding": facts.rounding,
        "outside_approver": facts.outside_approver or "",
        "own_move_weeks": facts.own_move_weeks,
        "is_restated": facts.is_restated,
        "note": facts.note or "",
    }


def inspection_fields(part: schema.Inspection) -> Fields:
    return {
        "code": part.code,
        "title": part.title,
        "inspectors": part.inspectors,
        "visited_from": day(part.visited_from),
        "visited_to": day(part.visited_to),
        "letter_on": day(part.letter_on),
        "published_on": day(part.published_on),
        "kind": part.kind or "",
        "outcome": part.outcome or "",
        "reinspection_expected": part.reinspection_expected or "",
        "note": part.note or "",
    }


def kpi_fields(part: schema.Kpi) -> Fields:
    return {
        "code": part.code,
        "title": part.title,
        "short_title": part.short_title or "",
        "definition": part.definition or "",
        "unit": part.unit,
        "direction": part.direction,
        "kind": part.kind,
        "frequency": part.frequency or "",
        "numerator": part.numerator or "",
        "denominator": part.denominator or "",
        "denominator_about": part.denominator_about,
        "per": part.per,
        "comparator": part.comparator or "",
        "year": part.year or "",
        "counts_people": part.counts_people,
        "smallest_count": part.smallest_count,
        "smallest_denominator": part.smallest_denominator,
        "smallest_survey": part.smallest_survey,
        "rounding": part.rounding,
        "remainder_tells": part.remainder_tells,
        "needs_second_person": part.needs_second_person,
        "first_due_on": month_or_day("first_due", part.first_due)["first_due_on"],
        "enough_values": part.enough_values,
        "due_after_days": part.due_after_days,
        "baseline": part.baseline,
        "baseline_text": part.baseline_text or "",
        "baseline_source": part.baseline_source or "",
        **date_columns(plan_date(part.baseline_date) if part.baseline_date else None, "baseline_"),
        "awaits_baseline": part.awaits_baseline,
        "note": part.note or "",
    }


def quotation_fields(part: schema.Quotation | None) -> Fields:
    when = plan_date(part.date) if part and part.date else None
    return {
        "quotation": part.text if part else "",
        "quotation_by": (part and part.by) or "",
        **date_columns(when, "quotation_"),
    }


def _colour_key(facts: schema.PlanFacts) -> Fields:
    entries = [entry.model_dump(exclude_none=True) for entry in facts.colour_key]
    is_embedded = facts.has_blue and facts.blue_means == "embedded"
    return {
        "colour_key": entries,
        "has_blue": facts.has_blue,
        "blue_lasts_months": (facts.blue_lasts_months or BLUE_LASTS_MONTHS)
        if is_embedded
        else None,
    }


class ReferenceFields:
    """The fields that a part of a file is known by, which depend on what others are printed as."""

    def __init__(self, file: schema.PlanFile) -> None:
        levels = LevelNames.of(file.plan.level_names.model_dump(exclude_none=True))
        self._labels = {
            area.ref: area_label(levels.area, area.reference, area.short_title or area.title)
            for area in file.areas
        }
        area_of = {
            action.ref: self._labels[area.ref]
            for area in file.areas
            for action in (*area.actions, *(a for theme in area.themes for a in theme.actions))
        }
        self._themes = shown_refs(
            Reference(theme.ref, theme.reference, self._labels[area.ref])
            for area in file.areas
            for theme in area.themes
        )
        self._actions = shown_refs(
            Reference(action.ref, action.reference, area_of[action.ref]) for action in file.actions
        )
        self._commitments = shown_refs(
            Reference(part.ref, part.reference, area_of[action.ref])
            for _, action, part in file.placed_commitments()
        )

    def of_area(self, part: schema.Area) -> Fields:
        return {**_known_by(part, part.reference), "label": self._labels[part.ref]}

    def of_theme(self, part: schema.Theme) -> Fields:
        return _known_by(part, self._themes[part.ref])

    def of_action(self, part: schema.Action) -> Fields:
        return _known_by(part, self._actions[part.ref])

    def of_commitment(self, part: schema.Commitment) -> Fields:
        return _known_by(part, self._commitments[part.ref])


def _known_by(part: schema.Referenced, shown: str) -> Fields:
    return {
        "code": part.ref,
        "printed_ref": part.printed or "",
        "is_unnumbered": part.unnumbered,
        "ref": shown,
    }


def month_or_day(name: str, text: str | None) -> Fields:
    when = PlanDate.parse(text) if text else None
    return {f"{name}_on": when and when.first_day, f"{name}_is_day": bool(when and when.is_day)}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
