"""When a plan asks for updates: its cycles, and what was made of single periods."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from actions.models.base import OF_PLAN, Record, append_only
from actions.models.people import Body
from actions.models.plan import Plan
from actions.rules.cycle import (
    GRACE_WORKING_DAYS,
    MOST_DAYS_BEFORE_PAPERS,
    MOST_GRACE_DAYS,
    MOST_WEEKS,
    PAPERS_NEED_WORKING_DAYS,
    CycleKind,
    CycleRule,
    Treatment,
)


class UpdateCycle(Record):
    """How a plan asks for updates from a day on, until another cycle begins.

    A plan without one is asked every month. A change is a row of its own, so that what was owed
    before its first day stays as it was.
    """

    class Kind(models.TextChoices):
        MONTHLY = CycleKind.MONTHLY.value, "Every month"
        WEEKS = CycleKind.WEEKS.value, "Every so many weeks"
        MEETINGS = CycleKind.MEETINGS.value, "Before each meeting of a board or group"
        TERMLY = CycleKind.TERMLY.value, "Every school term"
        DATES = CycleKind.DATES.value, "On dates that you list"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="cycles")
    starts_on = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    body = models.ForeignKey(
        Body, on_delete=models.PROTECT, related_name="cycles", null=True, blank=True
    )
    closing_days = ArrayField(models.DateField(), default=list, blank=True)
    # Of a monthly cycle: it closes before the steering group's papers are due, and not with the
    # month.
    is_before_papers = models.BooleanField(default=False)
    # Working days from a closing to the day on which papers are due, where it waits for papers.
    days_before_papers = models.PositiveSmallIntegerField(null=True, blank=True)
    grace_days = models.PositiveSmallIntegerField(default=GRACE_WORKING_DAYS)

    class Meta(Record.Meta):
        triggers = append_only(OF_PLAN)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="update_cycle_says_what_its_kind_needs",
                condition=(
                    Q(kind="weeks", weeks__isnull=False, weeks__gte=1, weeks__lte=MOST_WEEKS)
                    | (~Q(kind="weeks") & Q(weeks=None))
                )
                & (Q(kind="meetings", body__isnull=False) | (~Q(kind="meetings") & Q(body=None)))
                & (
                    Q(kind="dates", closing_days__len__gt=0)
                    | (~Q(kind="dates") & Q(closing_days=[]))
                )
                & (Q(kind="monthly") | Q(is_before_papers=False))
                & (
                    Q(days_before_papers=None) & ~Q(kind="meetings") & Q(is_before_papers=False)
                    | Q(
                        days_before_papers__isnull=False,
                        days_before_papers__lte=MOST_DAYS_BEFORE_PAPERS,
                    )
                    & (Q(kind="meetings") | Q(is_before_papers=True))
                ),
            ),
            models.CheckConstraint(
                name="update_cycle_grace_is_short",
                condition=Q(grace_days__lte=MOST_GRACE_DAYS),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.starts_on}"

    @property
    def rule(self) -> CycleRule:
        return CycleRule(
            starts_on=self.starts_on,
            kind=CycleKind(self.kind),
            weeks=self.weeks,
            body=self.body_id,
            closing_days=tuple(self.closing_days),
            is_before_papers=self.is_before_papers,
            days_before_papers=PAPERS_NEED_WORKING_DAYS
            if self.days_before_papers is None
            else self.days_before_papers,
            grace_days=self.grace_days,
        )


class PeriodTreatment(Record):
    """One update period skipped, joined with the next, or back to usual: that which holds a day."""

    class Kind(models.TextChoices):
        SKIPPED = Treatment.SKIPPED.value, "No updates are asked for"
        JOINED = Treatment.JOINED.value, "Joined with the next"
        USUAL = Treatment.USUAL.value, "As usual"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="period_treatments")
    # The first day of the period, as periods were when this was said.
    day = models.DateField()
    treatment = models.CharField(max_length=10, choices=Kind)

    class Meta(Record.Meta):
        triggers = append_only(OF_PLAN)

    def __str__(self) -> str:
        return f"{self.day} {self.treatment}"
