"""A plan's rows as the tracker holds them, read once for exporting and importing alike.

A fixed number of queries, whatever the plan's size. Withdrawn rows are among them: an import may
put them back. Records are in the order in which they took effect.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db.models import F, Model

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
    DateMark,
    Engagement,
    Finding,
    FundingAmount,
    FundingLine,
    GlossaryTerm,
    Inspection,
    Judgement,
    KeyDate,
    Notice,
    Organisation,
    Pause,
    PeriodTreatment,
    Person,
    Plan,
    PlanContact,
    PlanDocument,
    Resource,
    ResponsibleOrganisation,
    Signatory,
    Succession,
    Theme,
    UpdateCycle,
    Withdrawal,
)
from actions.models.base import Record, Withdrawable
from actions.models.plan import Led
from actions.rules.status import Outcome
from kpis.models import ComparatorSeries, HeadlineKpi, Kpi, KpiCommitment, TargetPoint
from reports.models import ReportSeries

Row = TypeVar("Row")
Dated = TypeVar("Dated", Led, AreaOfficer)
Said = TypeVar("Said", bound=Record)

# For each row on the left, the rows on the right in order.
Links = dict[int, list[int]]


@dataclass
class Tracker:
    """One plan's rows. What belongs to the local area is there for all its plans."""

    plan: Plan
    organisations: list[Organisation] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    inspections: list[Inspection] = field(default_factory=list)
    responsible: list[ResponsibleOrganisation] = field(default_factory=list)
    signatories: list[Signatory] = field(default_factory=list)
    # Of the local area: its other plans' own among them, which are no business of this one.
    findings: list[Finding] = field(default_factory=list)
    judgements: list[Judgement] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    area_answers: list[AreaFinding] = field(default_factory=list)
    action_answers: list[ActionFinding] = field(default_factory=list)
    commitment_answers: list[CommitmentFinding] = field(default_factory=list)
    officers: list[AreaOfficer] = field(default_factory=list)
    bodies: list[Body] = field(default_factory=list)
    contacts: list[PlanContact] = field(default_factory=list)
    members: list[BodyMember] = field(default_factory=list)
    member_people: Links = field(default_factory=dict)
    member_organisations: Links = field(default_factory=dict)
    themes: list[Theme] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    works_with: Links = field(default_factory=dict)
    action_leads: list[ActionLead] = field(default_factory=list)
    accountable: list[AccountableOfficer] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    commitments: list[Commitment] = field(default_factory=list)
    withdrawals: list[Withdrawal] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    closings: dict[int, ClosingOutcome] = field(default_factory=dict)
    successions: list[Succession] = field(default_factory=list)
    # By key of a commitment and of a KPI: the plan it goes on from, and the code there.
    continues: dict[int, tuple[str, str]] = field(default_factory=dict)
    kpi_continues: dict[int, tuple[str, str]] = field(default_factory=dict)
    cycles: list[UpdateCycle] = field(default_factory=list)
    treatments: list[PeriodTreatment] = field(default_factory=list)
    documents: list[PlanDocument] = field(default_factory=list)
    commitment_leads: list[CommitmentLead] = field(default_factory=list)
    key_dates: list[KeyDate] = field(default_factory=list)
    date_marks: list[DateMark] = field(default_factory=list)
    kpis: list[Kpi] = field(default_factory=list)
    kpi_commitments: list[KpiCommitment] = field(default_factory=list)
    targets: list[TargetPoint] = field(default_factory=list)
    headlines: list[HeadlineKpi] = field(default_factory=list)
    comparators: list[ComparatorSeries] = field(default_factory=list)
    report_series: list[ReportSeries] = field(default_factory=list)
    audiences: Links = field(default_factory=dict)
    funding: list[FundingLine] = field(default_factory=list)
    amounts: list[FundingAmount] = field(default_factory=list)
    engagement: list[Engagement] = field(default_factory=list)
    glossary: list[GlossaryTerm] = field(default_factory=list)

    @classmethod
    def load(cls, plan: Plan, *, lock: bool = False) -> "Tracker":
        """Read the rows. With `lock`, nobody else records anything before this transaction ends."""
        local_area = {"local_area": plan.local_area_id}
        commitments = Commitment.objects.filter(plan=plan)
        kpis = Kpi.objects.filter(plan=plan)
        if lock:
            # First, because the other rows are read by those who hold these.
            commitments = commitments.select_for_update(no_key=True)
            kpis = kpis.select_for_update(no_key=True)
        locked_commitments, locked_kpis = list(commitments), list(kpis)
        return cls(
            plan=plan,
            organisations=list(Organisation.objects.filter(**local_area)),
            people=list(Person.objects.filter(**local_area)),
            inspections=list(Inspection.objects.filter(**local_area)),
            responsible=list(ResponsibleOrganisation.objects.filter(plan=plan)),
            signatories=list(Signatory.objects.filter(plan=plan)),
            findings=_findings(plan),
            judgements=[*_of_findings(plan), *_records(Judgement, plan=plan)],
            notices=list(Notice.objects.filter(plan=plan)),
            areas=list(Area.objects.filter(plan=plan)),
            area_answers=list(AreaFinding.objects.filter(area__plan=plan)),
            action_answers=list(ActionFinding.objects.filter(action__plan=plan)),
            commitment_answers=list(CommitmentFinding.objects.filter(commitment__plan=plan)),
            officers=list(AreaOfficer.objects.filter(area__plan=plan)),
            bodies=list(Body.objects.filter(plan=plan)),
            contacts=list(PlanContact.objects.filter(plan=plan)),
            members=list(BodyMember.objects.filter(body__plan=plan)),
            member_people=_links(
                BodyMember.people.through, "bodymember", "person", bodymember__body__plan=plan
            ),
            member_organisations=_links(
                BodyMember.organisations.through,
                "bodymember",
                "organisation",
                bodymember__body__plan=plan,
            ),
            themes=list(Theme.objects.filter(plan=plan)),
            actions=list(Action.objects.filter(plan=plan)),
            works_with=_links(Action.works_with.through, "action", "area", action__plan=plan),
            action_leads=list(ActionLead.objects.filter(action__plan=plan)),
            accountable=list(AccountableOfficer.objects.filter(action__plan=plan)),
            resources=list(Resource.objects.filter(action__plan=plan)),
            commitments=locked_commitments,
            withdrawals=_records(Withdrawal, commitment__plan=plan),
            pauses=_records(Pause, commitment__plan=plan),
            closings={
                row.commitment_id: row
                for row in ClosingOutcome.objects.filter(commitment__plan=plan)
            },
            successions=list(Succession.objects.filter(plan=plan).select_related("predecessor")),
            continues=_continues(Commitment, plan),
            kpi_continues=_continues(Kpi, plan),
            # In the order in which they were said, whatever they speak of.
            cycles=list(UpdateCycle.objects.filter(plan=plan).order_by("recorded_at", "id")),
            treatments=list(
                PeriodTreatment.objects.filter(plan=plan).order_by("recorded_at", "id")
            ),
            # Those with a file are of the tracker alone.
            documents=list(
                PlanDocument.objects.filter(plan=plan, digest="", withdrawal=None).order_by("pk")
            ),
            commitment_leads=list(CommitmentLead.objects.filter(commitment__plan=plan)),
            key_dates=list(
                KeyDate.objects.filter(commitment__plan=plan).order_by("position", "id")
            ),
            date_marks=_records(DateMark, commitment__plan=plan),
            kpis=locked_kpis,
            kpi_commitments=list(KpiCommitment.objects.filter(kpi__plan=plan)),
            targets=list(TargetPoint.objects.filter(kpi__plan=plan).order_by("position", "id")),
            headlines=list(HeadlineKpi.objects.filter(area__plan=plan)),
            comparators=list(ComparatorSeries.objects.filter(kpi__plan=plan)),
            report_series=list(ReportSeries.objects.filter(plan=plan)),
            audiences=_links(
                ReportSeries.audiences.through, "reportseries", "body", reportseries__plan=plan
            ),
            funding=list(FundingLine.objects.filter(plan=plan)),
            amounts=list(FundingAmount.objects.filter(line__plan=plan)),
            engagement=list(Engagement.objects.filter(plan=plan)),
            glossary=list(GlossaryTerm.objects.filter(plan=plan)),
        )

    @classmethod
    def for_new(cls, plan: Plan) -> "Tracker":
        """For a plan that is not saved yet: what its local area has already."""
        local_area = {"local_area": plan.local_area_id}
        return cls(
            plan=plan,
            organisations=list(Organisation.objects.filter(**local_area)),
            people=list(Person.objects.filter(**local_area)),
            inspections=list(Inspection.objects.filter(**local_area)),
            findings=_findings(plan),
            judgements=_of_findings(plan),
        )

    # --- What the rows come to ----------------------------------------------------------------

    def withdrawn_commitments(self) -> set[int]:
        last = {row.commitment_id: row.is_withdrawn for row in self.withdrawals}
        return {commitment for commitment, is_withdrawn in last.items() if is_withdrawn}

    def date_chains(self) -> dict[int, list[list[KeyDate]]]:
        """By commitment: each date with all it has been, oldest first."""
        chains: dict[int, list[list[KeyDate]]] = defaultdict(list)
        for chain in _chains(self.key_dates):
            chains[chain[-1].commitment_id].append(chain)
        return chains

    def standing_pauses(self) -> dict[int, Pause]:
        """By commitment, the pause that stands."""
        last = {row.commitment_id: row for row in self.pauses}
        return {commitment: row for commitment, row in last.items() if row.is_paused}

    def withdrawn_dates(self) -> set[int]:
        """Keys of key dates whose chain was withdrawn and not reopened since.

        A mark on any date of a chain speaks of the whole chain, as in `actions/rules/status.py`.
        """
        head_of = {
            key_date.pk: chain[-1].pk for chain in _chains(self.key_dates) for key_date in chain
        }
        withdrawn: set[int] = set()
        for mark in self.date_marks:
            if mark.outcome == Outcome.WITHDRAWN:
                withdrawn.add(head_of[mark.key_date_id])
            elif mark.outcome == Outcome.REOPENED:
                withdrawn.discard(head_of[mark.key_date_id])
        return withdrawn

    def target_heads(self) -> dict[int, list[TargetPoint]]:
        """By KPI: the targets that no other replaces, withdrawn ones among them."""
        replaced = {target.replaces_id for target in self.targets}
        heads = [target for target in self.targets if target.pk not in replaced]
        return grouped(heads, lambda target: target.kpi_id)

    def plan_findings(self) -> list[Finding]:
        """The findings that a file of this plan names: its own, and those of inspections."""
        return [row for row in self.findings if row.inspection_id or row.plan_id == self.plan.pk]

    def judged(self) -> dict[tuple[int | None, str], Judgement]:
        """By finding (None: the plan as a whole) and code: the record that no other replaces."""
        replaced = {row.replaces_id for row in self.judgements}
        return {
            (row.finding_id, row.code): row for row in self.judgements if row.pk not in replaced
        }


