"""The plan file: one plan as readable, hierarchical data.

Refs (`1.1.1a`), KPI codes, organisation codes, inspection codes and names of people and bodies are
identity: the same key in a later file means the same thing.

Dates are quoted text: a month (`"2022-12"`), a day (`"2022-12-07"`) and, of key dates, targets and
baselines, a quarter of the calendar year (`"2026-Q2"`), a school term (`"summer term 2026"`), a
year (`"2026"`, `"school year 2025/26"`, `"financial year 2025/26"`) or a range of days
(`"2026-05-01 to 2026-05-05"`). Where the paper has other words for it, or the schools other days,
it has keys: `{when: "summer term 2026", last_day: "2026-07-17", printed: "By summer"}`.

`PlanFile` checks shape; `checks` looks after the references within one file. What depends on the
tracker's present content (moves, withdrawals, edits made since) is the importer's business.
"""

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from actions.rules.cycle import (
    GRACE_WORKING_DAYS,
    MOST_WEEKS,
    PAPERS_NEED_WORKING_DAYS,
)
from wsoa.planfile.format.problems import Place
from wsoa.planfile.format.values import (
    AnyDate,
    AreaNumber,
    Brief,
    Code,
    Count,
    Day,
    DaysBeforePapers,
    Email,
    Few,
    FinancialYear,
    FindingKey,
    Flag,
    Grace,
    Headline,
    Label,
    Line,
    Link,
    Long,
    Money,
    Month,
    MonthOfYear,
    MonthOrDay,
    Months,
    Noun,
    Number,
    OwnMoveWeeks,
    Phone,
    Printed,
    PrintedNumber,
    Ref,
    Rounding,
    Short,
    Slug,
    Tag,
    Threshold,
    Timescale,
    Version,
    WorkingDays,
)

# Files of the first version are read; those that are written have the newest.
FORMAT = "wsoa-plan/2"
FORMATS = ("wsoa-plan/1", FORMAT)

