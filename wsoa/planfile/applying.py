"""Bringing a plan's rows to what its file says, part by part; what is referred to comes first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model

from actions.models import (
    AccountableOfficer,
    Action,
    ActionFinding,
    ActionLead,
    Area,
    AreaFinding,
    AreaOfficer,
    Body,
    BodyMember,
    ClosingOutcome,
    Commitment,
    CommitmentFinding,
    CommitmentLead,
    Engagement,
    Finding,
    FundingAmount,
    FundingLine,
    GlossaryTerm,
    Inspection,
    Notice,
    Organisation,
    Pause,
    Person,
    Plan,
    PlanContact,
    PlanDocument,
    PlanDocumentWithdrawal,
    Resource,
    ResponsibleOrganisation,
    Signatory,
    Succession,
    Theme,
)
from actions.plan import amendments
from actions.plan.closing.closing import closing_moment
from actions.plan.references import show_references
from actions.rules.dates import PlanDate, day_of, start_of_day
from kpis.models import ComparatorSeries, HeadlineKpi, Kpi, KpiCommitment
from kpis.recording.deciding import follow_tick
from reports.models import ReportSeries
from wsoa.planfile.cycles import apply_cycle
from wsoa.planfile.fields import (
    ReferenceFields,
    day,
    inspection_fields,
    kpi_fields,
    plan_fields,
    quotation_fields,
)
from wsoa.planfile.format import schema
from wsoa.planfile.format.first_version import upgraded
from wsoa.planfile.records import DateRecorder, ImportEvent, record_judgements, record_targets
from wsoa.planfile.snapshot import Tracker, is_new
from wsoa.planfile.sync import (
    Fields,
    finding_places,
    in_places,
    keep_links,
    live_first,
    numbered,
    save,
    sync,
    sync_in_place,
    sync_pairs,
    sync_people,
)

Key = TypeVar("Key")
Answer = TypeVar("Answer", AreaFinding, ActionFinding, CommitmentFinding)
Shared = TypeVar("Shared", Organisation, Person, Inspection)


def apply(tracker: Tracker, file: schema.PlanFile, event: ImportEvent) -> None:
    """Make the tracker say what the file says. `tracker` holds the rows as they are until then."""
    application = _Application(tracker, upgraded(file), event)
    application.apply_local_area()
    application.apply_plan()
    application.apply_findings()
    application.apply_areas()
    application.apply_bodies()
    application.apply_cycle()
    application.apply_contacts()
    application.apply_actions()
    application.apply_commitments()
    application.apply_pauses()
    application.apply_leads()
    application.apply_resources()
    application.apply_dates()
    application.apply_kpis()
    application.apply_report_series()
    application.apply_funding()
    application.apply_notices()
    application.apply_papers()
    application.apply_documents()
    application.apply_closing()
    show_references(tracker.plan)


class _Application:
    """One application. What it has brought so far is at hand by its name in the file."""

    def __init__(self, tracker: Tracker, file: schema.PlanFile, event: ImportEvent) -> None:
        self.tracker = tracker
        self.plan = tracker.plan
        self.file = file
        self.event = event
        self.now = event.now
        self.dates = DateRecorder(tracker, event)
        self.references = ReferenceFields(file)
        self.organisations: dict[str, int] = {}
        self.people: dict[str, int] = {}
        self.inspections: dict[str, int] = {}
        self.findings: dict[str, int] = {}
        self.areas: dict[str, int] = {}
        self.bodies: dict[str, int] = {}
        self.actions: dict[str, Action] = {}
        self.commitments: dict[str, Commitment] = {}

    def apply_local_area(self) -> None:
        """Who and what the local area's plans share: added to, and never taken from."""
        file, tracker = self.file, self.tracker
        self.organisations = self._shared(
            Organisation,
            {row.code: row for row in tracker.organisations},
            {
                part.code: {"code": part.code, "name": part.name, "note": part.note or ""}
                for part in file.organisations
            },
        )
        self.people = self._shared(
            Person,
            {row.name: row for row in tracker.people},
            {
                part.name: {
                    "name": part.name,
                    "job_title": part.job_title or "",
                    "organisation_id": _key(self.organisations, part.organisation),
                    "also_printed_as": part.also_printed_as,
                    "note": part.note or "",
                }
                for part in file.people
            },
        )
        self.inspections = self._shared(
            Inspection,
            {row.code: row for row in tracker.inspections},
            {part.code: inspection_fields(part) for part in file.inspections},
        )

    def _shared(
        self, model: type[Shared], rows: Mapping[str, Shared], wanted: Mapping[str, Fields]
    ) -> dict[str, int]:
        """Other plans have an order of their own, so what is here keeps its place."""
        end = max((row.position + 1 for row in rows.values()), default=0)
        place = {"local_area_id": self.plan.local_area_id}
        fields = {
            key: {**values, **({} if key in rows else {**place, "position": end + n})}
            for n, (key, values) in enumerate(wanted.items())
        }
        return _keys(sync(model, rows, fields, now=self.now))

    def apply_plan(self) -> None:
        facts, plan = self.file.plan, self.plan
        fields = plan_fields(facts) | {
            "inspection_id": _key(self.inspections, facts.inspection),
        }
        if is_new(plan):
            for name, value in fields.items():
                setattr(plan, name, value)
            plan.save()
        else:
            save(plan, fields)
        predecessors = {row.predecessor_id: row for row in self.tracker.successions}
        keep_links(
            Succession,
            predecessors,
            in_places(
                predecessors,
                {
                    pk: {"plan_id": plan.pk, "predecessor_id": pk}
                    for pk in _predecessors(facts.predecessors)
                },
            ),
            now=self.now,
        )
        responsible = {row.organisation_id: row for row in self.tracker.responsible}
        keep_links(
            ResponsibleOrganisation,
            responsible,
            in_places(
                responsible,
                {
                    self.organisations[code]: {
                        "plan_id": plan.pk,
                        "organisation_id": self.organisations[code],
                    }
                    for code in facts.responsible
                },
            ),
            now=self.now,
        )
        sync_in_place(
            Signatory,
            numbered((row.name, row) for row in live_first(self.tracker.signatories)),
            numbered(
                (part.name, {"plan_id": plan.pk, "name": part.name, "office": part.office})
                for part in facts.signatories
            ),
            now=self.now,
        )

    def apply_findings(self) -> None:
        """Those of inspections are there for other plans too: added to, and never taken from."""
        tracker, file = self.tracker, self.file
        named = {part.key for part in file.findings}
        rows = {
            row.code: row
            for row in tracker.plan_findings()
            if row.code in named or row.inspection_id is None
        }
        places = finding_places(tracker.findings, file.findings, self.inspections)
        self.findings = _keys(
            sync(
                Finding,
                rows,
                {
                    part.key: {
                        "local_area_id": self.plan.local_area_id,
                        "inspection_id": _key(self.inspections, part.inspection),
                        "plan_id": None if part.inspection else self.plan.pk,
                        "code": part.key,
                        "position": places[part.key],
                        "kind": part.kind,
                        "number": part.number or "",
                        "short_title": part.short_title or "",
                        "text": part.text,
                        "addressed_to": part.addressed_to or "",
                        "reference": part.reference or "",
                    }
                    for part in file.findings
                },
                now=self.now,
            )
        )
        record_judgements(tracker, self.event, self.findings, self.inspections, file)

    def apply_areas(self) -> None:
        tracker, file = self.tracker, self.file
        self.areas = _keys(
            sync_in_place(
                Area,
                {row.code: row for row in tracker.areas},
                {
                    part.ref: {
                        "plan_id": self.plan.pk,
                        **self.references.of_area(part),
                        "title": part.title,
                        "short_title": part.short_title or "",
                        "outcomes": part.outcomes,
                        "impact": part.impact or "",
                        "note": part.note or "",
                    }
                    for part in file.areas
                },
                now=self.now,
            )
        )
        self._tie(
            AreaFinding,
            "area_id",
            tracker.area_answers,
            {self.areas[part.ref]: part.answers for part in file.areas},
        )
        officer = {part.ref: part.senior_responsible_officer for part in file.areas}
        sync_people(
            AreaOfficer,
            "area_id",
            tracker.officers,
            {
                key: [self.people[name]] if (name := officer[ref]) else []
                for ref, key in self.areas.items()
            },
            today=self.event.today,
            known={row.pk for row in tracker.areas},
        )

    def _tie(
        self,
        model: type[Answer],
        of: str,
        rows: Iterable[Answer],
        wanted: Mapping[int, list[str]],
    ) -> None:
        """What each of these answers, in order. What a withdrawn part answered stays with it."""
        links = {
            (holder, row.finding_id): row
            for row in rows
            if (holder := int(getattr(row, of))) in wanted
        }
        fields: dict[tuple[int, int], Fields] = {
            (holder, self.findings[key]): {of: holder, "finding_id": self.findings[key]}
            for holder, keys in wanted.items()
            for key in keys
        }
        keep_links(model, links, in_places(links, fields, [of]), now=self.now)

    def apply_bodies(self) -> None:
        tracker = self.tracker
        self.bodies = _keys(
            sync_in_place(
                Body,
                {row.name: row for row in tracker.bodies},
                {
                    part.name: {
                        "plan_id": self.plan.pk,
                        "name": part.name,
                        "kind": part.kind,
                        "area_id": _key(self.areas, part.area),
                        "note": part.note or "",
                    }
                    for part in self.file.bodies
                },
                now=self.now,
            )
        )
        # A line of a list of members is known by the people on it.
        wanted_members = numbered(
            ((self.bodies[body.name], tuple(member.people)), member)
            for body in self.file.bodies
            for member in body.members
        )
        names = {row.pk: row.name for row in tracker.people} | {
            key: name for name, key in self.people.items()
        }
        members = sync_in_place(
            BodyMember,
            numbered(
                (
                    (
                        row.body_id,
                        tuple(names[key] for key in tracker.member_people.get(row.pk, [])),
                    ),
                    row,
                )
                for row in live_first(tracker.members)
            ),
            {
                key: {"body_id": key[0][0], "role": member.role}
                for key, member in wanted_members.items()
            },
            within=["body_id"],
            now=self.now,
        )
        sync_pairs(
            BodyMember.people.through,
            ("bodymember_id", "person_id"),
            tracker.member_people,
            {
                members[key].pk: [self.people[name] for name in member.people]
                for key, member in wanted_members.items()
            },
        )
        sync_pairs(
            BodyMember.organisations.through,
            ("bodymember_id", "organisation_id"),
            tracker.member_organisations,
            {
                members[key].pk: [self.organisations[code] for code in member.organisations]
                for key, member in wanted_members.items()
            },
        )

    def apply_contacts(self) -> None:
        """A contact is known by name and role."""
        sync_in_place(
            PlanContact,
            {(row.name, row.role): row for row in self.tracker.contacts},
            {
                (part.name, str(part.role)): {
                    "plan_id": self.plan.pk,
                    "name": part.name,
                    "role": part.role,
                    "job_title": part.job_title or "",
                    "organisation": part.organisation or "",
                    "email": part.email or "",
                    "phone": part.phone or "",
                }
                for part in self.file.contacts
            },
            now=self.now,
        )

    def apply_actions(self) -> None:
        themes = _keys(
            sync_in_place(
                Theme,
                {row.code: row for row in self.tracker.themes},
                {
                    part.ref: {
                        "plan_id": self.plan.pk,
                        "area_id": self.areas[area.ref],
                        **self.references.of_theme(part),
                        "title": part.title,
                        "i_statement": part.i_statement or "",
                        "voice": list(part.voice),
                    }
                    for area in self.file.areas
                    for part in area.themes
                },
                within=["area_id"],
                now=self.now,
            )
        )
        self.actions = sync_in_place(
            Action,
            {row.code: row for row in self.tracker.actions},
            {
                part.ref: {
                    "plan_id": self.plan.pk,
                    "area_id": self.areas[area.ref],
                    "theme_id": themes[theme.ref] if theme else None,
                    **self.references.of_action(part),
                    "title": part.title,
                    "detail": part.detail or "",
                    "where_now": part.where_now or "",
                    "urgency": part.urgency or "",
                    "waits_for": part.waits_for or "",
                    "note": part.note or "",
                    **self._group(part),
                    "impact": part.impact or "",
                    **quotation_fields(part.quotation),
                }
                for area in self.file.areas
                for theme, actions in ((None, area.actions), *((t, t.actions) for t in area.themes))
                for part in actions
            },
            within=["area_id", "theme_id"],
            now=self.now,
        )
        sync_pairs(
            Action.works_with.through,
            ("action_id", "area_id"),
            self.tracker.works_with,
            {
                self.actions[part.ref].pk: [self.areas[ref] for ref in part.works_with]
                for part in self.file.actions
            },
        )
        self._tie(
            ActionFinding,
            "action_id",
            self.tracker.action_answers,
            {self.actions[part.ref].pk: part.answers for part in self.file.actions},
        )

    def _group(self, part: schema.Action) -> Fields:
        """The group that answers for an action: one of the bodies of the file, or a text."""
        name = part.responsible_group or ""
        body = self.bodies.get(name)
        return {
            "responsible_group_id": body,
            "responsible_group_text": "" if body else name,
        }

    def apply_commitments(self) -> None:
        rows = {row.code: row for row in self.tracker.commitments}
        before = _lineages(Commitment, self.file.plan.predecessors)
        wanted = in_places(
            rows,
            {
                part.ref: {
                    "plan_id": self.plan.pk,
                    "action_id": self.actions[action.ref].pk,
                    **self.references.of_commitment(part),
                    "title": action.title if action.whole else part.title or "",
                    "short_title": part.short_title or "",
                    "is_whole_action": isinstance(part, schema.WholeAction),
                    "evidence": part.evidence_text,
                    "evidence_is_list": bool(part.criteria),
                    "measures": part.measures,
                    "timescale": part.timescale or "",
                    "note": part.note or "",
                    **(
                        before[part.continues.plan, part.continues.ref]
                        if part.continues
                        else _NO_LINEAGE
                    ),
                }
                for _, action, part in self.file.placed_commitments()
            },
            within=["action_id"],
        )
        added_at = self.event.took_effect_at or self.now
        # Those that hold what others share must be there before the others are.
        for parts in _by_depth(self.file.commitments):
            fields = {
                part.ref: {
                    **wanted[part.ref],
                    "same_evidence_as_id": self._commitment_key(part.same_evidence_as),
                    "same_measures_as_id": self._commitment_key(part.same_measures_as),
                    **({} if part.ref in rows else {"added_at": added_at}),
                }
                for part in parts
            }
            self.commitments |= sync(Commitment, rows, fields, now=self.now)
        self._withdraw_and_reinstate(rows)
        self._tie(
            CommitmentFinding,
            "commitment_id",
            self.tracker.commitment_answers,
            {self.commitments[part.ref].pk: part.answers for part in self.file.commitments},
        )

    def _commitment_key(self, ref: str | None) -> int | None:
        return self.commitments[ref].pk if ref else None

    def _withdraw_and_reinstate(self, rows: Mapping[str, Commitment]) -> None:
        withdrawn = self.tracker.withdrawn_commitments()
        for ref, row in rows.items():
            is_wanted, is_withdrawn = ref in self.commitments, row.pk in withdrawn
            if is_wanted != is_withdrawn:
                continue
            change = (
                amendments.reinstate_commitment if is_wanted else amendments.withdraw_commitment
            )
            change(
                commitment=row,
                reason=self.event.reason,
                by=self.event.by,
                source=self.event.source,
            )

    def apply_pauses(self) -> None:
        """What is set aside, as a record; in an agreed plan of before, from the day it gives."""
        standing = self.tracker.standing_pauses()
        for part in self.file.commitments:
            commitment, wanted = self.commitments[part.ref], part.paused
            pause = standing.get(commitment.pk)
            if wanted is None:
                if pause:
                    amendments.restart_commitment(
                        commitment=commitment,
                        reason=self.event.reason or self.event.source,
                        by=self.event.by,
                        source=self.event.source,
                    )
                continue
            restarts = PlanDate.parse(wanted.restarts) if wanted.restarts else None
            if pause and _says(pause, wanted, restarts):
                continue
            amendments.pause_commitment(
                commitment=commitment,
                reason=wanted.reason,
                decided_by=wanted.decided_by or "",
                restarts=restarts,
                by=self.event.by,
                source=self.event.source,
                effective_at=start_of_day(date.fromisoformat(wanted.since)),
            )

    def apply_closing(self) -> None:
        """The end of a plan that is new here, and what became then of what was open."""
        facts = self.file.plan
        if facts.closed_on is None or self.plan.state == Plan.State.CLOSED:
            return
        closed_on = date.fromisoformat(facts.closed_on)
        moment = closing_moment(closed_on, self.event.today)
        ClosingOutcome.objects.bulk_create(
            ClosingOutcome(
                commitment=self.commitments[part.ref],
                outcome=part.closing.outcome,
                reason=part.closing.reason or "",
                **self.event.record(moment),
            )
            for part in self.file.commitments
            if part.closing
        )
        self.plan.state = Plan.State.CLOSED
        self.plan.closed_on = closed_on
        self.plan.closed_by = facts.closed_by or ""
        self.plan.save(update_fields=["state", "closed_on", "closed_by"])

    def apply_leads(self) -> None:
        tracker, today = self.tracker, self.event.today
        sync_people(
            ActionLead,
            "action_id",
            tracker.action_leads,
            {
                self.actions[part.ref].pk: [self.people[name] for name in part.leads]
                for part in self.file.actions
            },
            today=today,
            known={row.pk for row in tracker.actions},
        )
        sync_people(
            AccountableOfficer,
            "action_id",
            tracker.accountable,
            {
                self.actions[part.ref].pk: [self.people[name] for name in part.accountable]
                for part in self.file.actions
            },
            today=today,
            known={row.pk for row in tracker.actions},
        )
        sync_people(
            CommitmentLead,
            "commitment_id",
            tracker.commitment_leads,
            {
                self.commitments[part.ref].pk: [
                    self.people[name]
                    for name in (action.leads if part.leads is None else part.leads)
                ]
                for _, action, part in self.file.placed_commitments()
            },
            today=today,
            known={row.pk for row in tracker.commitments},
        )

    def apply_resources(self) -> None:
        sync_in_place(
            Resource,
            numbered(
                ((row.action_id, row.commitment_id, row.text), row)
                for row in live_first(self.tracker.resources)
            ),
            numbered(
                (
                    (action, commitment, part.text),
                    {
                        "action_id": action,
                        "commitment_id": commitment,
                        "text": part.text,
                        "amount": part.amount,
                    },
                )
                for action, commitment, part in self._placed_resources()
            ),
            within=["action_id", "commitment_id"],
            now=self.now,
        )

    def _placed_resources(self) -> Iterator[tuple[int, int | None, schema.Resource]]:
        for action in self.file.actions:
            key = self.actions[action.ref].pk
            for resource in action.resources:
                yield key, None, resource
            for commitment in action.tracked:
                for resource in commitment.resources:
                    yield key, self.commitments[commitment.ref].pk, resource

    def apply_dates(self) -> None:
        self.dates.record(self.commitments, self.file.commitments)

    def _data_owner(self, row: Kpi | None, name: str | None) -> Fields:
        """Whose data it is. What is to pass later passes, unless the file names another."""
        owner = _key(self.people, name)
        if row is not None and owner == row.owner_id_on(day_of(self.now)):
            return {"data_owner_id": row.data_owner_id}
        return {"data_owner_id": owner, "data_passes_to_id": None, "data_passes_on": None}

    def apply_kpis(self) -> None:
        counted = {row.pk: row.counts_people for row in self.tracker.kpis}
        before = _lineages(Kpi, self.file.plan.predecessors)
        there = {row.code: row for row in self.tracker.kpis}
        kpis = sync_in_place(
            Kpi,
            there,
            {
                part.code: {
                    "plan_id": self.plan.pk,
                    **self._data_owner(there.get(part.code), part.data_owner),
                    **kpi_fields(part),
                    **(
                        before[part.continues.plan, part.continues.code]
                        if part.continues
                        else _NO_LINEAGE
                    ),
                }
                for part in self.file.kpis
            },
            now=self.now,
        )
        for part in self.file.kpis:
            row, whole = kpis[part.code], kpis[part.part_of].pk if part.part_of else None
            if row.part_of_id != whole:
                row.part_of_id = whole
                row.save(update_fields=["part_of"])
            if counted.get(row.pk, row.counts_people) is not row.counts_people:
                follow_tick(row, self.plan)
        # The links of a withdrawn measure stay with it.
        kept = {row.pk for row in kpis.values()}
        links = {
            (row.kpi_id, row.commitment_id): row
            for row in self.tracker.kpi_commitments
            if row.kpi_id in kept
        }
        wanted: dict[tuple[int, int], Fields] = {
            (kpi, commitment): {"kpi_id": kpi, "commitment_id": commitment}
            for part in self.file.kpis
            for kpi in [kpis[part.code].pk]
            for commitment in [self.commitments[ref].pk for ref in part.commitments]
        }
        keep_links(KpiCommitment, links, in_places(links, wanted, ["kpi_id"]), now=self.now)
        sync_in_place(
            ComparatorSeries,
            {(row.kpi_id, row.name): row for row in self.tracker.comparators if row.kpi_id in kept},
            {
                (kpi, series.name): {
                    "kpi_id": kpi,
                    "name": series.name,
                    "published_in": series.published_in or "",
                }
                for part in self.file.kpis
                for kpi in [kpis[part.code].pk]
                for series in part.comparators
            },
            within=["kpi_id"],
            now=self.now,
        )
        self._apply_headlines(kpis)
        record_targets(self.tracker, self.event, kpis, self.file.kpis)

    def _apply_headlines(self, kpis: Mapping[str, Kpi]) -> None:
        """The KPI that each area shows first. That of a withdrawn area stays with it."""
        areas = set(self.areas.values())
        wanted: dict[int, Fields] = {
            self.areas[part.ref]: {
                "area_id": self.areas[part.ref],
                "kpi_id": kpis[part.headline_kpi].pk,
            }
            for part in self.file.areas
            if part.headline_kpi
        }
        rows = {row.area_id: row for row in self.tracker.headlines if row.area_id in areas}
        keep_links(HeadlineKpi, rows, wanted, now=self.now)

    def apply_report_series(self) -> None:
        series = sync_in_place(
            ReportSeries,
            {row.code: row for row in self.tracker.report_series},
            {
                part.code: {
                    "plan_id": self.plan.pk,
                    "code": part.code,
                    "title": part.title,
                    "rhythm": part.rhythm,
                    "content": part.content,
                    "weeks": part.weeks,
                    "body_id": self.bodies[part.body] if part.body else None,
                    "anchor_on": day(part.anchor),
                    "year_starts_in": part.year_starts_in,
                    "due_after": part.due_after,
                    "note": part.note or "",
                }
                for part in self.file.report_series
            },
            now=self.now,
        )
        sync_pairs(
            ReportSeries.audiences.through,
            ("reportseries_id", "body_id"),
            self.tracker.audiences,
            {
                series[part.code].pk: [self.bodies[name] for name in part.audiences]
                for part in self.file.report_series
            },
        )

    def apply_funding(self) -> None:
        parts = numbered((part.title, part) for part in self.file.funding)
        funding_lines = sync_in_place(
            FundingLine,
            numbered((row.title, row) for row in live_first(self.tracker.funding)),
            {
                key: {
                    "plan_id": self.plan.pk,
                    "title": part.title,
                    "source": part.source or "",
                    "total": part.total,
                    "period": part.period or "",
                    "spent": part.spent,
                    "spent_on": day(part.spent_on),
                    "note": part.note or "",
                }
                for key, part in parts.items()
            },
            now=self.now,
        )
        kept = {row.pk for row in funding_lines.values()}
        keep_links(
            FundingAmount,
            {(row.line_id, row.year): row for row in self.tracker.amounts if row.line_id in kept},
            {
                (funding_lines[key].pk, amount.year): {
                    "line_id": funding_lines[key].pk,
                    "year": amount.year,
                    "amount": amount.amount,
                }
                for key, part in parts.items()
                for amount in part.amounts
            },
            now=self.now,
        )

    def apply_notices(self) -> None:
        """Notices are known by their kind and the day of issue."""
        wanted: dict[tuple[tuple[str, date], int], Fields] = numbered(
            (
                (str(part.kind), date.fromisoformat(part.issued_on)),
                {
                    "plan_id": self.plan.pk,
                    "kind": part.kind,
                    "issued_on": date.fromisoformat(part.issued_on),
                    "ended_on": day(part.ended_on),
                    "board": part.board or "",
                    "chair": part.chair or "",
                    "note": part.note or "",
                },
            )
            for part in self.file.notices
        )
        rows = numbered(
            ((row.kind, row.issued_on), row) for row in live_first(self.tracker.notices)
        )
        sync_in_place(Notice, rows, wanted, now=self.now)

    def apply_papers(self) -> None:
        plan: Fields = {"plan_id": self.plan.pk}
        sync_in_place(
            Engagement,
            numbered(((row.on, row.meeting), row) for row in live_first(self.tracker.engagement)),
            numbered(
                (
                    (date.fromisoformat(part.date), part.meeting),
                    {
                        **plan,
                        "on": date.fromisoformat(part.date),
                        "is_week": part.week,
                        "meeting": part.meeting,
                        "description": part.description,
                    },
                )
                for part in self.file.engagement
            ),
            now=self.now,
        )
        sync_in_place(
            GlossaryTerm,
            {(row.abbreviation, row.meaning): row for row in self.tracker.glossary},
            {
                (part.abbreviation, part.meaning): {
                    **plan,
                    "abbreviation": part.abbreviation,
                    "meaning": part.meaning,
                }
                for part in self.file.glossary
            },
            now=self.now,
        )

    def apply_cycle(self) -> None:
        """When updates are asked for. A body that has left may stand in what was before."""
        bodies = {row.name: row.pk for row in self.tracker.bodies} | self.bodies
        apply_cycle(self.plan, self.tracker, self.file.plan, bodies, self.event)

    def apply_documents(self) -> None:
        """Records: one that says something else is another, and the former is withdrawn."""
        on_record = Counter[tuple[Any, ...]]()
        rows: dict[tuple[Any, ...], list[PlanDocument]] = defaultdict(list)
        for row in self.tracker.documents:
            rows[tuple(getattr(row, name) for name in _DOCUMENT)].append(row)
        for part in self.file.documents:
            fields = {
                "kind": part.kind,
                "title": part.title,
                "dated_on": day(part.date),
                "version": part.version or "",
                "author": part.author or "",
                "area_id": _key(self.areas, part.area),
                "link": part.link or "",
                "visibility": PlanDocument.Visibility.SHAREABLE
                if part.shareable
                else PlanDocument.Visibility.MEMBERS,
                "note": part.note or "",
            }
            said = tuple(fields[name] for name in _DOCUMENT)
            on_record[said] += 1
            if on_record[said] > len(rows[said]):
                PlanDocument.objects.create(plan=self.plan, **fields, **self.event.record())
        for said, same in rows.items():
            for row in same[on_record[said] :]:
                PlanDocumentWithdrawal.objects.create(
                    document=row,
                    reason=self.event.reason or self.event.source,
                    **self.event.record(),
                )


