"""The plan: whom the inspectors visited, what the area promised. Edited until it is agreed."""

from decimal import Decimal

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from actions.models.base import (
    OF_COMMITMENT,
    PRECISIONS,
    Record,
    Referenced,
    Withdrawable,
    append_only,
    date_of_columns,
    month_only,
    month_or_day,
    plan_date,
    whole_span,
    words_index,
)
from actions.models.people import Body, LocalArea, Organisation, Person
from actions.rules.dates import PlanDate, Precision
from actions.rules.levels import LevelNames
from actions.rules.scale import LONGEST_WORD, Scale
from actions.rules.status import BLUE_LASTS_MONTHS, COLOURS, AtClosing, DateKind, Outcome


@pghistory.track()
class Inspection(models.Model):
    class Kind(models.TextChoices):
        # The cycle from 2016 to 2022, at the end of which areas wrote Statements of Action.
        LOCAL_AREA = "local_area", "Local area SEND inspection (2016 to 2022)"
        REVISIT = "revisit", "Revisit"
        # The framework of January 2023.
        FULL = "full", "Area SEND full inspection"
        MONITORING = "monitoring", "Area SEND monitoring inspection"

    class Outcome(models.TextChoices):
        WEAKNESSES = "significant_weaknesses", "Significant weaknesses"
        POSITIVE = "typically_positive", "Typically positive experiences and outcomes"
        INCONSISTENT = "inconsistent", "Inconsistent experiences and outcomes"
        FAILINGS = "systemic_failings", "Widespread or systemic failings"

    local_area = models.ForeignKey(LocalArea, on_delete=models.PROTECT, related_name="inspections")
    code = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    inspectors = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    visited_from = models.DateField(null=True, blank=True)
    visited_to = models.DateField(null=True, blank=True)
    letter_on = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind, blank=True)
    outcome = models.CharField(max_length=30, choices=Outcome, blank=True)
    # As the inspectors say when they return: "within 18 months", "about April 2027".
    reinspection_expected = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("local_area", "code", name="inspection_code_once"),
            models.CheckConstraint(
                name="inspection_ends_after_it_starts",
                condition=Q(visited_to__isnull=True) | Q(visited_to__gte=F("visited_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class Plan(models.Model):
    class Kind(models.TextChoices):
        WSOA = "written_statement_of_action", "Written Statement of Action"
        APP = "accelerated_progress_plan", "Accelerated Progress Plan"
        PAP = "priority_action_plan", "Priority Action Plan"
        IMPROVEMENT = "improvement_plan", "Improvement plan"
        STRATEGIC = "strategic_plan", "Strategic action plan"
        REFORM = "reform_plan", "Local SEND reform plan"
        DELIVERY = "delivery_plan", "Delivery plan of a strategy"
        OTHER = "other", "Another kind of plan"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        AGREED = "agreed", "Agreed"
        CLOSED = "closed", "Closed"

    local_area = models.ForeignKey(LocalArea, on_delete=models.PROTECT, related_name="plans")
    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=40, choices=Kind)
    # What this kind of plan is called here, where that is something else; of another kind always.
    kind_name = models.CharField(max_length=60, blank=True)
    # What it calls its levels, by the names of `LevelNames`; without one, ours.
    level_names = models.JSONField(default=dict, blank=True)
    title = models.CharField(max_length=300)
    # Its own colour key, in order: a `word`, what it `means` (a colour, paused, cancelled) and the
    # `text` beside it. Empty: the five colours of the BRAG.
    colour_key = models.JSONField(default=list, blank=True)
    # What its colour key says of Blue: whether there is one, and within how many months it must be
    # said again. None: Blue there means complete, and stands.
    has_blue = models.BooleanField(default=True)
    blue_lasts_months = models.PositiveSmallIntegerField(
        null=True, blank=True, default=BLUE_LASTS_MONTHS
    )
    starts_on = models.DateField()
    starts_is_day = models.BooleanField(default=False)
    ends_on = models.DateField(null=True, blank=True)
    ends_is_day = models.BooleanField(default=False)
    submission_due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    agreed_on = models.DateField(null=True, blank=True)
    # Who agreed to it, and where that is written down: a minute, a letter.
    agreed_by = models.CharField(max_length=300, blank=True)
    agreement_reference = models.CharField(max_length=300, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_by = models.CharField(max_length=300, blank=True)
    # None: the plan is kept here as published, and nobody is asked for updates.
    tracked_from = models.DateField(null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self", through="actions.Succession", symmetrical=False, related_name="successors"
    )
    # What `Succession` says now; nothing reads it, and a later migration takes it away.
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    inspection = models.ForeignKey(
        Inspection, on_delete=models.PROTECT, related_name="plans", null=True, blank=True
    )
    responsible = models.ManyToManyField(
        Organisation, through="actions.ResponsibleOrganisation", related_name="plans"
    )
    purpose = models.TextField(blank=True)
    vision = models.TextField(blank=True)
    priorities = ArrayField(models.TextField(), default=list, blank=True)
    note = models.TextField(blank=True)
    # Its sentences are shorter here than in a published document, which governs.
    is_restated = models.BooleanField(default=False)
    is_sample = models.BooleanField(default=False)
    # Counts of people, the bottom of a rate, and answers to a survey are shown from these up.
    smallest_count = models.PositiveSmallIntegerField(default=5)
    smallest_denominator = models.PositiveSmallIntegerField(default=10)
    smallest_survey = models.PositiveSmallIntegerField(default=10)
    # To what counts of people are rounded for those who may not see small numbers; 0: not at all.
    rounding = models.PositiveSmallIntegerField(default=0)
    # Who outside must agree before a change of what was agreed takes effect; empty: nobody.
    outside_approver = models.CharField(max_length=300, blank=True)
    # By how many weeks an area's SRO may move a date without the steering group, once; 0: not at
    # all.
    own_move_weeks = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                name="plan_agreed_when_not_draft",
                condition=Q(state="draft") | Q(agreed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="plan_closed_on_when_closed",
                condition=(Q(state="closed") & Q(closed_on__isnull=False))
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
            ),
            models.CheckConstraint(
                name="plan_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="plan_of_another_kind_has_a_name",
                condition=~Q(kind="other") | ~Q(kind_name=""),
            ),
            models.CheckConstraint(
                name="plan_blue_lasts_a_while",
                condition=Q(blue_lasts_months=None) | Q(has_blue=True, blue_lasts_months__gt=0),
            ),
            models.CheckConstraint(
                name="plan_starts_is_month_or_day",
                condition=month_or_day("starts_on", "starts_is_day"),
            ),
            models.CheckConstraint(
                name="plan_ends_is_month_or_day", condition=month_or_day("ends_on", "ends_is_day")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def levels(self) -> LevelNames:
        return LevelNames.of(self.level_names)

    @property
    def scale(self) -> Scale:
        return Scale.of(self.colour_key, self.blue_lasts_months)

    @property
    def short_name(self) -> str:
        """`Written Statement of Action, 2022–23`: for the masthead, beside the local area."""
        years = str(self.starts_on.year)
        if self.ends_on and self.ends_on.year != self.starts_on.year:
            years += f"–{self.ends_on.year % 100:02}"
        return f"{self.kind_text}, {years}"

    @property
    def kind_text(self) -> str:
        """What kind of plan it is, in its own name for that where it has one."""
        return self.kind_name or str(self.get_kind_display())

    @property
    def starts(self) -> PlanDate:
        return PlanDate(self.starts_on, Precision.DAY if self.starts_is_day else Precision.MONTH)

    @property
    def ends(self) -> PlanDate | None:
        return plan_date(self.ends_on, self.ends_is_day)

    @property
    def period(self) -> str:
        return f"{self.starts} to {self.ends}" if self.ends else f"from {self.starts}"


@pghistory.track()
class Succession(models.Model):
    """A plan that continues another. It may continue several, and several may continue one."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="continues")
    predecessor = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="continued_by")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("plan", "predecessor", name="succession_once"),
            models.CheckConstraint(
                name="succession_of_another_plan", condition=~Q(plan=F("predecessor"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} continues {self.predecessor_id}"


@pghistory.track()
class ResponsibleOrganisation(models.Model):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("plan", "organisation", name="responsible_organisation_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} for {self.plan_id}"


@pghistory.track()
class Signatory(Withdrawable):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="signatories")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=300)
    office = models.CharField(max_length=300)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Area(Referenced, Withdrawable):
    """One part of the response to what the inspectors found."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="areas")
    # "Area 1", "Priority A"; the short or whole title of one that has no reference.
    label = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    # For lists, charts and wherever space is short.
    short_title = models.CharField(max_length=32, blank=True)
    findings = models.ManyToManyField(
        "actions.Finding", through="actions.AreaFinding", related_name="areas"
    )
    outcomes = ArrayField(models.TextField(), default=list, blank=True)
    # What will be different for children and families, as the plan promises it.
    impact = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint("plan", "code", name="area_code_once")]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class AreaOfficer(models.Model):
    """A senior responsible officer of an area, for a time."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="officers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="areas")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                "area", name="area_officer_one_at_a_time", condition=Q(ends_on=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for area {self.area_id}"


class AreaJudgement(Record):
    """A senior responsible officer's dated colour for the area, with the reason."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="judgements")
    brag = models.CharField(max_length=10, choices=[(r.value, r.label) for r in COLOURS])
    # The word as written, where it is another of the plan's key with the same meaning.
    word = models.CharField(max_length=LONGEST_WORD, blank=True)
    reason = models.TextField()

    class Meta(Record.Meta):
        triggers = append_only("actions_area WHERE id = NEW.area_id")

    def __str__(self) -> str:
        return f"{self.brag} for area {self.area_id}"


@pghistory.track()
class Theme(Referenced, Withdrawable):
    """Actions of an area under one heading. A plan without themes hangs its actions on areas."""

    class Voice(models.TextChoices):
        PARENT_CARERS = "parent_carers", "Parent carers"
        CYP = "children_and_young_people", "Children and young people"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="themes")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="themes")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    i_statement = models.TextField(blank=True)
    voice = ArrayField(models.CharField(max_length=30, choices=Voice), default=list, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint("plan", "code", name="theme_code_once")]
        indexes = [words_index("theme_words", "title", "i_statement")]
        triggers = [
            pgtrigger.Trigger(
                name="actions_go_with_it",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("area_id"),  # type: ignore[no-untyped-call]
                func="""
                    UPDATE actions_action SET area_id = NEW.area_id WHERE theme_id = NEW.id;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.ref


@pghistory.track()
class Action(Referenced, Withdrawable):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="actions")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="actions")
    # None: it hangs on the area itself.
    theme = models.ForeignKey(
        Theme, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    position = models.PositiveIntegerField()
    title = models.TextField()
    detail = models.TextField(blank=True)
    # Where things stood when the plan was written, in its words: a baseline in prose.
    where_now = models.TextField(blank=True)
    # How urgent the plan says it is, in its words: "Immediate", "Should".
    urgency = models.CharField(max_length=60, blank=True)
    # What it waits for, in the plan's words: another action, a contract, a decision.
    waits_for = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    works_with = models.ManyToManyField(Area, related_name="helped_by", blank=True)
    # The group that answers for it: one of the plan's, or, where it has none of that name, a text.
    responsible_group = models.ForeignKey(
        Body, on_delete=models.PROTECT, related_name="actions", null=True, blank=True
    )
    responsible_group_text = models.CharField(max_length=300, blank=True)
    # What will be different for children and families, as the plan promises it.
    impact = models.TextField(blank=True)
    # What somebody said that the plan quotes beside the action, and when they said it.
    quotation = models.TextField(blank=True)
    quotation_by = models.CharField(max_length=300, blank=True)
    quotation_first_day = models.DateField(null=True, blank=True)
    quotation_last_day = models.DateField(null=True, blank=True)
    quotation_precision = models.CharField(max_length=14, choices=PRECISIONS, blank=True)
    quotation_printed = models.CharField(max_length=100, blank=True)
    findings = models.ManyToManyField(
        "actions.Finding", through="actions.ActionFinding", related_name="actions"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("plan", "code", name="action_code_once"),
            models.CheckConstraint(
                name="action_one_responsible_group",
                condition=Q(responsible_group=None) | Q(responsible_group_text=""),
            ),
            models.CheckConstraint(
                name="action_quotation_is_a_whole_span",
                condition=whole_span("quotation_", optional=True),
            ),
            models.CheckConstraint(
                name="action_quotation_says_something",
                condition=~Q(quotation="") | Q(quotation_by="", quotation_first_day=None),
            ),
        ]
        indexes = [words_index("action_words", "title", "detail")]
        triggers = [
            pgtrigger.Trigger(
                name="in_the_area_of_its_theme",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("theme_id", "area_id"),  # type: ignore[no-untyped-call]
                func="""
                    IF NEW.theme_id IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM actions_theme
                        WHERE id = NEW.theme_id AND area_id = NEW.area_id
                    ) THEN
                        RAISE EXCEPTION 'An action stands in the area of its theme.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.ref

    @property
    def quotation_date(self) -> PlanDate | None:
        return date_of_columns(self, "quotation_")


@pghistory.track()
class WorksWith(Action.works_with.through):  # type: ignore[name-defined, misc]
    """The same rows under a name, so that what is tied and untied is kept too."""

    class Meta:
        proxy = True


@pghistory.track()
class Commitment(Referenced):
    """One row of the plan, the tracked thing: a BRAG hangs here.

    An action that prints no rows of its own is one commitment, of the action's reference and name.
    The parts that change a commitment's state are rows: key dates, updates, withdrawals.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="commitments")
    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="commitments")
    position = models.PositiveIntegerField()
    # A short name where the evidence is none; of a whole action, the action's title.
    title = models.TextField(blank=True)
    # For charts, chips and wherever space is short.
    short_title = models.CharField(max_length=40, blank=True)
    is_whole_action = models.BooleanField(default=False)
    # What shows that it is done: a text, or a list of criteria, one on each line. A cell printed
    # once for several rows is kept once: "same as above" is not "empty".
    evidence = models.TextField(blank=True)
    evidence_is_list = models.BooleanField(default=False)
    same_evidence_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="shares_evidence", null=True, blank=True
    )
    measures = ArrayField(models.TextField(), default=list, blank=True)
    same_measures_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="shares_measures", null=True, blank=True
    )
    # What the plan prints in place of a completion date: "Ongoing", "Throughout the plan".
    timescale = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)
    added_at = models.DateTimeField()
    # The row of a plan before that it goes on from, and the key of the first of all of them, by
    # which one query reads the chain; both, or neither.
    continues = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="continued_by", null=True, blank=True
    )
    lineage = models.BigIntegerField(null=True, blank=True, db_index=True)
    findings = models.ManyToManyField(
        "actions.Finding", through="actions.CommitmentFinding", related_name="commitments"
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("plan", "code", name="commitment_code_once"),
            models.CheckConstraint(
                name="commitment_evidence_once",
                condition=(~Q(evidence="") & Q(same_evidence_as=None))
                | Q(evidence="", same_evidence_as__isnull=False)
                | Q(evidence="", same_evidence_as=None, is_whole_action=True),
            ),
            models.UniqueConstraint(
                "action", name="commitment_whole_action_once", condition=Q(is_whole_action=True)
            ),
            models.CheckConstraint(
                name="commitment_measures_once",
                condition=Q(measures=[]) | Q(same_measures_as=None),
            ),
            models.CheckConstraint(
                name="commitment_lineage_of_what_continues",
                condition=Q(continues=None, lineage=None)
                | Q(continues__isnull=False, lineage__isnull=False),
            ),
        ]
        indexes = [words_index("commitment_words", "title", "evidence")]

    def __str__(self) -> str:
        return self.ref

    @property
    def criteria(self) -> list[str]:
        """What shows that it is done, where that is a list; else empty."""
        return self.evidence.split("\n") if self.evidence_is_list else []


class Withdrawal(Record):
    """A commitment taken out of the plan, or put back."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="withdrawals")
    is_withdrawn = models.BooleanField()
    reason = models.TextField()

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)

    def __str__(self) -> str:
        return f"{self.commitment_id} {'withdrawn' if self.is_withdrawn else 'reinstated'}"


class Pause(Record):
    """A commitment set aside for a time by a decision, or taken up again."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="pauses")
    is_paused = models.BooleanField()
    reason = models.TextField()
    decided_by = models.CharField(max_length=300, blank=True)
    # The month in which work is to go on; none: nobody has said.
    restarts_on = models.DateField(null=True, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="pause_restarts_is_month", condition=month_only("restarts_on")
            ),
            models.CheckConstraint(
                name="pause_alone_restarts", condition=Q(is_paused=True) | Q(restarts_on=None)
            ),
            models.CheckConstraint(name="pause_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {'paused' if self.is_paused else 'taken up again'}"

    @property
    def restarts(self) -> PlanDate | None:
        return plan_date(self.restarts_on)


class ClosingOutcome(Record):
    """What became of an open commitment when its plan was closed. Said once, as it closes."""

    commitment = models.OneToOneField(Commitment, on_delete=models.PROTECT, related_name="closing")
    outcome = models.CharField(max_length=15, choices=[(o.value, o.label) for o in AtClosing])
    # Why it is no longer needed; of another, what is to be known of it, such as where it goes.
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="closing_of_what_is_not_needed_has_reason",
                condition=~Q(outcome=AtClosing.NOT_NEEDED.value) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} at closing: {self.get_outcome_display()}"


class Led(models.Model):
    position = models.PositiveIntegerField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


@pghistory.track()
class ActionLead(Led):
    """A lead as the action names one; who leads a commitment is said by `CommitmentLead` alone."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="leads")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leads_actions")

    class Meta(Led.Meta):
        constraints = [
            models.UniqueConstraint(
                "action", "person", name="action_lead_once", condition=Q(ends_on=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} leads action {self.action_id}"


@pghistory.track()
class AccountableOfficer(Led):
    """Who is accountable for an action: often one person of the council and one of the NHS."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="accountable")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="accountable_for")

    class Meta(Led.Meta):
        constraints = [
            models.UniqueConstraint(
                "action", "person", name="accountable_officer_once", condition=Q(ends_on=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} is accountable for action {self.action_id}"


@pghistory.track()
class CommitmentLead(Led):
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="leads")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="leads")

    class Meta(Led.Meta):
        constraints = [
            models.UniqueConstraint(
                "commitment", "person", name="commitment_lead_once", condition=Q(ends_on=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} leads {self.commitment_id}"


@pghistory.track()
class Resource(Withdrawable):
    """What is used, with or without money; of an action, or of one of its commitments alone."""

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="resources")
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="resources", null=True, blank=True
    )
    position = models.PositiveIntegerField()
    text = models.CharField(max_length=300)
    # Pounds. Plan money is rounded, and is never added to committee money.
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="resource_amount_not_negative",
                condition=Q(amount__isnull=True) | Q(amount__gte=Decimal(0)),
            )
        ]

    def __str__(self) -> str:
        return self.text


class KeyDate(Record):
    """A date of a commitment. A later date replaces it by a row of its own, with the reason."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="key_dates")
    kind = models.CharField(max_length=12, choices=[(k.value, k.label) for k in DateKind])
    first_day = models.DateField()
    last_day = models.DateField()
    precision = models.CharField(max_length=14, choices=PRECISIONS)
    # The date as the paper has it, where that is in other words than ours.
    printed = models.CharField(max_length=100, blank=True)
    position = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    reason = models.TextField(blank=True)
    asked_by = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(name="key_date_is_a_whole_span", condition=whole_span()),
            models.CheckConstraint(
                name="key_date_move_has_reason", condition=Q(replaces=None) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.when}"

    @property
    def when(self) -> PlanDate:
        return PlanDate.stored(self.first_day, self.last_day, self.precision, self.printed)


class DateMark(Record):
    """A key date said to be met, delivered or withdrawn; or said to be open again."""

    key_date = models.ForeignKey(KeyDate, on_delete=models.PROTECT, related_name="marks")
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="date_marks")
    outcome = models.CharField(max_length=10, choices=[(o.value, o.value) for o in Outcome])
    on = models.DateField()
    note = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)

    def __str__(self) -> str:
        return f"{self.key_date_id} {self.outcome} on {self.on}"