PlanKind = Literal[
    "written_statement_of_action",
    "accelerated_progress_plan",
    "priority_action_plan",
    "improvement_plan",
    "strategic_plan",
    "reform_plan",
    "delivery_plan",
    "other",
]
InspectionKind = Literal["local_area", "revisit", "full", "monitoring"]
Outcome = Literal[
    "significant_weaknesses", "typically_positive", "inconsistent", "systemic_failings"
]
ContactRole = Literal["dfe_adviser", "nhse_adviser", "other"]
BodyKind = Literal[
    "steering_group",
    "working_group",
    "board",
    "panel",
    "committee",
    "management_team",
    "national_body",
]
Voice = Literal["parent_carers", "children_and_young_people"]
KeyDateKind = Literal[
    "completion", "interim", "baseline", "follow_up", "start", "launch", "evaluation", "review"
]
DocumentKind = Literal[
    "letter",
    "plan",
    "strategy",
    "minutes",
    "paper",
    "slides",
    "young_people",
    "easy_read",
    "case_study",
    "other",
]
CycleKind = Literal["monthly", "weeks", "meetings", "termly", "dates"]
ColourMeaning = Literal["blue", "green", "amber", "red", "grey", "paused", "cancelled"]
FindingKind = Literal[
    "significant_weakness",
    "priority_action",
    "area_for_improvement",
    "recommendation",
    "area_for_development",
    "strength",
]
Verdict = Literal[
    "sufficient",
    "not_sufficient",
    "effective",
    "not_effective",
    "monitoring_ended",
    "rating",
]
Direction = Literal["higher", "lower", "neither"]
KpiKind = Literal[
    "quantity",
    "rate",
    "survey",
    "relative",
    "comparator",
    "cumulative",
    "qualitative",
    "rolling",
]
Frequency = Literal["monthly", "quarterly", "six_monthly", "yearly", "once"]
CountingYear = Literal["financial", "school", "calendar"]
Operator = Literal[
    "at_least",
    "at_most",
    "exactly",
    "increase_by",
    "decrease_by",
    "stay_close",
    "increase",
    "decrease",
]
Rhythm = Literal["monthly", "six_weekly", "quarterly", "six_monthly", "weeks", "termly", "meetings"]
ReportContent = Literal["kpis", "exceptions", "formal", "scrutiny"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Signatory(_Part):
    name: Short
    office: Short


class Levels(_Part):
    """What the plan calls its levels; without a name, as this tracker calls them."""

    area: Noun | None = None
    areas: Noun | None = Field(
        default=None, description="Several; none: the usual plural of the one"
    )
    theme: Noun | None = None
    themes: Noun | None = None
    action: Noun | None = None
    actions: Noun | None = None
    commitment: Noun | None = None
    commitments: Noun | None = None


class ColourKeyEntry(_Part):
    """One word of the plan's own colour key. It says a rating by what it means, not by its hue."""

    word: Brief
    means: ColourMeaning
    text: Long | None = Field(None, description="What the key prints beside it")


class Judgement(_Part):
    """What an outside body said on a day. On record it is corrected and never taken out.

    It is known by its code: that of the inspection it comes from, else its day, unless it is given
    one. So a wrong day is put right under the old code.
    """

    code: Code | None = Field(
        None, description="Where neither the inspection nor the day alone tells which one it is"
    )
    inspection: Code | None = Field(None, description="The visit on which it was judged")
    judged_by: Short | None = Field(
        None, description="Who judged, where it is not an inspection: DfE and NHS England"
    )
    judged_on: Day | None = Field(None, description="None: the source gives no day")
    letter: Short | None = Field(None, description="Reference of the letter that says so")
    letter_on: Day | None = None
    verdict: Verdict
    rating: Brief | None = Field(
        None, description="Of a rating at a review: the colour, or the words in place of one"
    )
    summary: Long | None = None

    @property
    def name(self) -> str:
        return self.code or self.inspection or self.judged_on or "undated"


class UpdateCycle(_Part):
    """When updates are asked for from a day on. Before the first of them it is every month."""

    starts: Day
    kind: CycleKind
    weeks: Few | None = Field(None, ge=1, le=MOST_WEEKS, description="Of weeks: every so many")
    body: Short | None = Field(None, description="Of meetings: the name of the body that meets")
    closing_days: list[Day] = Field(
        default_factory=list, description="Of dates: the days on which an update closes"
    )
    before_papers: Flag = Field(
        False,
        description="Of monthly: it closes before the steering group’s papers are due, and not"
        " with the month",
    )
    days_before_papers: DaysBeforePapers = Field(
        PAPERS_NEED_WORKING_DAYS,
        description="Working days from a closing to the day on which papers are due",
    )
    grace_days: Grace = Field(
        GRACE_WORKING_DAYS,
        description="Working days after a closing from which on an update is overdue",
    )


class UpdatePeriod(_Part):
    """A single period, known by a day in it, for which no updates are asked for, or which is
    joined with the next."""

    day: Day
    treatment: Literal["skipped", "joined"]


class PlanFacts(_Part):
    slug: Slug
    local_area: Short
    kind: PlanKind
    kind_name: Brief | None = Field(
        None,
        description="What this kind of plan is called, where that is something else; of another"
        " kind always",
    )
    title: Short
    level_names: Levels = Levels()
    colour_key: list[ColourKeyEntry] = Field(
        default_factory=list, description="The plan's own; empty: the five colours of the BRAG"
    )
    blue_means: Literal["embedded", "complete"] = Field(
        "embedded", description="Embedded: to be said again; complete: for good"
    )
    blue_lasts_months: Few | None = Field(
        None, ge=1, description="Months after which an embedded Blue must be said again; none: 6"
    )
    update_cycles: list[UpdateCycle] = Field(
        default_factory=list, description="When updates are asked for; empty: every month"
    )
    update_periods: list[UpdatePeriod] = Field(default_factory=list)
    starts: MonthOrDay
    ends: MonthOrDay | None = None
    submission_due: Day | None = None
    agreed_on: Day | None = Field(None, description="Day the plan was agreed; none: still a draft")
    agreed_by: Short | None = Field(None, description="Who agreed to it")
    agreement_reference: Short | None = Field(
        None, description="Where that is written down: a minute, a letter"
    )
    predecessors: list[Slug] = Field(
        default_factory=list, description="The slugs of the plans that this one continues"
    )
    closed_on: Day | None = Field(None, description="Day the plan was closed; none: it is not")
    closed_by: Short | None = Field(None, description="Who decided that")
    inspection: Code | None = None
    responsible: list[Code] = Field(
        default_factory=list, description="Organisations jointly responsible, by code"
    )
    signatories: list[Signatory] = Field(default_factory=list)
    purpose: Long | None = None
    vision: Long | None = None
    priorities: list[Long] = Field(default_factory=list)
    judgements: list[Judgement] = Field(
        default_factory=list, description="What outside bodies said of the plan as a whole"
    )
    smallest_count: Few = Field(5, description="Counts of people are shown from this number up")
    smallest_denominator: Few = Field(
        10, description="A rate is shown where its denominator is at least this"
    )
    smallest_survey: Few = Field(
        10, description="A survey is shown where at least this many people answered"
    )
    rounding: Rounding = Field(
        0, description="To what people are rounded for those who may not see small numbers"
    )
    outside_approver: Short | None = Field(
        None,
        description="Who outside must agree before a change of what was agreed takes effect",
    )
    own_move_weeks: OwnMoveWeeks = Field(
        0, description="By how many weeks an area's SRO may move a date, once; 0: not at all"
    )
    is_restated: Flag = Field(
        False,
        description="The sentences here are shorter than in a published document, which governs",
    )
    note: Long | None = Field(None, description="What a reader must know of the source")

    @model_validator(mode="before")
    @classmethod
    def one_predecessor(cls, given: Any) -> Any:
        """A plan could name one alone before, under a name of its own."""
        if isinstance(given, dict) and "predecessor" in given:
            given = {**given}
            one = given.pop("predecessor")
            if one is not None:
                given.setdefault("predecessors", [one])
        return given

    @property
    def has_blue(self) -> bool:
        """Whether the plan's colour key knows a Blue."""
        return not self.colour_key or any(entry.means == "blue" for entry in self.colour_key)


class Organisation(_Part):
    code: Code
    name: Short
    note: Long | None = None


class Person(_Part):
    name: Short
    job_title: Short | None = None
    organisation: Code | None = None
    also_printed_as: list[Short] = Field(default_factory=list)
    note: Long | None = None


class Member(_Part):
    """One line of a list of members, as printed: a few lines hold two people."""

    role: Short
    people: list[Short] = Field(min_length=1)
    organisations: list[Code] = Field(default_factory=list)


class Body(_Part):
    name: Short
    kind: BodyKind
    area: Ref | None = Field(None, description="The area a working group belongs to")
    note: Long | None = None
    members: list[Member] = Field(default_factory=list)


class Contact(_Part):
    """Somebody outside whom the plan names as a contact."""

    name: Short
    role: ContactRole
    job_title: Short | None = Field(None, description="What they are called there")
    organisation: Short | None = None
    email: Email | None = None
    phone: Phone | None = None


class Inspection(_Part):
    code: Code
    title: Short
    inspectors: list[Short] = Field(default_factory=list)
    visited_from: Day | None = None
    visited_to: Day | None = None
    letter_on: Day | None = None
    published_on: Day | None = None
    kind: InspectionKind | None = None
    outcome: Outcome | None = None
    reinspection_expected: Short | None = Field(
        None, description="When the inspectors expect to return, in their words"
    )
    note: Long | None = None


class Finding(_Part):
    """What inspectors found. Of an inspection it is there for every plan that answers that one: a
    file that does not name it leaves it as it is."""

    key: FindingKey = Field(description="What areas, actions and commitments name it by")
    inspection: Code | None = Field(
        None, description="Whose finding it is; none: the plan's own, where no inspection is known"
    )
    kind: FindingKind
    number: PrintedNumber | None = Field(
        None, description="As printed, within its kind: a number or a letter"
    )
    short_title: Headline | None = Field(None, description="For lists")
    text: Long
    addressed_to: Short | None = Field(
        None, description="Who must act, where the inspectors say so: the partnership, the NHS"
    )
    reference: Short | None = Field(None, description="The page or section of the letter")
    judgements: list[Judgement] = Field(default_factory=list)


class Weakness(_Part):
    """A finding in the first version of the format, which knew no other."""

    number: AreaNumber
    text: Long
    judgements: list[Judgement] = Field(default_factory=list)


class DateMove(_Part):
    """An earlier date of a key date, and how it came to be replaced. Oldest first."""

    was: AnyDate
    moved_on: Day
    reason: Long
    asked_by: Short | None = None
    decided_by: Short | None = None


class KeyDate(_Part):
    date: AnyDate
    kind: KeyDateKind
    note: Long | None = None
    moves: list[DateMove] = Field(default_factory=list)


class Paused(_Part):
    """Set aside for a time: it stays in the plan, and nothing of it is owed or late."""

    since: Day
    reason: Long
    decided_by: Short | None = None
    restarts: Month | None = Field(None, description="The month in which work is to go on")


class Closing(_Part):
    """What became of a row that was open when the plan was closed."""

    outcome: Literal["done", "carried_forward", "not_needed"]
    reason: Long | None = None

    @model_validator(mode="after")
    def reason_of_what_is_not_needed(self) -> Self:
        if self.outcome == "not_needed" and not self.reason:
            raise PydanticCustomError("reason", "say why it is no longer needed: reason")
        return self


class Continued(_Part):
    """The row of a plan before that this one goes on from."""

    plan: Slug
    ref: Ref


class ContinuedKpi(_Part):
    """The KPI of a plan before that this one goes on from."""

    plan: Slug
    code: Code


class Resource(_Part):
    text: Short
    amount: Money | None = None


class Quotation(_Part):
    """What somebody said, as the plan quotes it."""

    text: Long
    by: Short | None = Field(None, description="Who said it: a parent, a young person")
    date: AnyDate | None = Field(None, description="When they said it")


class Referenced(_Part):
    """A part known by a reference: once in the file, and printed so unless it says otherwise."""

    ref: Ref
    printed: Printed | None = Field(
        None, description="The reference as the plan prints it, where that is another"
    )
    unnumbered: Flag = Field(False, description="The plan prints no reference for it")

    @model_validator(mode="after")
    def printed_or_not(self) -> Self:
        if self.unnumbered and self.printed:
            raise PydanticCustomError("printed", "give either printed or unnumbered")
        return self

    @property
    def reference(self) -> str:
        """What the plan prints; empty where it prints none."""
        return "" if self.unnumbered else self.printed or self.ref


class Commitment(Referenced):
    """One row of the plan.

    A cell that the plan prints once for several rows is written once: `same_evidence_as` and
    `same_measures_as` name the row that holds it. "Same as above" is not "empty".
    """

    title: Short | None = Field(
        None, description="A short name, where the evidence alone is not one"
    )
    short_title: Label | None = Field(None, description="For charts and wherever space is short")
    evidence: Long | None = None
    criteria: list[Line] = Field(
        default_factory=list, description="Several things that show it, as a list"
    )
    same_evidence_as: Ref | None = None
    leads: list[Short] | None = Field(
        None, description="Where they differ from the action's; an empty list: nobody"
    )
    resources: list[Resource] = Field(default_factory=list, description="Only this row's")
    measures: list[Long] = Field(default_factory=list, description="Measures without a number")
    same_measures_as: Ref | None = None
    key_dates: list[KeyDate] = Field(default_factory=list)
    timescale: Timescale | None = Field(
        None, description='What is printed in place of a completion date: "Ongoing"'
    )
    paused: Paused | None = None
    continues: Continued | None = None
    closing: Closing | None = None
    answers: list[FindingKey] = Field(
        default_factory=list, description="The findings that this row answers, beside its action's"
    )
    note: Long | None = Field(None, description="How the source prints this row, where it is odd")

    @property
    def evidence_text(self) -> str:
        """The evidence, or the criteria, one on each line; empty for none."""
        return self.evidence or "\n".join(self.criteria)

    @model_validator(mode="after")
    def evidence_once(self) -> Self:
        given = (self.evidence, self.same_evidence_as, self.criteria)
        if sum(bool(value) for value in given) != 1:
            raise PydanticCustomError(
                "evidence", "give one of evidence, criteria and same_evidence_as"
            )
        if self.measures and self.same_measures_as:
            raise PydanticCustomError("measures", "give either measures or same_measures_as")
        return self


class Whole(_Part):
    """An action that prints no rows of its own: it is tracked as one commitment, by its own
    reference, title and leads."""

    short_title: Label | None = Field(None, description="For charts and wherever space is short")
    evidence: Long | None = None
    criteria: list[Line] = Field(
        default_factory=list, description="Several things that show it, as a list"
    )
    measures: list[Long] = Field(default_factory=list, description="Measures without a number")
    key_dates: list[KeyDate] = Field(default_factory=list)
    timescale: Timescale | None = Field(
        None, description='What is printed in place of a completion date: "Ongoing"'
    )
    paused: Paused | None = None
    continues: Continued | None = None
    closing: Closing | None = None
    note: Long | None = Field(None, description="How the source prints it, where it is odd")

    @model_validator(mode="after")
    def evidence_once(self) -> Self:
        if self.evidence and self.criteria:
            raise PydanticCustomError("evidence", "give either evidence or criteria")
        return self


class WholeAction(Commitment):
    """The one commitment that an action without rows is."""


class Action(Referenced):
    title: Long
    detail: Long | None = None
    where_now: Long | None = Field(
        None, description="Where things stood when the plan was written, in its words"
    )
    urgency: Brief | None = Field(
        None, description='How urgent the plan says it is: "Immediate", "Should"'
    )
    waits_for: Short | None = Field(
        None, description="What comes first, in the plan's words: another action, a decision"
    )
    note: Long | None = None
    leads: list[Short] = Field(default_factory=list)
    resources: list[Resource] = Field(default_factory=list)
    works_with: list[Ref] = Field(default_factory=list)
    answers: list[FindingKey] = Field(
        default_factory=list, description="The findings it answers, beside its area's"
    )
    accountable: list[Short] = Field(
        default_factory=list, description="Names of its accountable officers"
    )
    responsible_group: Short | None = Field(
        None, description="The name of a body; of a group that is none here, just its name"
    )
    impact: Long | None = Field(None, description="What changes for children and families")
    quotation: Quotation | None = None
    commitments: list[Commitment] = Field(default_factory=list)
    whole: Whole | None = Field(
        None, description="In place of commitments, where the plan prints no rows below the action"
    )

    @model_validator(mode="after")
    def rows_or_whole(self) -> Self:
        if self.whole and self.commitments:
            raise PydanticCustomError("whole", "give either commitments or whole")
        return self

    @property
    def tracked(self) -> list[Commitment]:
        """Its commitments: its rows, or itself where it prints none."""
        if self.whole is None:
            return self.commitments
        parts = {name: getattr(self.whole, name) for name in Whole.model_fields}
        return [
            WholeAction.model_construct(
                ref=self.ref,
                printed=self.printed,
                unnumbered=self.unnumbered,
                title=None,
                **parts,
            )
        ]


class Theme(Referenced):
    title: Short
    i_statement: Long | None = None
    voice: list[Voice] = Field(default_factory=list)
    actions: list[Action] = Field(default_factory=list)


class Area(Referenced):
    # Files of the first version number their areas.
    ref: Ref = Field(validation_alias=AliasChoices("ref", "number"))
    title: Short
    short_title: Tag | None = Field(
        None, description="For lists, charts and wherever space is short"
    )
    answers: list[FindingKey] = Field(
        default_factory=list, description="The findings it answers, by key"
    )
    weakness: AreaNumber | None = Field(
        None, description="In the first version: number of the weakness it answers"
    )
    senior_responsible_officer: Short | None = None
    note: Long | None = None
    outcomes: list[Long] = Field(default_factory=list)
    impact: Long | None = Field(None, description="What changes for children and families")
    headline_kpi: Code | None = Field(None, description="The KPI that is shown first for it")
    actions: list[Action] = Field(
        default_factory=list, description="Those without a theme, before the themes"
    )
    themes: list[Theme] = Field(default_factory=list)


class Target(_Part):
    date: AnyDate | None = Field(None, description="None: the plan gives the target no date")
    months_after_agreement: Months | None = Field(
        None, description="In the place of a date: the month so many after the plan is agreed"
    )
    value: Number | None = Field(
        None, description="None: a comparison, or (increase, decrease) a direction alone"
    )
    operator: Operator = "at_least"
    kind: Literal["trajectory", "final"] = "final"
    tolerance: Number | None = Field(
        None, description="Of stay_close: how far off is close enough, in the KPI's unit"
    )
    label: Brief | None = Field(None, description='As the plan calls it: "milestone 3"')
    borrowed_from: Short | None = Field(
        None, description='Whose value it is, and of which year: "England 2023/24"'
    )
    note: Long | None = None


class Comparator(_Part):
    """Others whose values the KPI is set beside. The values are figures, and not in the file."""

    name: Brief
    published_in: Short | None = None


class Kpi(_Part):
    code: Code
    title: Short
    short_title: Label | None = Field(None, description="For charts and wherever space is short")
    definition: Long | None = None
    unit: Short
    direction: Direction
    kind: KpiKind
    frequency: Frequency | None = None
    numerator: Short | None = None
    denominator: Short | None = None
    denominator_about: Count | None = Field(
        None, description="An approximate denominator, where the plan gives one (c.250 staff)"
    )
    per: Count | None = Field(
        None,
        description="What a numerator over a denominator is multiplied by; none: 100 where the"
        " unit is %, else 1",
    )
    comparator: Short | None = None
    year: CountingYear | None = Field(
        None,
        description="Of a cumulative measure: the year after which it begins again; of a quarterly,"
        " six-monthly or yearly one: the year that its periods are parts of, else from April",
    )
    counts_people: Flag | None = Field(
        None,
        description="It counts children or families, so that small numbers are not shown; left"
        " out: a rate, a survey, a judgement and what has a numerator does, other KPIs do not",
    )
    smallest_count: Threshold | None = Field(
        None, description="Numbers of people are shown from this one up; none: as the plan"
    )
    smallest_denominator: Few | None = Field(
        None, description="A rate is shown of at least so many; none: as the plan"
    )
    smallest_survey: Few | None = Field(
        None, description="A survey is shown that so many answered; none: as the plan"
    )
    rounding: Rounding | None = Field(
        None, description="To what people are rounded for those who may not see small numbers"
    )
    remainder_tells: Flag = Field(
        False, description="Of a rate: being left over says something about a child, too"
    )
    continues: ContinuedKpi | None = None
    part_of: Code | None = Field(
        None, description="The KPI whose figure its own and its other parts come to"
    )
    needs_second_person: Flag = Field(
        False, description="A final figure is provisional until a second person confirms it"
    )
    first_due: Month | None = Field(
        None, description="The first month for which a figure is expected"
    )
    enough_values: Few | None = Field(
        None, ge=4, description="Values from which its control chart is read; none: thirteen"
    )
    due_after_days: int | None = Field(
        None,
        ge=1,
        le=250,
        description="Working days from the end of a period until its figure is due; none: fifteen",
    )
    data_owner: Short | None = None
    baseline: Number | None = None
    baseline_text: Long | None = Field(
        None, description="Where things start, where the plan says it in words"
    )
    baseline_date: AnyDate | None = Field(None, description="When, or over what period, measured")
    baseline_source: Short | None = None
    awaits_baseline: Flag = Field(
        False, description="The plan asks for a baseline that nobody has yet"
    )
    comparators: list[Comparator] = Field(default_factory=list)
    targets: list[Target] = Field(default_factory=list)
    commitments: list[Ref] = Field(default_factory=list)
    note: Long | None = None

    @model_validator(mode="before")
    @classmethod
    def counts_people_unless_it_says_otherwise(cls, given: Any) -> Any:
        if not isinstance(given, dict) or given.get("counts_people") is not None:
            return given
        judged = given.get("kind") in ("rate", "survey", "qualitative") or given.get("numerator")
        return given | {"counts_people": bool(judged)}


class ReportSeries(_Part):
    code: Code
    title: Short
    rhythm: Rhythm
    content: ReportContent
    audiences: list[Short] = Field(default_factory=list, description="Names of bodies")
    weeks: Few | None = Field(None, ge=1, le=MOST_WEEKS, description="Of weeks: every so many")
    body: Short | None = Field(None, description="Of meetings: for each meeting of this body")
    anchor: Day | None = Field(
        None, description="First day of a first period, of weeks or for meetings"
    )
    year_starts_in: MonthOfYear = Field(
        4, description="Month in which the year of quarters and half-years begins"
    )
    due_after: WorkingDays = Field(
        10, description="Working days from the end of a period to its report, where no meeting says"
    )
    note: Long | None = None


class FundingAmount(_Part):
    year: FinancialYear
    amount: Money | None = None


class FundingLine(_Part):
    title: Short
    source: Short | None = None
    amounts: list[FundingAmount] = Field(default_factory=list)
    total: Money | None = Field(
        None, description="In the place of amounts: a sum for no financial year in particular"
    )
    period: Brief | None = Field(None, description="What time a total is for")
    spent: Money | None = Field(None, description="Of all of it, up to the day of spent_on")
    spent_on: Day | None = None
    note: Long | None = None


class Notice(_Part):
    """A formal step of DfE beside the plan."""

    kind: Literal["improvement_notice", "direction"]
    issued_on: Day
    ended_on: Day | None = None
    board: Short | None = Field(None, description="The board that oversees it")
    chair: Short | None = None
    note: Long | None = None


class Engagement(_Part):
    date: Day
    week: Flag = Field(False, description="The entry is for the week that begins on the date")
    meeting: Long
    description: Long


class GlossaryTerm(_Part):
    abbreviation: Short
    meaning: Short


class Document(_Part):
    """What goes with the plan, perhaps under a link. The tracker alone keeps files."""

    kind: DocumentKind
    title: Short
    date: Day | None = Field(None, description="The day that it bears")
    version: Version | None = None
    author: Short | None = None
    area: Ref | None = Field(None, description="The area it is about; none: the whole plan")
    link: Link | None = None
    shareable: Flag = Field(False, description="It may be shared outside")
    note: Long | None = None


class PlanFile(_Part):
    format: Literal["wsoa-plan/1", "wsoa-plan/2"]
    plan: PlanFacts
    organisations: list[Organisation] = Field(default_factory=list)
    people: list[Person] = Field(default_factory=list)
    bodies: list[Body] = Field(default_factory=list)
    contacts: list[Contact] = Field(
        default_factory=list, description="Advisers of DfE and NHS England, and others outside"
    )
    inspections: list[Inspection] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    weaknesses: list[Weakness] = Field(
        default_factory=list, description="In the first version, in the place of findings"
    )
    notices: list[Notice] = Field(default_factory=list)
    areas: list[Area] = Field(default_factory=list)
    kpis: list[Kpi] = Field(default_factory=list)
    report_series: list[ReportSeries] = Field(default_factory=list)
    funding: list[FundingLine] = Field(default_factory=list)
    engagement: list[Engagement] = Field(default_factory=list)
    documents: list[Document] = Field(default_factory=list)
    glossary: list[GlossaryTerm] = Field(default_factory=list)

    def placed_findings(self) -> Iterator[tuple[Place, Finding]]:
        """Every finding, with its place in the file; those of the first version as findings."""
        for w, weakness in enumerate(self.weaknesses):
            yield ("weaknesses", w), self.as_finding(weakness)
        for f, finding in enumerate(self.findings):
            yield ("findings", f), finding

    def as_finding(self, weakness: Weakness) -> Finding:
        """A weakness of the first version: of the inspection that the plan answers."""
        return Finding.model_validate(
            {
                "key": self.key_of_weakness(weakness.number),
                "inspection": self.plan.inspection,
                "kind": "significant_weakness",
                "number": weakness.number,
                "text": weakness.text,
                "judgements": weakness.judgements,
            }
        )

    def placed_judgements(self) -> Iterator[tuple[Place, Finding | None, list[Judgement]]]:
        """What was judged, of the plan as a whole (no finding) and of each finding."""
        yield ("plan", "judgements"), None, self.plan.judgements
        for place, finding in self.placed_findings():
            yield (*place, "judgements"), finding, finding.judgements

    def key_of_weakness(self, number: str) -> str:
        return f"{self.plan.inspection or self.plan.slug}-w{number}"

    def placed_actions(self) -> Iterator[tuple[Place, Action]]:
        """Every action, with its place in the file."""
        for a, area in enumerate(self.areas):
            for n, action in enumerate(area.actions):
                yield ("areas", a, "actions", n), action
            for t, theme in enumerate(area.themes):
                for n, action in enumerate(theme.actions):
                    yield ("areas", a, "themes", t, "actions", n), action

    def placed_commitments(self) -> Iterator[tuple[Place, Action, Commitment]]:
        """Every commitment, with its place in the file and its action."""
        for place, action in self.placed_actions():
            for n, commitment in enumerate(action.tracked):
                row = ("whole",) if action.whole else ("commitments", n)
                yield (*place, *row), action, commitment

    def placed_references(self) -> Iterator[tuple[Place, Referenced]]:
        """Every part known by a reference, with its place in the file."""
        for a, area in enumerate(self.areas):
            yield ("areas", a), area
            for t, theme in enumerate(area.themes):
                yield ("areas", a, "themes", t), theme
        yield from self.placed_actions()
        for place, action, commitment in self.placed_commitments():
            if not action.whole:
                yield place, commitment

    @property
    def themes(self) -> list[Theme]:
        return [theme for area in self.areas for theme in area.themes]

    @property
    def actions(self) -> list[Action]:
        return [action for _, action in self.placed_actions()]

    @property
    def commitments(self) -> list[Commitment]:
        return [commitment for _, _, commitment in self.placed_commitments()]