def is_new(plan: Plan) -> bool:
    """Whether the plan is still to be saved for the first time."""
    return plan._state.adding


def live(rows: Iterable[Row]) -> list[Row]:
    """The rows that are not withdrawn."""
    return [row for row in rows if not (isinstance(row, Withdrawable) and row.withdrawn_at)]


def current(rows: Iterable[Dated], today: date) -> list[Dated]:
    """The rows that hold today: begun, and not over."""
    return [
        row
        for row in rows
        if (row.starts_on is None or row.starts_on <= today)
        and (row.ends_on is None or row.ends_on >= today)
    ]


def day_before(day: date) -> date:
    return day - timedelta(days=1)


def grouped(rows: Iterable[Row], key: Callable[[Row], int]) -> dict[int, list[Row]]:
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def _findings(plan: Plan) -> list[Finding]:
    """By inspection, a plan's own last."""
    rows = Finding.objects.filter(local_area=plan.local_area_id)
    return list(rows.order_by(F("inspection__position").asc(nulls_last=True), "position", "id"))


def _of_findings(plan: Plan) -> list[Judgement]:
    return _records(Judgement, finding__local_area=plan.local_area_id)


def _continues(model: type[Commitment] | type[Kpi], plan: Plan) -> dict[int, tuple[str, str]]:
    rows = model._default_manager.filter(plan=plan, continues__isnull=False)
    return {
        pk: (slug, code)
        for pk, slug, code in rows.values_list("pk", "continues__plan__slug", "continues__code")
    }


def _records(model: type[Said], **of_plan: Any) -> list[Said]:
    return list(
        model._default_manager.filter(**of_plan).order_by("effective_at", "recorded_at", "id")
    )


def _links(through: type[Model], left: str, right: str, **of_plan: Any) -> Links:
    """A link table's pairs, in the order in which they were made."""
    links: Links = defaultdict(list)
    pairs = through._default_manager.filter(**of_plan).order_by("id")
    for key, value in pairs.values_list(f"{left}_id", f"{right}_id"):
        links[key].append(value)
    return links


def _chains(key_dates: Iterable[KeyDate]) -> Iterable[list[KeyDate]]:
    by_id = {key_date.pk: key_date for key_date in key_dates}
    replaced = {key_date.replaces_id for key_date in by_id.values()}
    for key_date in by_id.values():
        if key_date.pk in replaced:
            continue
        chain = [key_date]
        while chain[0].replaces_id is not None:
            chain.insert(0, by_id[chain[0].replaces_id])
        yield chain
