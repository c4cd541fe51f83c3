"""Whose history is told: each table, what its rows are called, and how they belong to a plan.

Parts of a plan are told from what django-pghistory keeps of them; records from their own rows, each
by the few fields that say what it is. What somebody restricted is told without its words and its
author. Of a report each act is told: that its words were edited, and where, but not the words, for
a lead reads the history and no whole draft. They stand on the report's own pages.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, Q

from actions.models import (
    AccountableOfficer,
    Action,
    ActionFinding,
    ActionLead,
    Area,
    AreaFinding,
    AreaJudgement,
    AreaOfficer,
    Body,
    BodyMember,
    BodyMemberOrganisation,
    BodyMemberPerson,
    ClosingOutcome,
    Commitment,
    CommitmentFinding,
    CommitmentLead,
    Confirmation,
    DateMark,
    Engagement,
    Evidence,
    EvidenceWithdrawal,
    FamiliesView,
    Finding,
    FundingAmount,
    FundingLine,
    GlossaryTerm,
    Inspection,
    Invitation,
    Judgement,
    KeyDate,
    LocalArea,
    Membership,
    Notice,
    Organisation,
    Pause,
    PeriodTreatment,
    Person,
    Plan,
    PlanContact,
    PlanDocument,
    PlanDocumentWithdrawal,
    ProgressUpdate,
    Resource,
    ResponsibleOrganisation,
    RestrictedNote,
    Risk,
    RiskClosing,
    SharedView,
    Signatory,
    Succession,
    Theme,
    UpdateCycle,
    Withdrawal,
    WorksWith,
)
from actions.models.base import SPAN
from actions.wording import in_words_lazy
from kpis.models import (
    ComparatorFigure,
    ComparatorSeries,
    HeadlineKpi,
    Kpi,
    KpiCommitment,
    KpiRisk,
    TargetPoint,
)
from kpis.setup.named_people import named_in
from reports.models import (
    Approval,
    Approver,
    Publication,
    Report,
    ReportAudience,
    ReportSeries,
    ReportText,
    SaidOutside,
    SaidOutsideCheck,
    Signature,
)
from wsoa.accounts.models import User
from wsoa.oversight.models import (
    Challenge,
    ChallengeAnswer,
    ChallengeClosing,
    ChangeComment,
    ChangeDecision,
    ChangeMinute,
    ChangeRequest,
    ChangeSupport,
    ChangeTakenBack,
    Decision,
    DecisionDone,
    Handover,
    HandoverPart,
    HandoverSeen,
    Meeting,
    OutsideApproval,
    ReviewAction,
    ReviewMeeting,
)

GROUPS = {
    "commitments": in_words_lazy("{Commitments} and their leads"),
    "actions": in_words_lazy("{Areas}, {themes} and {actions}"),
    "kpis": "KPIs and targets",
    "records": "Updates, dates, risks and evidence",
    "meetings": "Meetings, questions and decisions",
    "papers": "The plan and its papers",
    "people": "People, groups and who may do what",
    "reports": "Reports, their series and approvers",
}


@dataclass(frozen=True, slots=True)
class Source:
    """One table.

    `title` names a row by its fields in braces, each as people read it. `ref` leads to the
    reference or code that the row stands under; `page` is an address, or what the page above shows,
    and the field it takes. Of a record, `told` are the fields that are shown, and `was` what some
    of them were before; of what is edited, `untold` are those that are not shown.
    """

    model: type[Model]
    group: str
    title: str
    of_plan: Callable[[Plan], Q]
    ref: str = ""
    page: tuple[str, str] = ("", "")
    told: tuple[str, ...] = ()
    was: dict[str, str] = field(default_factory=dict)
    untold: tuple[str, ...] = ()
    is_restricted: Q | None = None

    @property
    def key(self) -> str:
        return self.model._meta.label_lower

    @property
    def is_record(self) -> bool:
        return bool(self.told)

    @property
    def events(self) -> Any:
        """pghistory's own model of what happened to the rows of this one."""
        return self.model.pgh_event_model  # type: ignore[attr-defined]


