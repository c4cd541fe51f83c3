"""Documents beside a plan: what was sent, published or written for others, with its date."""

from django.db import models
from django.db.models import Q

from actions.models.base import (
    OF_PLAN,
    LinkOrFile,
    Record,
    append_only,
)
from actions.models.plan import Area, Plan


class PlanDocument(LinkOrFile, Record):
    """A letter, a paper, a version of the plan: named, dated, with a link or a file."""

    class Kind(models.TextChoices):
        LETTER = "letter", "Letter"
        PLAN = "plan", "Version of the plan"
        STRATEGY = "strategy", "Strategy"
        MINUTES = "minutes", "Minutes"
        PAPER = "paper", "Paper or report"
        SLIDES = "slides", "Slides"
        YOUNG_PEOPLE = "young_people", "Version for children and young people"
        EASY_READ = "easy_read", "Easy Read version"
        CASE_STUDY = "case_study", "Case study"
        OTHER = "other", "Other document"

    class Visibility(models.TextChoices):
        MEMBERS = "members", "People of this plan"
        SHAREABLE = "shareable", "May be shared outside"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=15, choices=Kind)
    title = models.CharField(max_length=300)
    # The day it bears; None: it bears none.
    dated_on = models.DateField(null=True, blank=True)
    # As it says of itself: "Version 3, approved".
    version = models.CharField(max_length=100, blank=True)
    author = models.CharField(max_length=300, blank=True)
    # What it is about, where that is less than the plan.
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="documents", null=True, blank=True
    )
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.MEMBERS)
    note = models.TextField(blank=True)
    # From `actions/records/submissions.py`.
    submission = models.UUIDField(unique=True, null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        triggers = append_only(OF_PLAN)
        constraints = [*Record.Meta.constraints, *LinkOrFile.Meta.constraints]

    def __str__(self) -> str:
        return self.title


class PlanDocumentWithdrawal(Record):
    """A document that should not be here. It stays on record, and its file is no longer served."""

    document = models.OneToOneField(
        PlanDocument, on_delete=models.PROTECT, related_name="withdrawal"
    )
    reason = models.TextField()

    class Meta(Record.Meta):
        triggers = append_only(answers=(PlanDocument, "document_id"))
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(name="document_withdrawal_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"Withdrawn: {self.reason}"
