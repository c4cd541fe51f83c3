"""How the effect of the work is to be seen: measures, where they start, where they should end."""

import pghistory
from django.db import models
from django.db.models import Q

from actions.dates import PlanDate
from actions.models import Commitment, Person, Plan, Risk
from actions.models.base import Record, Withdrawable, append_only, month_or_day, plan_date


@pghistory.track()
class Kpi(Withdrawable):
    class Direction(models.TextChoices):
        HIGHER = "higher", "Higher is better"
        LOWER = "lower", "Lower is better"
        NEITHER = "neither", "Neither is better"

    class Kind(models.TextChoices):
        QUANTITY = "quantity", "Quantity"
        RATE = "rate", "Rate"
        SURVEY = "survey", "Survey"
        RELATIVE = "relative", "Relative change"
        COMPARATOR = "comparator", "Comparison"
        CUMULATIVE = "cumulative", "Cumulative"
        QUALITATIVE = "qualitative", "Qualitative"

    class Frequency(models.TextChoices):
        MONTHLY = "monthly", "Monthly"
        QUARTERLY = "quarterly", "Quarterly"
        SIX_MONTHLY = "six_monthly", "Six-monthly"
        YEARLY = "yearly", "Yearly"
        ONCE = "once", "Once"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="kpis")
    code = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    definition = models.TextField(blank=True)
    unit = models.CharField(max_length=300)
    direction = models.CharField(max_length=10, choices=Direction)
    kind = models.CharField(max_length=12, choices=Kind)
    frequency = models.CharField(max_length=12, choices=Frequency, blank=True)
    numerator = models.CharField(max_length=300, blank=True)
    denominator = models.CharField(max_length=300, blank=True)
    denominator_about = models.PositiveIntegerField(null=True, blank=True)
    comparator = models.CharField(max_length=300, blank=True)
    data_owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="kpis", null=True, blank=True
    )
    # In the KPI's unit; none where the baseline is still awaited.
    baseline = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(null=True, blank=True)
    baseline_is_day = models.BooleanField(default=False)
    commitments = models.ManyToManyField(
        Commitment, through="kpis.KpiCommitment", related_name="kpis"
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("plan", "code", name="kpi_code_once"),
            models.CheckConstraint(
                name="kpi_baseline_is_month_or_day",
                condition=month_or_day("baseline_on", "baseline_is_day"),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def baseline_date(self) -> PlanDate | None:
        return plan_date(self.baseline_on, self.baseline_is_day)


@pghistory.track()
class KpiCommitment(models.Model):
    """A measure serves many commitments, and a commitment has many measures."""

    kpi = models.ForeignKey(Kpi, on_delete=models.CASCADE)
    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT)
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint("kpi", "commitment", name="kpi_commitment_once")]

    def __str__(self) -> str:
        return f"{self.kpi_id} for {self.commitment_id}"


class TargetPoint(Record):
    """A value the KPI should reach, with its date where the plan gives one."""

    class Operator(models.TextChoices):
        AT_LEAST = "at_least", "at least"
        AT_MOST = "at_most", "at most"
        EXACTLY = "exactly", "exactly"
        INCREASE_BY = "increase_by", "an increase by"
        DECREASE_BY = "decrease_by", "a decrease by"

    class Kind(models.TextChoices):
        TRAJECTORY = "trajectory", "Trajectory point"
        FINAL = "final", "Final target"

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="targets")
    position = models.PositiveIntegerField()
    on = models.DateField(null=True, blank=True)
    is_day = models.BooleanField(default=False)
    # None: a comparison, not a number.
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    operator = models.CharField(max_length=12, choices=Operator)
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.TextField(blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    is_withdrawn = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only("kpis_kpi WHERE id = NEW.kpi_id")
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="target_point_is_month_or_day", condition=month_or_day("on", "is_day")
            ),
            models.CheckConstraint(
                name="target_point_move_has_reason", condition=Q(replaces=None) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id}: {self.get_operator_display()} {self.value}"

    @property
    def when(self) -> PlanDate | None:
        return plan_date(self.on, self.is_day)


@pghistory.track()
class KpiRisk(models.Model):
    """A risk or issue on a measure."""

    risk = models.OneToOneField(Risk, on_delete=models.PROTECT, related_name="on_kpi")
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="risks")

    def __str__(self) -> str:
        return f"{self.risk_id} on {self.kpi_id}"
