"""The rhythms in which a plan reports, each report from draft to record, and its files."""

from __future__ import annotations

from collections.abc import Iterable

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from actions.models import Area, Body, Organisation, Plan
from actions.models.base import Record, Withdrawable, append_only
from actions.rules.cycle import MOST_WEEKS
from reports.rules import calendar
from reports.rules.calendar import Period
from wsoa.oversight.models import Meeting


@pghistory.track()
class ReportSeries(Withdrawable):
    class Rhythm(models.TextChoices):
        MONTHLY = "monthly", "Monthly"
        SIX_WEEKLY = "six_weekly", "6-weekly"
        QUARTERLY = "quarterly", "Quarterly"
        SIX_MONTHLY = "six_monthly", "6-monthly"
        WEEKS = "weeks", "Every so many weeks"
        TERMLY = "termly", "Every school term"
        MEETINGS = "meetings", "For each meeting of a board or group"

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
    # The first day of a first period, where periods are of weeks or end with meetings.
    anchor_on = models.DateField(null=True, blank=True)
    # Every so many weeks.
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    # For each meeting of this body.
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, related_name="series_for_meetings", null=True, blank=True
    )
    # The month in which the year of quarters and half-years begins: 1 January, 4 April.
    year_starts_in = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    # Working days from the end of a period to the day its report is due, where no meeting says.
    due_after = models.PositiveSmallIntegerField(default=10, validators=[MaxValueValidator(60)])
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name_plural = "report series"
        constraints = [
            models.UniqueConstraint("plan", "code", name="report_series_code_once"),
            models.CheckConstraint(
                name="report_series_says_what_its_rhythm_needs",
                condition=(
                    Q(rhythm="weeks", weeks__isnull=False, weeks__gte=1, weeks__lte=MOST_WEEKS)
                    | (~Q(rhythm="weeks") & Q(weeks=None))
                )
                & (
                    Q(rhythm="meetings", body__isnull=False)
                    | (~Q(rhythm="meetings") & Q(body=None))
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rhythm_text(self) -> str:
        """`Quarterly`; `Every 4 weeks`; `For each meeting of Programme Board`."""
        match self.rhythm:
            case self.Rhythm.WEEKS:
                return "Every week" if self.weeks == 1 else f"Every {self.weeks} weeks"
            case self.Rhythm.MEETINGS:
                return f"For each meeting of {self.body}"
        return self.get_rhythm_display()

    @property
    def is_approved(self) -> bool:
        """Whether the organisations approve its reports, and families get a summary with them."""
        return self.content in (self.Content.FORMAL, self.Content.SCRUTINY)

    @property
    def lacks_a_day(self) -> bool:
        """Whether its periods are counted from a first day, and none is set."""
        return self.rhythm in calendar.ANCHORED and self.anchor_on is None

    @property
    def cycle(self) -> calendar.Rhythm:
        """Its periods, with the meetings that are entered now; some need an anchor."""
        is_for_meetings = self.rhythm == self.Rhythm.MEETINGS
        return self.cycle_with(Meeting.objects.filter(body=self.body_id) if is_for_meetings else ())

    def cycle_with(self, meetings: Iterable[Meeting]) -> calendar.Rhythm:
        """The same with meetings of the plan that are read already."""
        return calendar.Rhythm(
            self.rhythm,
            self.anchor_on,
            self.year_starts_in,
            self.weeks,
            tuple(
                calendar.MeetingPapers(meeting.held_on, meeting.papers_due_on)
                for meeting in meetings
                if meeting.body_id == self.body_id
            ),
        )


@pghistory.track()
class ReportAudience(ReportSeries.audiences.through):  # type: ignore[name-defined, misc]
    """The same rows under a name, so that who was added and taken out is kept too."""

    class Meta:
        proxy = True


@pghistory.track()
class Approver(Withdrawable):
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
        ordering = ["organisation", "id"]
        constraints = [
            models.UniqueConstraint(
                "plan", "organisation", condition=Q(withdrawn_at=None), name="approver_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation}"


class WordTemplate(models.Model):
    """A council's own Word file, for its styles, header and footer. The newest one is used."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="word_templates")
    # Empty in a row that says: from here on our own plain one again.
    file_name = models.CharField(max_length=200, blank=True)
    content = models.BinaryField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.file_name

    @classmethod
    def in_use(cls, plan: Plan) -> WordTemplate | None:
        newest = cls.objects.filter(plan=plan).first()
        return newest if newest and newest.file_name else None

    @classmethod
    def bytes_in_use(cls, plan: Plan) -> bytes | None:
        template = cls.in_use(plan)
        return bytes(template.content) if template else None


@pghistory.track()
class Report(models.Model):
    """One report of a series, for one period: a draft until it is published, then a record."""

    series = models.ForeignKey(ReportSeries, on_delete=models.PROTECT, related_name="reports")
    starts_on = models.DateField()
    ends_on = models.DateField()
    # How its period was called when it was begun: `Q3 2022/23`.
    number = models.CharField(max_length=40)
    # The day as at which the plan is shown.
    as_at = models.DateField()
    # The cut-off: what had been recorded by then is in it.
    known_at = models.DateTimeField()
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
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-ends_on", "-version", "-id"]
        constraints = [
            models.UniqueConstraint(
                "series", "ends_on", "version", condition=Q(discarded_at=None), name="report_once"
            ),
            models.CheckConstraint(
                name="report_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="report_new_version_has_reason", condition=Q(supersedes=None) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series.title}, {self.number}, version {self.version}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on, self.number)

    @property
    def is_frozen(self) -> bool:
        """Whether it went out, or will when its files are made: it does not change any more."""
        return hasattr(self, "publication")

    @property
    def is_published(self) -> bool:
        return self.is_frozen and not self.publication.is_being_made

    @property
    def is_draft(self) -> bool:
        return self.discarded_at is None and not self.is_frozen


# Of reports: those that are out, with all their files.
PUBLISHED = Q(publication__isnull=False) & (
    Q(publication__files_job=None) | Q(publication__files_job__done_at__isnull=False)
)
BEING_MADE = Q(publication__files_job__isnull=False, publication__files_job__done_at=None)


@pghistory.track()
class ReportText(models.Model):
    """Words of a draft that somebody wrote or edited, by the key of their place in it."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="texts")
    place = models.CharField(max_length=100)
    # What the records had there when it was edited; empty where nothing stood.
    original = models.TextField(blank=True)
    # The colours, dates and figures that stood beside it then; empty where none was kept.
    beside = models.TextField(blank=True, default="")
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    edited_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint("report", "place", name="report_text_once")]

    def __str__(self) -> str:
        return f"{self.place} of {self.report_id}"


OF_REPORT = "reports_report WHERE id = NEW.report_id"


class Signature(Record):
    """An SRO has signed an area's section, or the forum its statement (`area` empty).

    It holds while the section's digest is the same; the newest of an area counts.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="signatures")
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="signatures", null=True, blank=True
    )
    # SHA-256 of the section signed, in hexadecimal.
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    office = models.CharField(max_length=300, blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_REPORT)

    def __str__(self) -> str:
        return f"{self.name} for {self.area or 'the forum'}"


class Approval(Record):
    """An organisation's accountable person approves, or returns, the report as it then read."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="approvals")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="approvals"
    )
    is_approved = models.BooleanField()
    reason = models.TextField(blank=True)
    # SHA-256 of what was approved (`Document.substance`), with the families' summary.
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


class SaidOutside(Record):
    """A signature, an approval or a return that was given elsewhere, as the programme team heard.

    It counts for nothing until a second member of the team has checked it: then a `Signature` or an
    `Approval` is made of it. Without an organisation it is a signature, without an area too the
    forum's.
    """

    class How(models.TextChoices):
        EMAIL = "email", "E-mail"
        MINUTE = "minute", "Minute of a meeting"
        CALL = "call", "Phone call"
        LETTER = "letter", "Letter"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="said_outside")
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="said_outside", null=True, blank=True
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="said_outside", null=True, blank=True
    )
    is_approved = models.BooleanField(null=True, blank=True)
    # What must change, where it is a return.
    reason = models.TextField(blank=True)
    # Who said it.
    name = models.CharField(max_length=300)
    office = models.CharField(max_length=300, blank=True)
    how = models.CharField(max_length=6, choices=How)
    said_on = models.DateField()
    # Where the message or the minute is kept.
    found_at = models.CharField(max_length=300)
    message = models.TextField()
    # SHA-256 of the section, or of what is approved, as it read when this was recorded.
    digest = models.CharField(max_length=64)

    class Meta(Record.Meta):
        triggers = append_only(OF_REPORT)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="said_outside_signature_or_answer",
                condition=Q(organisation=None, is_approved=None)
                | Q(organisation__isnull=False, area=None, is_approved__isnull=False),
            ),
            models.CheckConstraint(
                name="said_outside_return_has_reason",
                condition=Q(is_approved=None) | Q(is_approved=True) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.get_how_display()} of {self.said_on}"


