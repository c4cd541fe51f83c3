"""The file's facts as the models' fields."""

from datetime import date

from actions.models import Plan
from actions.models.base import date_columns
from actions.rules.dates import PlanDate
from wsoa.planfile.format import schema
from wsoa.planfile.format.values import plan_date
from wsoa.planfile.sync import Fields


def plan_fields(facts: schema.PlanFacts) -> Fields:
    return {
        "slug": facts.slug,
        "kind": facts.kind,
        "kind_name": facts.kind_name or "",
        "title": facts.title,
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
        "outside_approver": facts.outside_approver or "",
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
        "needs_second_person": part.needs_second_person,
        "first_due_on": month_or_day("first_due", part.first_due)["first_due_on"],
        "enough_values": part.enough_values,
        "baseline": part.baseline,
        "baseline_text": part.baseline_text or "",
        "baseline_source": part.baseline_source or "",
        **date_columns(plan_date(part.baseline_date) if part.baseline_date else None, "baseline_"),
        "awaits_baseline": part.awaits_baseline,
        "note": part.note or "",
    }


def month_or_day(name: str, text: str | None) -> Fields:
    when = PlanDate.parse(text) if text else None
    return {f"{name}_on": when and when.first_day, f"{name}_is_day": bool(when and when.is_day)}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
