"""From the tracker to a plan file: the plan as it stands today with the moves of its dates.

Progress is not in it, and what was withdrawn is not.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.utils import timezone
from pydantic import ValidationError

from actions.models import Action, BodyMember, Commitment, Plan, Resource, Theme
from kpis.models import Kpi
from wsoa.planfile.format import schema
from wsoa.planfile.format.problems import PlanFileError
from wsoa.planfile.format.reading import problems_in
from wsoa.planfile.format.values import date_value
from wsoa.planfile.format.writing import canonical_bytes
from wsoa.planfile.parts import key_date_part, target_part
from wsoa.planfile.snapshot import Tracker, current, grouped, live


def export_plan(plan: Plan) -> bytes:
    """The plan's file as it stands today, in its canonical form.

    PlanFileError where the tracker holds what the format does not allow.
    """
    return canonical_bytes(plan_file(Tracker.load(plan), timezone.localdate()))


def plan_file(tracker: Tracker, today: date) -> schema.PlanFile:
    """The plan's file as it stands on a day."""
    try:
        return schema.PlanFile.model_validate(_Export(tracker, today).file())
    except ValidationError as error:
        raise PlanFileError(problems_in(error)) from None


class _Export:
    """Plain values by the format's keys. What is empty may stay in: writing leaves it out."""

    def __init__(self, tracker: Tracker, today: date) -> None:
        self.tracker = tracker
        self.today = today
        self.organisations = {row.pk: row.code for row in tracker.organisations}
        self.people = {row.pk: row.name for row in tracker.people}
        self.inspections = {row.pk: row.code for row in tracker.inspections}
        self.weaknesses = {row.pk: str(row.number) for row in live(tracker.weaknesses)}
        self.areas = {row.pk: str(row.number) for row in live(tracker.areas)}
        self.bodies = {row.pk: row.name for row in live(tracker.bodies)}
        self.action_leads = self._leads(tracker.action_leads, "action_id")
        self.commitment_leads = self._leads(tracker.commitment_leads, "commitment_id")
        self.resources = grouped(live(tracker.resources), lambda row: row.action_id)
        self.chains = tracker.date_chains()
        self.withdrawn_dates = tracker.withdrawn_dates()
        self.commitments = self._live_commitments()
        self.refs = {
            row.pk: row.ref for commitments in self.commitments.values() for row in commitments
        }

    def file(self) -> dict[str, Any]:
        return {
            "format": schema.FORMAT,
            "plan": self._plan(),
            "organisations": [
                {"code": row.code, "name": row.name, "note": row.note or None}
                for row in self.tracker.organisations
            ],
            "people": [
                {
                    "name": row.name,
                    "job_title": row.job_title or None,
                    "organisation": self.organisations.get(row.organisation_id or 0),
                    "also_printed_as": row.also_printed_as,
                    "note": row.note or None,
                }
                for row in self.tracker.people
            ],
            "bodies": self._bodies(),
            "inspections": [
                {
                    "code": row.code,
                    "title": row.title,
                    "inspectors": row.inspectors,
                    "visited_from": _day(row.visited_from),
                    "visited_to": _day(row.visited_to),
                    "letter_on": _day(row.letter_on),
                    "published_on": _day(row.published_on),
                    "kind": row.kind or None,
                    "outcome": row.outcome or None,
                    "reinspection_expected": row.reinspection_expected or None,
                    "note": row.note or None,
                }
                for row in self.tracker.inspections
            ],
            "weaknesses": self._weaknesses(),
            "areas": self._areas(),
            "kpis": self._kpis(),
            "report_series": [
                {
                    "code": row.code,
                    "title": row.title,
                    "rhythm": row.rhythm,
                    "content": row.content,
                    "audiences": _named(self.tracker.audiences.get(row.pk, []), self.bodies),
                    "anchor": _day(row.anchor_on),
                    "year_starts_in": row.year_starts_in,
                    "due_after": row.due_after,
                    "note": row.note or None,
                }
                for row in live(self.tracker.report_series)
            ],
            "funding": self._funding(),
            "engagement": [
                {
                    "date": _day(row.on),
                    "week": row.is_week,
                    "meeting": row.meeting,
                    "description": row.description,
                }
                for row in live(self.tracker.engagement)
            ],
            "glossary": [
                {"abbreviation": row.abbreviation, "meaning": row.meaning}
                for row in live(self.tracker.glossary)
            ],
        }

    def _plan(self) -> dict[str, Any]:
        plan = self.tracker.plan
        return {
            "slug": plan.slug,
            "local_area": plan.local_area.name,
            "kind": plan.kind,
            "kind_name": plan.kind_name or None,
            "title": plan.title,
            "starts": plan.starts.iso,
            "ends": plan.ends and plan.ends.iso,
            "submission_due": _day(plan.submission_due),
            "agreed_on": _day(plan.agreed_on) if plan.state != Plan.State.DRAFT else None,
            "agreed_by": plan.agreed_by or None,
            "agreement_reference": plan.agreement_reference or None,
            "predecessor": plan.predecessor and plan.predecessor.slug,
            "inspection": self.inspections.get(plan.inspection_id or 0),
            "responsible": [
                self.organisations[row.organisation_id] for row in self.tracker.responsible
            ],
            "signatories": [
                {"name": row.name, "office": row.office} for row in live(self.tracker.signatories)
            ],
            "purpose": plan.purpose or None,
            "vision": plan.vision or None,
            "priorities": plan.priorities,
            "smallest_count": plan.smallest_count,
            "smallest_denominator": plan.smallest_denominator,
            "smallest_survey": plan.smallest_survey,
            "outside_approver": plan.outside_approver or None,
            "is_restated": plan.is_restated,
            "note": plan.note or None,
        }

    def _bodies(self) -> list[dict[str, Any]]:
        members = grouped(live(self.tracker.members), lambda row: row.body_id)
        return [
            {
                "name": row.name,
                "kind": row.kind,
                "area": self.areas.get(row.area_id or 0),
                "note": row.note or None,
                "members": [self._member(member) for member in members.get(row.pk, [])],
            }
            for row in live(self.tracker.bodies)
        ]

    def _member(self, row: BodyMember) -> dict[str, Any]:
        return {
            "role": row.role,
            "people": _named(self.tracker.member_people.get(row.pk, []), self.people),
            "organisations": _named(
                self.tracker.member_organisations.get(row.pk, []), self.organisations
            ),
        }

    def _weaknesses(self) -> list[dict[str, Any]]:
        verdicts = grouped(self.tracker.verdicts().values(), lambda row: row.weakness_id)
        return [
            {
                "number": str(row.number),
                "text": row.text,
                "judgements": [
                    {
                        "inspection": self.inspections[judgement.inspection_id],
                        "judged_on": _day(judgement.judged_on),
                        "verdict": judgement.verdict,
                        "summary": judgement.summary or None,
                    }
                    for judgement in sorted(
                        verdicts.get(row.pk, []), key=lambda judgement: judgement.judged_on
                    )
                ],
            }
            for row in live(self.tracker.weaknesses)
        ]

    def _areas(self) -> list[dict[str, Any]]:
        officers = {
            row.area_id: self.people[row.person_id]
            for row in current(self.tracker.officers, self.today)
        }
        themes = grouped(live(self.tracker.themes), lambda row: row.area_id)
        without = grouped(
            (row for row in live(self.tracker.actions) if row.theme_id is None),
            lambda row: row.area_id,
        )
        return [
            {
                "number": str(row.number),
                "title": row.title,
                "short_title": row.short_title or None,
                "weakness": self.weaknesses.get(row.weakness_id or 0),
                "senior_responsible_officer": officers.get(row.pk),
                "note": row.note or None,
                "outcomes": row.outcomes,
                "actions": [self._action(action) for action in without.get(row.pk, [])],
                "themes": self._themes(themes.get(row.pk, [])),
            }
            for row in live(self.tracker.areas)
        ]

    def _themes(self, themes: list[Theme]) -> list[dict[str, Any]]:
        actions = grouped(live(self.tracker.actions), lambda row: row.theme_id or 0)
        return [
            {
                "ref": row.ref,
                "title": row.title,
                "i_statement": row.i_statement or None,
                "voice": row.voice,
                "actions": [self._action(action) for action in actions.get(row.pk, [])],
            }
            for row in themes
        ]

    def _action(self, row: Action) -> dict[str, Any]:
        commitments = self.commitments.get(row.pk, [])
        resources = self.resources.get(row.pk, [])
        held = _Held(commitments, {other.pk: other for other in self.tracker.commitments})
        leads = self.action_leads.get(row.pk, [])
        return {
            "ref": row.ref,
            "title": row.title,
            "detail": row.detail or None,
            "note": row.note or None,
            "leads": leads,
            "resources": [
                _resource(resource) for resource in resources if resource.commitment_id is None
            ],
            "works_with": _named(self.tracker.works_with.get(row.pk, []), self.areas),
            **self._rows(commitments, held, leads, resources),
        }

    def _rows(
        self,
        commitments: list[Commitment],
        held: "_Held",
        action_leads: list[str],
        resources: list[Resource],
    ) -> dict[str, Any]:
        """The action's rows, or what it says of itself where it prints none."""
        parts = [self._commitment(row, held, action_leads, resources) for row in commitments]
        if not any(row.is_whole_action for row in commitments):
            return {"commitments": parts}
        (whole,) = parts
        return {"whole": {name: whole[name] for name in schema.Whole.model_fields if name in whole}}

    def _commitment(
        self, row: Commitment, held: "_Held", action_leads: list[str], resources: list[Resource]
    ) -> dict[str, Any]:
        leads = self.commitment_leads.get(row.pk, [])
        return {
            "ref": row.ref,
            "title": row.title or None,
            **held.evidence(row),
            "leads": None if leads == action_leads else leads,
            "resources": [
                _resource(resource) for resource in resources if resource.commitment_id == row.pk
            ],
            **held.measures(row),
            "key_dates": [
                key_date_part(chain, self.tracker.plan)
                for chain in self.chains.get(row.pk, [])
                if chain[-1].pk not in self.withdrawn_dates
            ],
            "note": row.note or None,
        }

    def _kpis(self) -> list[dict[str, Any]]:
        commitments = grouped(self.tracker.kpi_commitments, lambda row: row.kpi_id)
        targets = self.tracker.target_heads()
        comparators = grouped(live(self.tracker.comparators), lambda row: row.kpi_id)
        return [
            {
                **_kpi_facts(row),
                "data_owner": self.people.get(row.data_owner_id or 0),
                "comparators": [
                    {"name": series.name, "published_in": series.published_in or None}
                    for series in comparators.get(row.pk, [])
                ],
                "targets": [
                    target_part(target)
                    for target in targets.get(row.pk, [])
                    if not target.is_withdrawn
                ],
                "commitments": _named(
                    [link.commitment_id for link in commitments.get(row.pk, [])], self.refs
                ),
            }
            for row in live(self.tracker.kpis)
        ]

    def _funding(self) -> list[dict[str, Any]]:
        amounts = grouped(self.tracker.amounts, lambda row: row.line_id)
        return [
            {
                "title": row.title,
                "source": row.source or None,
                "amounts": [
                    {"year": amount.year, "amount": amount.amount}
                    for amount in amounts.get(row.pk, [])
                ],
                "note": row.note or None,
            }
            for row in live(self.tracker.funding)
        ]

    def _leads(self, rows: Iterable[Any], of: str) -> dict[int, list[str]]:
        by_holder = grouped(current(rows, self.today), lambda row: cast(int, getattr(row, of)))
        return {
            holder: [self.people[row.person_id] for row in leads]
            for holder, leads in by_holder.items()
        }

    def _live_commitments(self) -> dict[int, list[Commitment]]:
        withdrawn = self.tracker.withdrawn_commitments()
        areas = {row.pk for row in live(self.tracker.areas)}
        themes = {row.pk for row in live(self.tracker.themes) if row.area_id in areas}
        actions = {
            row.pk
            for row in live(self.tracker.actions)
            if row.theme_id in themes or (row.theme_id is None and row.area_id in areas)
        }
        return grouped(
            (
                row
                for row in self.tracker.commitments
                if row.pk not in withdrawn and row.action_id in actions
            ),
            lambda row: row.action_id,
        )