def _of_request(way: str = "request__") -> Callable[[Plan], Q]:
    """Of a change asked for, whatever in the plan it is on."""
    ways = ("commitment__plan", "kpi__plan", "plan")

    def belongs(plan: Plan) -> Q:
        found = Q()
        for one in ways:
            found |= Q(**{f"{way}{one}": plan.pk})
        return found

    return belongs


def _of(path: str = "plan") -> Callable[[Plan], Q]:
    return lambda plan: Q(**{path: plan.pk})


def _people(plan: Plan) -> Q:
    """The people a plan names: those of a local area may be of another plan alone."""
    condition = Q(pk__in=[])
    for named, person, _ in named_in([plan.pk]):
        condition |= Q(id__in=named.values(person))
    return condition


def _organisations(plan: Plan) -> Q:
    condition = Q(id__in=ResponsibleOrganisation.objects.filter(plan=plan).values("organisation"))
    for named, person, _ in named_in([plan.pk]):
        condition |= Q(id__in=named.values(f"{person}__organisation"))
    return condition


def _through(plan: Plan, path: str) -> Q:
    """The findings of the plan's inspection, which may be another plan's too, and its own."""
    own = Q(**{f"{path}plan": plan.pk})
    return own | Q(**{f"{path}inspection": plan.inspection_id}) if plan.inspection_id else own


_COMMITMENT = ("commitment", "commitment")
_WAS_SPAN = {name: f"replaces__{name}" for name in SPAN}

