"""The four rhythms in which a plan reports, each report from draft to record, and its files."""

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from actions.models import Area, Body, Organisation, Plan
from actions.models.base import Record, Withdrawable, append_only


@pghistory.track()
class ReportSeries(Withdrawable):
    class Rhythm(models.TextChoices):
        MONTHLY = "monthly", "Monthly"
        SIX_WEEKLY = "six_weekly", "6-weekly"
        QUARTERLY = "quarterly", "Quarterly"
        SIX_MONTHLY = "six_monthly", "6-monthly"

    class Content(models.TextChoices):
        KPIS = "kpis", "KPIs"
        EXCEPTIONS = "exceptions", "Exceptions"
        FORMAL = "formal", "Formal report"
        SCRUTINY = "scrutiny", "Scrutiny"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="report_series")
    code = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    rhythm = models.CharField(max_length=12, choices=Rhythm)
    content = models.CharField(max_length=12, choices=Content)
    audiences = models.ManyToManyField(Body, related_name="report_series", blank=True)
    # The first day of a first period of six weeks.
    anchor_on = models.DateField(null=True, blank=True)
    # The month in which the year of quarters and half-years begins: April, January, September.
    year_starts_in = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    # Working days from the end of a period to the day its report is due, where no meeting says.
    due_after = models.PositiveSmallIntegerField(default=10)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "report series"
        constraints = [models.UniqueConstraint("plan", "code", name="report_series_code_once")]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ReportAudience(ReportSeries.audiences.through):  # type: ignore[name-defined]
    """The same rows under a name, so that who was added and taken out is kept too."""

    class Meta:
        proxy = True


@pghistory.track()
class Approver(models.Model):
    """Who approves quarterly and 6-monthly reports for one of the responsible organisations."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="approvers")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="approvers"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="approves"
    )
    office = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint("plan", "organisation", name="approver_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} for {self.organisation_id}"


class WordTemplate(models.Model):
    """A council's own Word file, for its styles, header and footer. The newest one is used."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="word_templates")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name


@pghistory.track()
class Report(models.Model):
    """One report of a series, for one period: a draft until it is published, then a record."""

    series = models.ForeignKey(ReportSeries, on_delete=models.PROTECT, related_name="reports")
    starts_on = models.DateField()
    ends_on = models.DateField()
    # The day as at which the plan is shown.
    as_at = models.DateField()
    # What had been recorded by then is in it; none: nothing is cut off yet.
    known_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="superseded_by", null=True, blank=True
    )
    # Why a published report is issued again.
    reason = models.TextField(blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    # A draft nobody wants any more.
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-ends_on", "-version"]
        constraints = [
            models.UniqueConstraint(
                "series", "ends_on", "version", condition=Q(dropped_at=None), name="report_once"
            ),
            models.CheckConstraint(
                name="report_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="report_new_version_has_reason", condition=Q(supersedes=None) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}, {self.starts_on} to {self.ends_on}, version {self.version}"


@pghistory.track()
class ReportText(models.Model):
    """Words of a draft that somebody wrote or edited: by the key of their place in it."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="texts")
    key = models.CharField(max_length=100)
    # What stood there when it was edited; empty where the draft had nothing of its own.
    original = models.TextField(blank=True)
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint("report", "key", name="report_text_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.report_id}"


OF_REPORT = "reports_report WHERE id = NEW.report_id"


class Signature(Record):
    """An SRO has signed the section of an area. It holds while the section's digest is the same."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="signatures")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="signatures")
    # SHA-256 of the section signed, in hexadecimal.
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    office = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_REPORT)

    def __str__(self) -> str:
        return f"{self.name} for area {self.area_id}"


class Approval(Record):
    """An organisation's accountable person approves, or returns, the report as it then read."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="approvals")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="approvals"
    )
    is_approved = models.BooleanField()
    reason = models.TextField(blank=True)
    # SHA-256 of what was approved, without the approvals themselves.
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    office = models.CharField(max_length=300)

    class Meta(Record.Meta):
        triggers = append_only(OF_REPORT)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="approval_return_has_reason", condition=Q(is_approved=True) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{'Approved' if self.is_approved else 'Returned'} by {self.name}"


class Publication(Record):
    """The report as it went out: its canonical text, which never changes again."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="publication")
    payload = models.TextField()
    digest = models.CharField(max_length=64)
    # What was missing when it was published all the same, and why it was.
    missing = models.JSONField(default=list)
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_REPORT)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="publication_gap_has_reason", condition=Q(missing=[]) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}, {self.digest[:8]}"


class PublishedFile(Record):
    """One rendering, kept as it went out."""

    class Format(models.TextChoices):
        PAGE = "html", "Web page"
        WORD = "docx", "Word"
        PDF = "pdf", "PDF"
        EXCEL = "xlsx", "Excel"
        CSV = "zip", "CSV"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="files")
    # Empty for the report itself; else the key of a paper that goes with it.
    paper = models.CharField(max_length=20, blank=True)
    format = models.CharField(max_length=4, choices=Format)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta(Record.Meta):
        triggers = append_only("reports_publication WHERE id = NEW.publication_id")
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint("publication", "paper", "format", name="published_file_once"),
        ]

    def __str__(self) -> str:
        return self.name