class SaidOutsideCheck(Record):
    """A second member of the team has compared what was recorded with the message, or not found
    it so."""

    said = models.OneToOneField(SaidOutside, on_delete=models.PROTECT, related_name="second_look")
    is_confirmed = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(answers=(SaidOutside, "said_id"))
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="said_outside_refusal_has_reason",
                condition=Q(is_confirmed=True) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{'Confirmed' if self.is_confirmed else 'Not confirmed'}: {self.said_id}"


class Publication(Record):
    """A report has gone out. What it says stands in its papers and files and never changes."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="publication")
    # The bodies it was addressed to: their members read it, whatever the series is set to later.
    addressed_to = models.ManyToManyField(Body, related_name="publications", blank=True)
    # What was missing when it was published all the same, in words, and why it was.
    missing = models.JSONField(default=list, blank=True)
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
        return f"Report {self.report_id} as published"

    @property
    def is_being_made(self) -> bool:
        """Whether files of it are still to be made: until then nobody outside the team sees it."""
        job = getattr(self, "files_job", None)
        return job is not None and job.done_at is None


class PublishedPaper(Record):
    """The canonical text of a published document (`reports/rendering/document.py`)."""

    class Paper(models.TextChoices):
        REPORT = "report", "Report"
        FAMILIES = "families", "Summary for families"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="papers")
    paper = models.CharField(max_length=8, choices=Paper)
    payload = models.TextField()
    # SHA-256 of the payload, in hexadecimal.
    digest = models.CharField(max_length=64)

    class Meta(Record.Meta):
        triggers = append_only(answers=(Publication, "publication_id"))
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint("publication", "paper", name="published_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_paper_display()}, {self.digest[:8]}"


class PublishedFile(Record):
    """One rendering of a paper, kept as it went out. `format` is a key of `rendering.FORMATS`."""

    paper = models.ForeignKey(PublishedPaper, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    # SHA-256 of the content, in hexadecimal.
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()

    class Meta(Record.Meta):
        triggers = append_only(answers=(PublishedPaper, "paper_id"))
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint("paper", "format", name="published_file_once"),
        ]

    def __str__(self) -> str:
        return self.name


class FilesJob(models.Model):
    """The files of a publication, which a worker makes (`reports/making/`)."""

    publication = models.OneToOneField(
        Publication, on_delete=models.PROTECT, related_name="files_job"
    )
    # The council's own when it was published; none: our plain one.
    template = models.ForeignKey(
        WordTemplate, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    # Which worker has it, and until when no other takes it.
    holder = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    # Why the last try made not all of them, in plain words.
    error = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"Files of {self.publication_id}"


class WorkerSeen(models.Model):
    """When a worker was last at work: a single row."""

    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "worker seen"

    def __str__(self) -> str:
        return f"{self.seen_at}"