SOURCES = (
    # Commitments and their leads
    Source(
        Commitment,
        "commitments",
        "{Commitment} {ref}",
        _of(),
        "ref",
        ("commitment", "ref"),
    ),
    Source(
        CommitmentLead,
        "commitments",
        "Lead of {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
    ),
    # Areas, themes and actions
    Source(Area, "actions", "{label}", _of(), "ref", ("area", "code")),
    Source(
        AreaOfficer,
        "actions",
        "Senior responsible officer of {area}",
        _of("area__plan"),
        "area__ref",
    ),
    Source(Theme, "actions", "{Theme} {ref}", _of(), "ref"),
    Source(Action, "actions", "{Action} {ref}", _of(), "ref", ("action", "ref")),
    Source(
        ActionLead,
        "actions",
        "Lead named by {the_action} {action}",
        _of("action__plan"),
        "action__ref",
        ("action", "action"),
    ),
    Source(
        AccountableOfficer,
        "actions",
        "Accountable officer of {the_action} {action}",
        _of("action__plan"),
        "action__ref",
        ("action", "action"),
    ),
    Source(
        WorksWith,
        "actions",
        "{Action} {action}, works with",
        _of("action__plan"),
        "action__ref",
        ("action", "action"),
    ),
    Source(
        Resource,
        "actions",
        "Resource of {the_action} {action}",
        _of("action__plan"),
        "action__ref",
        ("action", "action"),
    ),
    Source(
        AreaFinding,
        "actions",
        "{area}, findings it answers",
        _of("area__plan"),
        "area__ref",
    ),
    Source(
        ActionFinding,
        "actions",
        "{Action} {action}, findings it answers",
        _of("action__plan"),
        "action__ref",
        ("action", "action"),
    ),
    Source(
        CommitmentFinding,
        "actions",
        "{commitment}, findings it answers",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
    ),
    # KPIs and targets
    Source(Kpi, "kpis", "KPI {code}", _of(), "code"),
    Source(KpiCommitment, "kpis", "KPI {kpi}, {the_commitments}", _of("kpi__plan"), "kpi__code"),
    Source(
        HeadlineKpi,
        "kpis",
        "Headline KPI of {area}",
        _of("area__plan"),
        "area__ref",
    ),
    Source(
        ComparatorSeries, "kpis", "KPI {kpi}, compared with {name}", _of("kpi__plan"), "kpi__code"
    ),
    Source(
        ComparatorFigure,
        "kpis",
        "Figure of {series}",
        _of("series__kpi__plan"),
        told=("starts_on", "ends_on", "value", "reason"),
        was={"value": "replaces__value"},
    ),
    Source(
        TargetPoint,
        "kpis",
        "Target of KPI {kpi}",
        _of("kpi__plan"),
        "kpi__code",
        told=("kind", "operator", "value", "first_day", "is_withdrawn", "reason"),
        was={"value": "replaces__value", **_WAS_SPAN},
    ),
    # Updates, dates, risks and evidence
    Source(
        ProgressUpdate,
        "records",
        "Update of {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("brag", "progress", "on_behalf_of", "correction_reason"),
        {"brag": "corrects__brag", "progress": "corrects__progress"},
    ),
    Source(
        Confirmation,
        "records",
        "Answer to a {Blue} of {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("is_confirmed", "reason"),
    ),
    Source(
        FamiliesView,
        "records",
        "Whether families see a {Blue} of {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("view", "text"),
    ),
    Source(
        KeyDate,
        "records",
        "Date of {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("kind", "first_day", "reason", "asked_by", "decided_by"),
        _WAS_SPAN,
    ),
    Source(
        DateMark,
        "records",
        "Word on a date of {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("outcome", "on", "note"),
    ),
    Source(
        UpdateCycle,
        "papers",
        "When updates are asked for",
        _of(),
        "",
        ("period", ""),
        (
            "starts_on",
            "kind",
            "weeks",
            "body",
            "closing_days",
            "is_before_papers",
            "days_before_papers",
            "grace_days",
        ),
    ),
    Source(
        PeriodTreatment,
        "papers",
        "One update period",
        _of(),
        "",
        ("period", ""),
        ("day", "treatment"),
    ),
    Source(
        PlanDocument,
        "papers",
        "Document: {title}",
        _of(),
        "",
        ("actions:documents", ""),
        ("kind", "title", "dated_on", "version", "author", "area", "link", "file_name", "note"),
    ),
    Source(
        PlanDocumentWithdrawal,
        "papers",
        "Document withdrawn",
        _of("document__plan"),
        "",
        ("actions:documents", ""),
        ("document", "reason"),
    ),
    Source(
        Pause,
        "records",
        "Pause of {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("is_paused", "reason", "decided_by", "restarts_on"),
    ),
    Source(
        Withdrawal,
        "records",
        "Withdrawal of {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("is_withdrawn", "reason"),
    ),
    Source(
        ClosingOutcome,
        "records",
        "At closing: {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("outcome", "reason"),
    ),
    Source(
        ChangeRequest,
        "records",
        "Change asked for",
        _of_request(""),
        "commitment__ref",
        _COMMITMENT,
        (
            "kind",
            "commitment",
            "kpi",
            "parts",
            "wanted_on",
            "wanted_value",
            "wanted_text",
            "old_lead",
            "new_lead",
            "reason",
        ),
    ),
    Source(
        ChangeDecision,
        "records",
        "Decision on a change",
        _of_request(),
        "request__commitment__ref",
        told=("is_agreed", "reason", "meeting"),
    ),
    Source(
        ChangeSupport,
        "records",
        "Support of a change",
        _of_request(),
        "request__commitment__ref",
        told=("is_supported", "reason"),
    ),
    Source(
        ChangeComment,
        "records",
        "Families’ view of a change",
        _of_request(),
        "request__commitment__ref",
        told=("text",),
    ),
    Source(
        ChangeMinute,
        "records",
        "Minute of a change",
        _of_request("decision__request__"),
        "decision__request__commitment__ref",
        told=("text",),
    ),
    Source(
        OutsideApproval,
        "records",
        "Approval of a change from outside",
        _of_request(),
        "request__commitment__ref",
        told=("approver", "approved_on", "reference"),
    ),
    Source(
        ChangeTakenBack,
        "records",
        "Change taken back",
        _of_request(),
        "request__commitment__ref",
        told=("reason",),
    ),
    Source(
        Risk,
        "records",
        "{kind}",
        _of(),
        "commitment__ref",
        _COMMITMENT,
        ("commitment", "area", "text", "mitigation", "help_needed"),
    ),
    Source(
        RiskClosing,
        "records",
        "Risk or issue closed",
        _of("risk__plan"),
        "risk__commitment__ref",
        told=("risk", "reason"),
    ),
    Source(
        Evidence,
        "records",
        "Evidence for {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("title", "link", "place", "held_by", "ask_whom", "file_name", "visibility"),
        is_restricted=Q(visibility=Evidence.Visibility.RESTRICTED),
    ),
    Source(
        EvidenceWithdrawal,
        "records",
        "Evidence withdrawn",
        _of("evidence__commitment__plan"),
        "evidence__commitment__ref",
        told=("evidence", "reason"),
        is_restricted=Q(evidence__visibility=Evidence.Visibility.RESTRICTED),
    ),
    Source(
        RestrictedNote,
        "records",
        "Restricted note on {commitment}",
        _of("commitment__plan"),
        "commitment__ref",
        _COMMITMENT,
        ("kind",),
        is_restricted=Q(pk__isnull=False),
    ),
    Source(
        AreaJudgement,
        "records",
        "Judgement of {area}",
        _of("area__plan"),
        "area__ref",
        told=("brag", "reason"),
    ),
    Source(
        Judgement,
        "records",
        "Judgement on {finding}",
        lambda plan: Q(plan=plan.pk) | _through(plan, "finding__"),
        told=("verdict", "rating", "judged_on", "inspection", "judged_by", "letter", "summary"),
        was={"verdict": "replaces__verdict", "judged_on": "replaces__judged_on"},
    ),
    # Meetings, questions and decisions
    Source(Meeting, "meetings", "Meeting of {body}", _of()),
    Source(ReviewMeeting, "meetings", "Review meeting", _of()),
    Source(ReviewAction, "meetings", "Asked for in a review meeting", _of("meeting__plan")),
    Source(
        Challenge,
        "meetings",
        "Question",
        _of(),
        "commitment__ref",
        _COMMITMENT,
        ("commitment", "area", "text", "asked_by", "answer_due_on"),
    ),
    Source(
        ChallengeAnswer,
        "meetings",
        "Answer to a question",
        _of("challenge__plan"),
        "challenge__commitment__ref",
        told=("challenge", "text"),
    ),
    Source(
        ChallengeClosing,
        "meetings",
        "Question closed",
        _of("challenge__plan"),
        "challenge__commitment__ref",
        told=("challenge", "text", "meeting"),
    ),
    Source(
        Decision,
        "meetings",
        "Decision",
        _of(),
        "commitment__ref",
        _COMMITMENT,
        ("meeting", "commitment", "area", "text", "minute", "owner", "due_on"),
    ),
    Source(
        DecisionDone,
        "meetings",
        "Decision done",
        _of("decision__plan"),
        "decision__commitment__ref",
        told=("done_on", "text"),
    ),
    # The plan and its papers
    Source(Plan, "papers", "The plan", _of("id"), page=("actions:plan", "")),
    Source(ResponsibleOrganisation, "papers", "Jointly responsible organisations", _of()),
    Source(Succession, "papers", "Plan it continues", _of()),
    Source(Signatory, "papers", "Signatory", _of()),
    Source(Inspection, "papers", "Inspection", lambda plan: Q(id=plan.inspection_id)),
    Source(LocalArea, "papers", "Local area", lambda plan: Q(id=plan.local_area_id)),
    Source(
        Finding,
        "papers",
        "{kind} {number}",
        lambda plan: _through(plan, ""),
        page=("finding", "code"),
    ),
    Source(Notice, "papers", "{kind}", _of(), page=("actions:plan", "")),
    Source(Engagement, "papers", "Engagement", _of(), page=("actions:engagement", "")),
    Source(
        GlossaryTerm, "papers", "Glossary, {abbreviation}", _of(), page=("actions:glossary", "")
    ),
    Source(FundingLine, "papers", "Funding", _of(), page=("actions:funding", "")),
    Source(
        FundingAmount,
        "papers",
        "Funding of {line}",
        _of("line__plan"),
        page=("actions:funding", ""),
    ),
    # People, groups and who may do what
    Source(Membership, "people", "Part of {user} in the plan", _of()),
    Source(
        Invitation,
        "people",
        "Invitation of {name}",
        _of(),
        # What became of the mail is no act; where it went to is the programme team's to know.
        untold=("email", "mailed_at", "refused_at"),
    ),
    Source(
        Handover,
        "people",
        "Work of {leaver} handed over",
        _of(),
        page=("handover", "id"),
        told=("leaver", "successor", "starts_on", "reason"),
    ),
    Source(
        HandoverPart,
        "people",
        "Passed from {handover}",
        _of("handover__plan"),
        "commitment__ref",
        ("commitment", "commitment"),
        ("handover", "commitment", "kpi", "decision"),
    ),
    Source(
        HandoverSeen,
        "people",
        "Acknowledged: passed from {handover}",
        _of("handover__plan"),
        told=("handover", "area"),
    ),
    Source(SharedView, "people", "View shared with {reader}", _of()),
    Source(Person, "people", "Person, {name}", _people),
    Source(Organisation, "people", "Organisation, {code}", _organisations),
    Source(Body, "people", "{name}", _of(), page=("actions:bodies", "")),
    Source(
        BodyMember, "people", "Member of {body}", _of("body__plan"), page=("actions:bodies", "")
    ),
    Source(
        BodyMemberPerson,
        "people",
        "{bodymember}, people",
        _of("bodymember__body__plan"),
        page=("actions:bodies", ""),
    ),
    Source(
        BodyMemberOrganisation,
        "people",
        "{bodymember}, organisations",
        _of("bodymember__body__plan"),
        page=("actions:bodies", ""),
    ),
    Source(PlanContact, "people", "Contact, {name}", _of(), page=("actions:bodies", "")),
    # Reports, their series and approvers
    Source(ReportSeries, "reports", "{title}", _of(), page=("reports:index", "")),
    Source(
        ReportAudience,
        "reports",
        "{reportseries}, audience",
        _of("reportseries__plan"),
        page=("reports:index", ""),
    ),
    Source(Approver, "reports", "Approver of reports for {organisation}", _of()),
    Source(Report, "reports", "{series}, {number}, version {version}", _of("series__plan")),
    Source(
        ReportText,
        "reports",
        "Text of {report}: {place}",
        _of("report__series__plan"),
        untold=("place", "original", "beside", "text", "edited_at"),
    ),
    Source(
        Signature,
        "reports",
        "Signature under {report}",
        _of("report__series__plan"),
        told=("report", "area", "name", "office"),
    ),
    Source(
        Approval,
        "reports",
        "Answer to {report}",
        _of("report__series__plan"),
        told=("report", "organisation", "is_approved", "reason", "name", "office"),
    ),
    Source(
        SaidOutside,
        "reports",
        "Said outside of {report}",
        _of("report__series__plan"),
        told=(
            "report",
            "area",
            "organisation",
            "is_approved",
            "reason",
            "name",
            "office",
            "how",
            "said_on",
            "found_at",
        ),
    ),
    Source(
        SaidOutsideCheck,
        "reports",
        "Second person’s check of what was said outside by {said}",
        _of("said__report__series__plan"),
        told=("said", "is_confirmed", "reason"),
    ),
    Source(
        Publication,
        "reports",
        "Publication of {report}",
        _of("report__series__plan"),
        told=("report", "missing", "reason"),
    ),
)

BY_KEY = {source.key: source for source in SOURCES}

# Tracked, and told elsewhere or nowhere: users are no part of a plan; what is tied to a KPI is told
# as the record that it is.
LEFT_OUT = {User, KpiRisk}