@pghistory.track()
class FundingLine(Withdrawable):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="funding")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    source = models.CharField(max_length=300, blank=True)
    # A sum for no financial year in particular, and for what time it is. It is told apart from the
    # sums by year, and never added to them.
    total = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    period = models.CharField(max_length=60, blank=True)
    # Of all of it, up to that day.
    spent = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    spent_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="funding_total_not_negative",
                condition=Q(total__isnull=True) | Q(total__gte=Decimal(0)),
            ),
            models.CheckConstraint(
                name="funding_spent_by_a_day",
                condition=Q(spent=None, spent_on=None)
                | Q(spent__gte=Decimal(0), spent_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class FundingAmount(models.Model):
    """Pounds for one line in one financial year; none where the paper leaves the cell empty."""

    line = models.ForeignKey(FundingLine, on_delete=models.CASCADE, related_name="amounts")
    year = models.CharField(max_length=7)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint("line", "year", name="funding_amount_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"


@pghistory.track()
class Engagement(Withdrawable):
    """A meeting at which the plan was made or discussed."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="engagement")
    position = models.PositiveIntegerField()
    on = models.DateField()
    is_week = models.BooleanField(default=False)
    meeting = models.TextField()
    description = models.TextField()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.on}: {self.meeting}"


@pghistory.track()
class GlossaryTerm(Withdrawable):
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="glossary")
    position = models.PositiveIntegerField()
    abbreviation = models.CharField(max_length=300)
    meaning = models.CharField(max_length=300)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            # An abbreviation may have two meanings, and two may differ by case alone.
            models.UniqueConstraint("plan", "abbreviation", "meaning", name="glossary_term_once")
        ]

    def __str__(self) -> str:
        return self.abbreviation