class _Held:
    """Which commitment of an action holds a cell that several share.

    Where the holder was withdrawn, the first that is left holds the text for the others.
    """

    def __init__(self, commitments: list[Commitment], everyone: dict[int, Commitment]) -> None:
        self.everyone = everyone
        self.evidence_of: dict[int, Commitment] = {}
        self.measures_of: dict[int, Commitment] = {}
        for row in commitments:
            self.evidence_of.setdefault(row.same_evidence_as_id or row.pk, row)
            self.measures_of.setdefault(row.same_measures_as_id or row.pk, row)

    def evidence(self, row: Commitment) -> dict[str, Any]:
        origin = row.same_evidence_as_id or row.pk
        holder = self.evidence_of[origin]
        if holder.pk == row.pk:
            return _evidence(self.everyone[origin])
        return {"same_evidence_as": holder.ref}

    def measures(self, row: Commitment) -> dict[str, Any]:
        origin = row.same_measures_as_id or row.pk
        holder = self.measures_of[origin]
        if holder.pk == row.pk:
            return {"measures": self.everyone[origin].measures}
        return {"same_measures_as": holder.ref}


def _evidence(row: Commitment) -> dict[str, Any]:
    if row.evidence_is_list:
        return {"criteria": row.criteria}
    return {"evidence": row.evidence or None}


