"""What was said of a commitment: updates, answers to a proposed Blue, evidence, risks, asks."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from actions.models.base import (
    OF_COMMITMENT,
    LinkOrFile,
    Record,
    append_only,
    month_only,
    plan_date,
    words_index,
)
from actions.models.people import Person
from actions.models.plan import Area, Commitment, Plan
from actions.rules.dates import PlanDate
from actions.rules.scale import LONGEST_WORD
from actions.rules.status import COLOURS

BRAG_CHOICES = [(rating.value, rating.label) for rating in COLOURS]


class Risk(Record):
    """A risk (Amber names one) or an issue (Red names one), open until it is closed.

    On a commitment or an area; one that is on neither is a measure's (`kpis.KpiRisk`).
    """

    class Kind(models.TextChoices):
        RISK = "risk", "Risk"
        ISSUE = "issue", "Issue"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="risks")
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="risks", null=True, blank=True
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="risks", null=True, blank=True
    )
    kind = models.CharField(max_length=5, choices=Kind)
    text = models.TextField()
    mitigation = models.TextField(blank=True)
    help_needed = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only("actions_plan WHERE id = NEW.plan_id")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="risk_has_one_subject", condition=Q(commitment=None) | Q(area=None)
            ),
        ]
        indexes = [words_index("risk_words", "text", "mitigation", "help_needed")]

    def __str__(self) -> str:
        return self.text


class RiskClosing(Record):
    """A risk that is over, and how it ended."""

    risk = models.OneToOneField(Risk, on_delete=models.PROTECT, related_name="closing")
    reason = models.TextField()

    class Meta(Record.Meta):
        triggers = append_only(answers=(Risk, "risk_id"))

    def __str__(self) -> str:
        return f"Closed: {self.reason}"


class ProgressUpdate(Record):
    """One dated, signed account of a commitment. A Blue is a proposal until it is confirmed."""

    class Basis(models.TextChoices):
        CONTRACT_OR_MINUTES = "contract_or_minutes", "Contract or minutes"
        FIGURES = "figures", "Figures"
        FAMILIES = "families", "What families told us"
        OWN_VIEW = "own_view", "My own view"

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="updates")
    brag = models.CharField(max_length=10, choices=BRAG_CHOICES)
    # The word as written, where it is another of the plan's key with the same meaning.
    word = models.CharField(max_length=LONGEST_WORD, blank=True)
    # Goes into reports. Empty only where nothing changed.
    progress = models.TextField(blank=True)
    # Does not.
    working_note = models.TextField(blank=True)
    based_on = ArrayField(models.CharField(max_length=20, choices=Basis), default=list, blank=True)
    forecast_on = models.DateField(null=True, blank=True)
    risk = models.ForeignKey(
        Risk, on_delete=models.PROTECT, related_name="updates", null=True, blank=True
    )
    help_needed = models.TextField(blank=True)
    changed_for_families = models.TextField(blank=True)
    work_starts_on = models.DateField(null=True, blank=True)
    grey_reason = models.TextField(blank=True)
    # Why it is still Green or Amber though its date has passed.
    late_reason = models.TextField(blank=True)
    # A Green said again in one step, without words.
    is_no_change = models.BooleanField(default=False)
    on_behalf_of = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="corrected_by", null=True, blank=True
    )
    correction_reason = models.TextField(blank=True)
    # Made when the form is shown: the same form sent twice is one update.
    submission = models.UUIDField(unique=True, default=uuid.uuid4)
    # SHA-256 of what was sent with it: the same form sent with other words is another account.
    submitted_digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="update_brag_is_a_colour",
                condition=Q(brag__in=[value for value, _ in BRAG_CHOICES]),
            ),
            models.CheckConstraint(
                name="update_correction_has_reason",
                condition=Q(corrects=None) | ~Q(correction_reason=""),
            ),
            models.CheckConstraint(
                name="update_says_something_or_no_change",
                condition=~Q(progress="") | Q(is_no_change=True),
            ),
            models.CheckConstraint(
                name="update_no_change_is_green",
                condition=Q(is_no_change=False) | Q(brag="green"),
            ),
            models.CheckConstraint(
                name="update_forecast_is_month", condition=month_only("forecast_on")
            ),
            models.CheckConstraint(
                name="update_work_starts_is_month", condition=month_only("work_starts_on")
            ),
        ]
        indexes = [
            models.Index(fields=["commitment", "-effective_at"], name="update_by_commitment"),
            # Not the working note: it is for the page of the commitment alone.
            words_index("update_words", "progress", "help_needed", "changed_for_families"),
        ]

    def __str__(self) -> str:
        return f"{self.get_brag_display()} for {self.commitment_id}"

    @property
    def forecast(self) -> PlanDate | None:
        return plan_date(self.forecast_on)

    @property
    def work_starts(self) -> PlanDate | None:
        return plan_date(self.work_starts_on)


class Confirmation(Record):
    """A second person's answer to a proposed Blue."""

    update = models.OneToOneField(
        ProgressUpdate, on_delete=models.PROTECT, related_name="confirmation"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="confirmations"
    )
    is_confirmed = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="confirmation_return_has_reason",
                condition=Q(is_confirmed=True) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return "Blue confirmed" if self.is_confirmed else "Blue returned"


