"""From the tracker to a plan file: the plan as it stands today with the moves of its dates.

Progress is not in it, and what was withdrawn is not.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.utils import timezone
from pydantic import ValidationError

from actions.models import (
    Action,
    BodyMember,
    ClosingOutcome,
    Commitment,
    Pause,
    Plan,
    PlanDocument,
    Resource,
    Theme,
)
from actions.models.base import Referenced
from actions.rules.dates import day_of
from actions.rules.status import BLUE_LASTS_MONTHS
from kpis.models import Kpi
from wsoa.planfile.cycles import rules_on_record, treated_on_record
from wsoa.planfile.format import schema
from wsoa.planfile.format.cycles import parts_of, treated_parts
from wsoa.planfile.format.differences import in_time
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
        self.findings = {row.pk: row.code for row in live(tracker.plan_findings())}
        self.areas = {row.pk: row.code for row in live(tracker.areas)}
        self.bodies = {row.pk: row.name for row in live(tracker.bodies)}
        kpis = {row.pk: row.code for row in live(tracker.kpis)}
        self.headlines = {row.area_id: kpis.get(row.kpi_id) for row in tracker.headlines}
        self.area_answers = self._answers(tracker.area_answers, "area_id")
        self.action_answers = self._answers(tracker.action_answers, "action_id")
        self.commitment_answers = self._answers(tracker.commitment_answers, "commitment_id")
        self.action_leads = self._leads(tracker.action_leads, "action_id")
        self.accountable = self._leads(tracker.accountable, "action_id")
        self.commitment_leads = self._leads(tracker.commitment_leads, "commitment_id")
        self.resources = grouped(live(tracker.resources), lambda row: row.action_id)
        self.chains = tracker.date_chains()
        self.pauses = tracker.standing_pauses()
        self.withdrawn_dates = tracker.withdrawn_dates()
        self.commitments = self._live_commitments()
        self.refs = {
            row.pk: row.code for commitments in self.commitments.values() for row in commitments
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
            "contacts": [
                {
                    "name": row.name,
                    "role": row.role,
                    "job_title": row.job_title or None,
                    "organisation": row.organisation or None,
                    "email": row.email or None,
                    "phone": row.phone or None,
                }
                for row in live(self.tracker.contacts)
            ],
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
            "findings": self._findings(),
            "notices": [
                {
                    "kind": row.kind,
                    "issued_on": _day(row.issued_on),
                    "ended_on": _day(row.ended_on),
                    "board": row.board or None,
                    "chair": row.chair or None,
                    "note": row.note or None,
                }
                for row in live(self.tracker.notices)
            ],
            "areas": self._areas(),
            "kpis": self._kpis(),
            "report_series": [
                {
                    "code": row.code,
                    "title": row.title,
                    "rhythm": row.rhythm,
                    "content": row.content,
                    "audiences": _named(self.tracker.audiences.get(row.pk, []), self.bodies),
                    "weeks": row.weeks,
                    "body": self.bodies.get(row.body_id or 0),
                    "anchor": _day(row.anchor_on),
                    "year_starts_in": row.year_starts_in,
                    "due_after": row.due_after,
                    "note": row.note or None,
                }
                for row in live(self.tracker.report_series)
            ],
            "funding": self._funding(),
            "documents": self._documents(),
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
            "level_names": plan.level_names,
            "colour_key": plan.colour_key,
            **_blue(plan),
            "update_cycles": parts_of(
                rules_on_record(self.tracker), {row.pk: row.name for row in self.tracker.bodies}
            ),
            "update_periods": treated_parts(treated_on_record(self.tracker)),
            "starts": plan.starts.iso,
            "ends": plan.ends and plan.ends.iso,
            "submission_due": _day(plan.submission_due),
            "agreed_on": _day(plan.agreed_on) if plan.state != Plan.State.DRAFT else None,
            "agreed_by": plan.agreed_by or None,
            "agreement_reference": plan.agreement_reference or None,
            "predecessors": [row.predecessor.slug for row in self.tracker.successions],
            "closed_on": _day(plan.closed_on),
            "closed_by": plan.closed_by or None,
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
            "judgements": self._judgements(None),
            "smallest_count": plan.smallest_count,
            "smallest_denominator": plan.smallest_denominator,
            "smallest_survey": plan.smallest_survey,
            "rounding": plan.rounding,
            "outside_approver": plan.outside_approver or None,
            "own_move_weeks": plan.own_move_weeks,
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

    def _findings(self) -> list[dict[str, Any]]:
        return [
            {
                "key": row.code,
                "inspection": self.inspections.get(row.inspection_id or 0),
                "kind": row.kind,
                "number": row.number or None,
                "short_title": row.short_title or None,
                "text": row.text,
                "addressed_to": row.addressed_to or None,
                "reference": row.reference or None,
                "judgements": self._judgements(row.pk),
            }
            for row in live(self.tracker.plan_findings())
        ]

    def _judgements(self, finding: int | None) -> list[schema.Judgement]:
        """Those of a finding, or of the plan as a whole."""
        return in_time(
            schema.Judgement.model_validate(
                {
                    "code": row.code,
                    "inspection": self.inspections.get(row.inspection_id or 0),
                    "judged_by": row.judged_by or None,
                    "judged_on": _day(row.judged_on),
                    "letter": row.letter or None,
                    "letter_on": _day(row.letter_on),
                    "verdict": row.verdict,
                    "rating": row.rating or None,
                    "summary": row.summary or None,
                }
            )
            for (of, _), row in self.tracker.judged().items()
            if of == finding
        )

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
                **_reference(row),
                "title": row.title,
                "short_title": row.short_title or None,
                "answers": self.area_answers.get(row.pk, []),
                "senior_responsible_officer": officers.get(row.pk),
                "note": row.note or None,
                "outcomes": row.outcomes,
                "impact": row.impact or None,
                "headline_kpi": self.headlines.get(row.pk),
                "actions": [self._action(action) for action in without.get(row.pk, [])],
                "themes": self._themes(themes.get(row.pk, [])),
            }
            for row in live(self.tracker.areas)
        ]

    def _themes(self, themes: list[Theme]) -> list[dict[str, Any]]:
        actions = grouped(live(self.tracker.actions), lambda row: row.theme_id or 0)
        return [
            {
                **_reference(row),
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
            **_reference(row),
            "title": row.title,
            "detail": row.detail or None,
            "where_now": row.where_now or None,
            "urgency": row.urgency or None,
            "waits_for": row.waits_for or None,
            "note": row.note or None,
            "leads": leads,
            "resources": [
                _resource(resource) for resource in resources if resource.commitment_id is None
            ],
            "works_with": _named(self.tracker.works_with.get(row.pk, []), self.areas),
            "answers": self.action_answers.get(row.pk, []),
            "accountable": self.accountable.get(row.pk, []),
            "responsible_group": self.bodies.get(row.responsible_group_id or 0)
            or row.responsible_group_text
            or None,
            "impact": row.impact or None,
            "quotation": _quotation(row),
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
            **_reference(row),
            "title": row.title or None,
            "short_title": row.short_title or None,
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
            "timescale": row.timescale or None,
            "paused": _paused(self.pauses.get(row.pk)),
            "continues": _continued(self.tracker.continues.get(row.pk), "ref"),
            "closing": _closing(self.tracker.closings.get(row.pk)),
            "answers": self.commitment_answers.get(row.pk, []),
            "note": row.note or None,
        }

    def _data_owner(self, row: Kpi) -> str | None:
        return self.people.get(row.owner_id_on(self.today) or 0)

    def _kpis(self) -> list[dict[str, Any]]:
        commitments = grouped(self.tracker.kpi_commitments, lambda row: row.kpi_id)
        targets = self.tracker.target_heads()
        comparators = grouped(live(self.tracker.comparators), lambda row: row.kpi_id)
        codes = {row.pk: row.code for row in live(self.tracker.kpis)}
        return [
            {
                **_kpi_facts(row),
                "continues": _continued(self.tracker.kpi_continues.get(row.pk), "code"),
                "part_of": codes.get(row.part_of_id or 0),
                "data_owner": self._data_owner(row),
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

    def _documents(self) -> list[dict[str, Any]]:
        return [
            {
                "kind": row.kind,
                "title": row.title,
                "date": _day(row.dated_on),
                "version": row.version or None,
                "author": row.author or None,
                "area": self.areas.get(row.area_id or 0),
                "link": row.link or None,
                "shareable": row.visibility == PlanDocument.Visibility.SHAREABLE,
                "note": row.note or None,
            }
            for row in self.tracker.documents
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
                "total": row.total,
                "period": row.period or None,
                "spent": row.spent,
                "spent_on": _day(row.spent_on),
                "note": row.note or None,
            }
            for row in live(self.tracker.funding)
        ]

    def _answers(self, rows: Iterable[Any], of: str) -> dict[int, list[str]]:
        return {
            holder: _named([row.finding_id for row in links], self.findings)
            for holder, links in grouped(rows, lambda row: cast(int, getattr(row, of))).items()
        }

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
        return {"same_evidence_as": holder.code}

    def measures(self, row: Commitment) -> dict[str, Any]:
        origin = row.same_measures_as_id or row.pk
        holder = self.measures_of[origin]
        if holder.pk == row.pk:
            return {"measures": self.everyone[origin].measures}
        return {"same_measures_as": holder.code}


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
        "smallest_count": row.smallest_count,
        "smallest_denominator": row.smallest_denominator,
        "smallest_survey": row.smallest_survey,
        "rounding": row.rounding,
        "remainder_tells": row.remainder_tells,
        "needs_second_person": row.needs_second_person,
        "first_due": row.first_due_on and f"{row.first_due_on:%Y-%m}",
        "enough_values": row.enough_values,
        "due_after_days": row.due_after_days,
        "baseline": row.baseline,
        "baseline_text": row.baseline_text or None,
        "baseline_source": row.baseline_source or None,
        "baseline_date": row.baseline_date and date_value(row.baseline_date),
        "awaits_baseline": row.awaits_baseline,
        "note": row.note or None,
    }


def _blue(plan: Plan) -> dict[str, Any]:
    """What the key says of Blue; of a key without one, as a plan that says nothing."""
    if plan.blue_lasts_months is None:
        return {"blue_means": "complete"} if plan.has_blue else {}
    is_usual = plan.blue_lasts_months == BLUE_LASTS_MONTHS
    return {} if is_usual else {"blue_lasts_months": plan.blue_lasts_months}


def _continued(before: tuple[str, str] | None, called: str) -> dict[str, str] | None:
    return {"plan": before[0], called: before[1]} if before else None


def _closing(said: ClosingOutcome | None) -> dict[str, Any] | None:
    return {"outcome": said.outcome, "reason": said.reason or None} if said else None


def _paused(pause: Pause | None) -> dict[str, Any] | None:
    if pause is None:
        return None
    return {
        "since": _day(day_of(pause.effective_at)),
        "reason": pause.reason,
        "decided_by": pause.decided_by or None,
        "restarts": pause.restarts and pause.restarts.iso,
    }


def _quotation(row: Action) -> dict[str, Any] | None:
    if not row.quotation:
        return None
    return {
        "text": row.quotation,
        "by": row.quotation_by or None,
        "date": row.quotation_date and date_value(row.quotation_date),
    }


def _reference(row: Referenced) -> dict[str, Any]:
    return {
        "ref": row.code,
        "printed": row.printed_ref or None,
        "unnumbered": row.is_unnumbered,
    }


def _resource(row: Resource) -> dict[str, str | Decimal | None]:
    return {"text": row.text, "amount": row.amount}


def _named(keys: Iterable[int], names: dict[int, str]) -> list[str]:
    """The names of what is still in the plan, in order."""
    return [names[key] for key in keys if key in names]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
