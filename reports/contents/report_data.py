"""The plan at both ends of a report's period, at its cut-off: all that any report is made of.

What was recorded after the cut-off is nowhere in it, nor are working notes, restricted notes,
restricted evidence and numbers too small to show. Each subject is read once, when it is asked for,
in a fixed number of queries whatever the size of the plan.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject

from actions.models import (
    Body,
    Commitment,
    Organisation,
    Person,
    PlanContact,
    ResponsibleOrganisation,
)
from actions.pages import formatting
from actions.pages.commitment_list import Heading
from actions.pages.commitment_rows import CommitmentText as Named
from actions.pages.commitment_rows import texts_of_rows, why_untracked
from actions.records.history import load_history
from actions.records.text_versions import worded
from actions.rules.comparison import Change, ChangeKind, changes_between
from actions.rules.rating_course import Ratings, ratings_on
from actions.rules.state import (
    CommitmentState,
    Counts,
    History,
    PlanState,
    count,
    state_at,
)
from actions.rules.status import Rating
from kpis.pages.kpi_rows import KpiRow
from kpis.recording.comparators import Comparator
from kpis.recording.history import KpiSet, load_kpis
from kpis.rules.state import KpiState
from reports.contents import queries
from reports.contents.cut_off import AtCutOff
from reports.contents.editable_texts import Edited, EditedTexts
from reports.models import Approval, Report, ReportSeries, ReportText, Signature
from reports.rules.exceptions import Exceptions, exceptions
from wsoa.oversight.changes.change_requests import Kind


@dataclass(frozen=True, slots=True)
class Responsible:
    """An organisation that answers for the plan and approves its reports."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody outside whom the plan names as a contact."""

    name: str
    role: str
    office: str


def load(report: Report) -> "ReportData":
    """What the report is made of. One query; the rest is read when it is asked for."""
    bodies = (
        Body.objects.filter(report_series=OuterRef("pk"), withdrawn_at=None)
        .order_by("position", "pk")
        .values("name")
    )
    texts = ReportText.objects.filter(report=report.pk).values(
        one=JSONObject(place="place", text="text", original="original", beside="beside")
    )
    responsible = (
        ResponsibleOrganisation.objects.filter(plan=OuterRef("plan"))
        .order_by("position", "pk")
        .values(one=JSONObject(id="organisation", name="organisation__name"))
    )
    contacts = worded(
        PlanContact, report.as_at, known_at=report.known_at, plan=OuterRef("plan")
    ).values(
        one=JSONObject(
            place="position",
            name="name",
            role="role",
            job_title="job_title",
            organisation="organisation",
            withdrawn_at="withdrawn_at",
        )
    )
    series = (
        ReportSeries.objects.select_related("plan__local_area")
        .annotate(
            addressed=ArraySubquery(bodies),
            texts=ArraySubquery(texts),
            answers_for_it=ArraySubquery(responsible),
            named_outside=ArraySubquery(contacts),
            others=ArraySubquery(queries.comparator_rows(report)),
        )
        .get(pk=report.series_id)
    )
    return ReportData(
        report=report,
        series=series,
        audiences=tuple(series.addressed),
        responsible=tuple(
            Responsible(organisation["id"], organisation["name"])
            for organisation in series.answers_for_it
        ),
        contacts=tuple(
            Contact(
                contact["name"],
                PlanContact.Role(contact["role"]).label,
                ", ".join(filter(None, (contact["job_title"], contact["organisation"]))),
            )
            for contact in sorted(series.named_outside, key=lambda contact: contact["place"])
            if contact["withdrawn_at"] is None
        ),
        comparators=queries.comparators(series.others),
        words=EditedTexts(
            {
                text["place"]: Edited(text["text"], text["original"], text["beside"])
                for text in series.texts
            }
        ),
    )