def _kpi_facts(row: Kpi) -> dict[str, Any]:
    return {
        "code": row.code,
        "title": row.title,
        "short_title": row.short_title or None,
        "definition": row.definition or None,
        "unit": row.unit,
        "direction": row.direction,
        "kind": row.kind,
        "frequency": row.frequency or None,
        "numerator": row.numerator or None,
        "denominator": row.denominator or None,
        "denominator_about": row.denominator_about,
        "per": row.per,
        "comparator": row.comparator or None,
        "year": row.year or None,
        "counts_people": row.counts_people,
        "needs_second_person": row.needs_second_person,
        "first_due": row.first_due_on and f"{row.first_due_on:%Y-%m}",
        "enough_values": row.enough_values,
        "baseline": row.baseline,
        "baseline_text": row.baseline_text or None,
        "baseline_source": row.baseline_source or None,
        "baseline_date": row.baseline_date and date_value(row.baseline_date),
        "awaits_baseline": row.awaits_baseline,
        "note": row.note or None,
    }


def _resource(row: Resource) -> dict[str, str | Decimal | None]:
    return {"text": row.text, "amount": row.amount}


def _named(keys: Iterable[int], names: dict[int, str]) -> list[str]:
    """The names of what is still in the plan, in order."""
    return [names[key] for key in keys if key in names]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
