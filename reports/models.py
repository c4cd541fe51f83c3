"""The four rhythms in which a plan reports."""

import pghistory
from django.db import models

from actions.models import Body, Plan
from actions.models.base import Withdrawable


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
    anchor_on = models.DateField(null=True, blank=True)
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