@dataclass
class ReportData(AtCutOff):
    audiences: tuple[str, ...]
    responsible: tuple[Responsible, ...]
    contacts: tuple[Contact, ...]
    # Others by name that a measure is set beside, with their values, by measure.
    comparators: dict[int, tuple[Comparator, ...]]
    words: EditedTexts

    # --- State ----------------------------------------------------------------------------------

    @cached_property
    def history(self) -> History:
        """Of the commitments that had been put on record by the cut-off."""
        history = load_history([self.plan], self.until, known_at=self.report.known_at)
        (plan,) = history.plans
        recorded = tuple(
            commitment for commitment in plan.commitments if commitment.id in self.named
        )
        return replace(history, plans=(replace(plan, commitments=recorded),))

    def state_on(self, day: date) -> PlanState:
        return state_at(self.history, day, self.report.known_at)[self.plan.pk]

    def ratings_on(self, days: Sequence[date]) -> list[Ratings]:
        """How many commitments had each rating on days in time order, by area."""
        return ratings_on(self.history.plans[0], days, self.report.known_at)

    @cached_property
    def now(self) -> PlanState:
        return self.state_on(self.until)

    @cached_property
    def before(self) -> PlanState:
        return self.state_on(self.since)

    @cached_property
    def by_id(self) -> dict[int, CommitmentState]:
        return {state.id: state for state in self.now.commitments}

    @cached_property
    def then(self) -> dict[int, CommitmentState]:
        return {state.id: state for state in self.before.commitments}

    @cached_property
    def counts(self) -> Counts:
        return count(self.now.commitments)

    @property
    def has_before(self) -> bool:
        """Whether anybody was asked for ratings at the beginning of the period."""
        return self.before.tracked

    @property
    def untracked_text(self) -> str:
        return why_untracked(self.plan, self.now)

    @cached_property
    def changes(self) -> list[Change]:
        """In the plan's order; of what came into it since, also what that has come to."""
        return [
            one
            for change in changes_between(self.before, self.now)
            for one in (change, *self._come_to(change))
        ]

    def _come_to(self, change: Change) -> Iterator[Change]:
        state = self.by_id[change.commitment]
        if change.kind is not ChangeKind.ADDED or state.is_withdrawn:
            return
        if state.rating is not Rating.NOT_YET_RATED:
            yield replace(change, kind=ChangeKind.RATED, now=state.rating)
        if state.standing.blue_proposal:
            yield replace(change, kind=ChangeKind.BLUE_PROPOSED)
        if state.standing.blue_returned_at:
            yield replace(change, kind=ChangeKind.BLUE_RETURNED)
        if state.delivered_on:
            yield replace(change, kind=ChangeKind.DELIVERED)

    @cached_property
    def exceptions(self) -> Exceptions:
        return exceptions(self.now, self.before, self.kpis.values())

    def standing(self, area: int | None = None) -> list[CommitmentState]:
        """Commitments in the plan, of one area or of all; without the withdrawn."""
        return [
            state
            for state in self.now.commitments
            if not state.is_withdrawn and area in (None, state.area)
        ]

    # --- Parts of the plan ----------------------------------------------------------------------

    @cached_property
    def areas(self) -> tuple[queries.AreaPart, ...]:
        """In the plan's order, without those that were taken out of a draft."""
        return queries.areas(self, self.people)

    @cached_property
    def area_of(self) -> dict[int, queries.AreaPart]:
        return {area.id: area for area in self.areas}

    @cached_property
    def actions(self) -> dict[int, Any]:
        return queries.actions(self)

    @cached_property
    def named(self) -> dict[int, Named]:
        """The texts of every commitment, by id."""
        rows = self.worded(Commitment, plan=self.plan)
        return texts_of_rows(rows.select_related("same_evidence_as", "same_measures_as"))

    @cached_property
    def evidence_before(self) -> dict[int, str]:
        """The evidence of success, at the beginning of the period, of what was since reworded."""
        reworded = [
            request.commitment_id for request in self.requests if request.kind == Kind.WORDING
        ]
        rows = worded(Commitment, self.since, known_at=self.report.known_at, pk__in=reworded)
        return {row.key: row.evidence for row in rows}

    @cached_property
    def people(self) -> dict[int, Any]:
        """Each with the organisation as it was called on the day shown, as `works_for`."""
        named = self.worded(Organisation).filter(pgh_obj=OuterRef("organisation")).values("name")
        rows = self.worded(Person, local_area=self.plan.local_area).annotate(
            works_for=Subquery(named[:1])
        )
        return {row.key: row for row in rows.select_related("organisation")}

    @cached_property
    def _officers(self) -> set[int]:
        return {area.sro_id for area in self.areas if area.sro_id}

    def person(self, pk: int | None) -> str:
        """A senior responsible officer's name; of anybody else the office and organisation."""
        row = self.people.get(pk) if pk else None
        if row is None:
            return ""
        if pk in self._officers:
            return str(row.name)
        office = ", ".join(filter(None, (row.job_title, row.works_for)))
        return office or "Somebody named in the plan"

    def leads(self, state: CommitmentState) -> str:
        named = dict.fromkeys(self.person(lead.person) for lead in state.leads)
        return "; ".join(filter(None, named)) or "No lead named"

    def users(self, state: CommitmentState) -> tuple[int, ...]:
        """The users who lead a commitment, to be told when their words are edited."""
        return tuple(dict.fromkeys(lead.user for lead in state.leads if lead.user))

    # --- Measures -------------------------------------------------------------------------------

    @cached_property
    def kpi_set(self) -> KpiSet:
        return load_kpis(
            [self.plan], self.until, worded_day=self.until, known_at=self.report.known_at
        )

    @cached_property
    def kpis(self) -> dict[int, KpiState]:
        return self.kpi_set.states(known_at=self.report.known_at)

    @cached_property
    def kpis_before(self) -> dict[int, KpiState]:
        return self.kpi_set.states(self.since, known_at=self.report.known_at)

    @cached_property
    def measures(self) -> tuple[KpiRow, ...]:
        """The measures in the plan's order, without small numbers."""
        headings = {
            area.id: Heading(area.code, area.ref, area.title, area.label) for area in self.areas
        }
        histories = {history.id: history for history in self.kpi_set.histories}
        return tuple(
            KpiRow(
                None,
                row,
                histories[pk],
                self.kpis[pk],
                tuple(headings[area] for area in histories[pk].areas if area in headings),
            )
            for pk, row in self.kpi_set.rows.items()
        )

    def measures_of(self, area: int | None) -> list[KpiRow]:
        """The measures of an area; with None those of the plan as a whole."""
        if area is None:
            return [kpi for kpi in self.measures if not kpi.areas]
        return [kpi for kpi in self.measures if area in kpi.history.areas]

    # --- What was said, shown, asked and decided ------------------------------------------------

    @cached_property
    def updates(self) -> queries.Statement:
        return queries.updates(self, self.now.commitments)

    @cached_property
    def evidence(self) -> dict[int, list[queries.EvidencePart]]:
        return queries.evidence(self)

    @cached_property
    def risks(self) -> list[queries.RiskPart]:
        return queries.risks(self)

    @cached_property
    def moves(self) -> list[queries.Move]:
        return queries.moves(self)

    @cached_property
    def requests(self) -> list[Any]:
        return queries.requests_decided(self)

    @cached_property
    def decisions(self) -> list[queries.DecisionPart]:
        return queries.decisions(self)

    @cached_property
    def reviews(self) -> list[queries.Review]:
        return queries.reviews(self)

    @cached_property
    def resources(self) -> list[queries.Money]:
        return queries.resources(self, self.now.commitments)

    @cached_property
    def funding(self) -> list[Any]:
        return queries.funding(self)

    @cached_property
    def other_sums(self) -> list[Any]:
        return queries.other_sums(self)

    @cached_property
    def signatures(self) -> list[Signature]:
        return list(
            Signature.objects.filter(report=self.report.pk)
            .annotate(area_code=F("area__code"))
            .order_by("recorded_at", "pk")
        )

    @cached_property
    def approvals(self) -> list[Approval]:
        return list(Approval.objects.filter(report=self.report.pk).order_by("recorded_at", "pk"))


def day_text(day: date | None) -> str:
    return formatting.short_day(day) if day else ""


def refs_of(states: Iterable[CommitmentState]) -> str:
    return ", ".join(state.ref for state in states)