class Evidence(LinkOrFile, Record):
    """What shows that a commitment was kept: a named thing, a link, a file, or where it lies."""

    class Visibility(models.TextChoices):
        MEMBERS = "members", "People of this plan"
        RESTRICTED = "restricted", "Restricted"
        SHAREABLE = "shareable", "May be shared outside"

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="evidences")
    update = models.ForeignKey(
        ProgressUpdate, on_delete=models.PROTECT, related_name="evidences", null=True, blank=True
    )
    title = models.CharField(max_length=300)
    # Where it lies if it is neither a link nor a file: a path, or the name of a system; who keeps
    # it there, and whom to ask for it.
    place = models.CharField(max_length=500, blank=True)
    held_by = models.CharField(max_length=200, blank=True)
    ask_whom = models.CharField(max_length=200, blank=True)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.MEMBERS)
    is_case_study = models.BooleanField(default=False)
    # Of a case study: nobody can be recognised in it, and the family agreed.
    is_anonymised_with_consent = models.BooleanField(default=False)
    # From `actions/records/submissions.py`, where a form of its own was sent.
    submission = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)
        constraints = [
            *Record.Meta.constraints,
            *LinkOrFile.Meta.constraints,
            models.CheckConstraint(
                name="evidence_case_study_has_consent",
                condition=Q(is_case_study=False) | Q(is_anonymised_with_consent=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EvidenceWithdrawal(Record):
    """Evidence that no longer stands. It stays on record, and its file is no longer served."""

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.TextField()

    class Meta(Record.Meta):
        triggers = append_only(answers=(Evidence, "evidence_id"))

    def __str__(self) -> str:
        return f"Withdrawn: {self.reason}"


class RestrictedNote(Record):
    """A note for the few who need it. Others see that it exists, of which kind, and its day.

    Never in reports, exports, search or mail.
    """

    class Kind(models.TextChoices):
        STAFFING = "staffing", "Staffing"
        PROCUREMENT = "procurement", "Procurement"
        LEGAL = "legal", "Legal"
        FAMILY = "family", "Individual family"

    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="restricted_notes"
    )
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField()
    # From `actions/records/submissions.py`.
    submission = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} note"


class FamiliesView(Record):
    """What the forum says of a proposed Blue: whether families see it."""

    class View(models.TextChoices):
        YES = "yes", "Yes"
        NOT_YET = "not_yet", "Not yet"
        NO_VIEW = "no_view", "No view"

    update = models.ForeignKey(
        ProgressUpdate, on_delete=models.PROTECT, related_name="families_views"
    )
    commitment = models.ForeignKey(
        Commitment, on_delete=models.PROTECT, related_name="families_views"
    )
    view = models.CharField(max_length=10, choices=View)
    text = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_COMMITMENT)

    def __str__(self) -> str:
        return f"Families see this: {self.get_view_display().lower()}"