# What a document of a file says.
_DOCUMENT = (
    "kind",
    "title",
    "dated_on",
    "version",
    "author",
    "area_id",
    "link",
    "visibility",
    "note",
)


def _predecessors(slugs: list[str]) -> list[int]:
    keys = dict(Plan.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    return [keys[slug] for slug in slugs]


def _lineages(
    model: type[Commitment] | type[Kpi], slugs: list[str]
) -> dict[tuple[str, str], dict[str, int]]:
    """By plan and code, what a row that goes on from it says of its chain."""
    rows = model._default_manager.filter(plan__slug__in=slugs)
    return {
        (slug, code): {"continues_id": pk, "lineage": lineage or pk}
        for slug, code, pk, lineage in rows.values_list("plan__slug", "code", "pk", "lineage")
    }


_NO_LINEAGE = {"continues_id": None, "lineage": None}


def _keys(rows: Mapping[Key, Model]) -> dict[Key, int]:
    return {key: row.pk for key, row in rows.items()}


def _key(keys: Mapping[str, int], name: str | None) -> int | None:
    return None if name is None else keys[name]


def _says(pause: Pause, wanted: schema.Paused, restarts: PlanDate | None) -> bool:
    """Whether the pause on record is the one of the file."""
    return (day_of(pause.effective_at), pause.reason, pause.decided_by, pause.restarts) == (
        date.fromisoformat(wanted.since),
        wanted.reason,
        wanted.decided_by or "",
        restarts,
    )


def _by_depth(parts: Iterable[schema.Commitment]) -> list[list[schema.Commitment]]:
    """Commitments in rounds: each comes after those whose evidence or measures it shares."""
    depth: dict[str, int] = {}
    rounds: list[list[schema.Commitment]] = []
    for part in parts:
        shared = [ref for ref in (part.same_evidence_as, part.same_measures_as) if ref]
        depth[part.ref] = max((depth[ref] + 1 for ref in shared), default=0)
        if depth[part.ref] == len(rounds):
            rounds.append([])
        rounds[depth[part.ref]].append(part)
    return rounds
