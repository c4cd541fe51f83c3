"""What is kept while people work, and is no record: drafts, uploads, shared views, versions."""

import uuid

import pghistory
from django.conf import settings
from django.db import models

from actions.models.plan import Commitment, Plan
from actions.models.progress import ProgressUpdate


class Draft(models.Model):
    """One person's unsent update of a commitment, as typed. It goes when the update is sent."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="drafts")
    # The fields of the form by name, each a list of texts as a browser sends them.
    answers = models.JSONField(default=dict)
    # The newest update when the form was first shown; none: nobody had written.
    base = models.ForeignKey(
        ProgressUpdate, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint("user", "commitment", name="draft_once")]

    def __str__(self) -> str:
        return f"Draft of {self.user_id} for {self.commitment_id}"


class DraftFile(models.Model):
    """A file given with an unsent update. It becomes evidence when that is sent, or goes with it.

    It is kept under its `key`, apart from what is on record (`actions/io/set_aside.py`).
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    title = models.CharField(max_length=300)
    is_shareable = models.BooleanField(default=False)
    # As a row of evidence has them.
    digest = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.file_name


class ClosingDraft(models.Model):
    """What is to become of a plan's open commitments, as typed before the plan is closed."""

    plan = models.OneToOneField(Plan, on_delete=models.CASCADE, related_name="closing_draft")
    # The fields of the form by name, each a text.
    answers = models.JSONField(default=dict)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="closing_drafts"
    )
    saved_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Draft of closing {self.plan_id}"


class ProgressUpload(models.Model):
    """Past progress from a file, read and checked, kept until somebody applies it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    file_name = models.CharField(max_length=200)
    rows = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.file_name


@pghistory.track()
class SharedView(models.Model):
    """A plan as at a day, shared with a report reader for a time."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="shared_views")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shared_views"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    as_at = models.DateField()
    ends_on = models.DateField()
    shared_at = models.DateTimeField(auto_now_add=True)
    # Ended by an officer before its day.
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-shared_at"]

    def __str__(self) -> str:
        return f"{self.plan_id} as at {self.as_at} for {self.reader_id}"


class PlanVersion(models.Model):
    """How often what a plan's pages are made from has changed: what is kept of them hangs on it.

    The triggers of `wsoa/guard/versions.py` raise it, and nobody else can.
    """

    # The plan's key; 0 stands for what several plans share, such as the name of an organisation.
    of = models.BigIntegerField(primary_key=True)
    number = models.BigIntegerField()
    # Two databases, one of them restored, can reach the same number by different ways.
    raised_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.number} of {self.of}"
