"""How the effect of the work is to be seen: measures, where they start, where they should end."""

from datetime import date
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When

from actions.models import Area, Commitment, Person, Plan, Risk
from actions.models.base import (
    PRECISIONS,
    Record,
    Withdrawable,
    append_only,
    date_of_columns,
    month_only,
    whole_span,
    words_index,
)
from actions.rules.dates import PlanDate
from kpis.rules.due import MOST_DUE_DAYS

OF_KPI = "kpis_kpi WHERE id = NEW.kpi_id"


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
        ROLLING = "rolling", "Rolling twelve months"

    class Frequency(models.TextChoices):
        MONTHLY = "monthly", "Monthly"
        QUARTERLY = "quarterly", "Quarterly"
        SIX_MONTHLY = "six_monthly", "Six-monthly"
        YEARLY = "yearly", "Yearly"
        ONCE = "once", "Once"

    class Year(models.TextChoices):
        FINANCIAL = "financial", "Financial year, from April"
        SCHOOL = "school", "School year, from September"
        CALENDAR = "calendar", "Calendar year, from January"

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="kpis")
    code = models.CharField(max_length=40)
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    short_title = models.CharField(max_length=40, blank=True)
    definition = models.TextField(blank=True)
    unit = models.CharField(max_length=300)
    direction = models.CharField(max_length=10, choices=Direction)
    kind = models.CharField(max_length=12, choices=Kind)
    frequency = models.CharField(max_length=12, choices=Frequency, blank=True)
    numerator = models.CharField(max_length=300, blank=True)
    denominator = models.CharField(max_length=300, blank=True)
    denominator_about = models.PositiveIntegerField(null=True, blank=True)
    # What a numerator over a denominator is multiplied by; none: 100 for a percentage, else 1.
    per = models.PositiveIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    comparator = models.CharField(max_length=300, blank=True)
    # Of a cumulative measure: the year within which it grows and after which it begins again. Of
    # one whose periods are longer than a month: the year they are parts of; none: from April.
    year = models.CharField(max_length=10, choices=Year, blank=True)
    # Its figures are of children or families, so that a small one could tell who they are.
    counts_people = models.BooleanField(default=False)
    # From which numbers up its figures are shown to everybody, and to what they are rounded for
    # them; none: as the plan says.
    smallest_count = models.PositiveSmallIntegerField(null=True, blank=True)
    smallest_denominator = models.PositiveSmallIntegerField(null=True, blank=True)
    smallest_survey = models.PositiveSmallIntegerField(null=True, blank=True)
    rounding = models.PositiveSmallIntegerField(null=True, blank=True)
    # Of a rate: being left over says something about a child, too.
    remainder_tells = models.BooleanField(default=False)
    # The whole that it is a part of: all parts of a period are shown together.
    part_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="parts", null=True, blank=True
    )
    # The plan asks for a baseline that nobody has yet.
    awaits_baseline = models.BooleanField(default=False)
    # A final figure stands as provisional until a second person has confirmed it.
    needs_second_person = models.BooleanField(default=False)
    # The first month for which a figure is expected; none: from when the plan is tracked.
    first_due_on = models.DateField(null=True, blank=True)
    # Values from which its control chart is read; none: thirteen.
    enough_values = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(4)]
    )
    # Working days from the end of a period until its figure is due; none: `DUE_WORKING_DAYS`.
    due_after_days = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST_DUE_DAYS)]
    )
    data_owner = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="kpis", null=True, blank=True
    )
    # To whom the data passes, from a day on, where somebody's work is handed over.
    data_passes_to = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="kpis_to_come", null=True, blank=True
    )
    data_passes_on = models.DateField(null=True, blank=True)
    # In the KPI's unit; none where the baseline is still awaited.
    baseline = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    # Where the plan says in words where things start; beside a number or in its place.
    baseline_text = models.TextField(blank=True)
    baseline_source = models.CharField(max_length=300, blank=True)
    # When it was measured: a month, a day, or a period such as a school year.
    baseline_first_day = models.DateField(null=True, blank=True)
    baseline_last_day = models.DateField(null=True, blank=True)
    baseline_precision = models.CharField(max_length=14, choices=PRECISIONS, blank=True)
    baseline_printed = models.CharField(max_length=100, blank=True)
    commitments = models.ManyToManyField(
        Commitment, through="kpis.KpiCommitment", related_name="kpis"
    )
    # The KPI of a plan before that it goes on from, and the key of the first of all of them, by
    # which one query reads the chain; both, or neither.
    continues = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="continued_by", null=True, blank=True
    )
    lineage = models.BigIntegerField(null=True, blank=True, db_index=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint("plan", "code", name="kpi_code_once"),
            models.CheckConstraint(
                name="kpi_baseline_is_a_whole_span",
                condition=whole_span("baseline_", optional=True),
            ),
            models.CheckConstraint(
                name="kpi_year_is_of_a_cumulative_or_rarer_one",
                condition=Q(year="")
                | Q(kind="cumulative")
                | Q(frequency__in=("quarterly", "six_monthly", "yearly")),
            ),
            models.CheckConstraint(
                name="kpi_lineage_of_what_continues",
                condition=Q(continues=None, lineage=None)
                | Q(continues__isnull=False, lineage__isnull=False),
            ),
            models.CheckConstraint(
                name="kpi_first_due_is_month", condition=month_only("first_due_on")
            ),
            models.CheckConstraint(
                name="kpi_data_passes_to_somebody_on_a_day",
                condition=Q(data_passes_to=None, data_passes_on=None)
                | Q(data_passes_to__isnull=False, data_passes_on__isnull=False),
            ),
        ]
        indexes = [words_index("kpi_words", "code", "title", "definition")]

    def __str__(self) -> str:
        return self.code

    @property
    def baseline_date(self) -> PlanDate | None:
        return date_of_columns(self, "baseline_")

    def owner_on(self, day: date) -> Person | None:
        return data_owner_on(self, day)

    def owner_id_on(self, day: date) -> int | None:
        """The key of who that is, without reading them."""
        passed = self.data_passes_on is not None and self.data_passes_on <= day
        return self.data_passes_to_id if passed else self.data_owner_id


def data_owner_on(row: Any, day: date) -> Person | None:
    """Who owns a KPI's data on a day: its `data_owner` until the day on which that passes.

    `row` is a KPI or a row of its history.
    """
    owner: Person | None = row.data_owner
    if row.data_passes_on and row.data_passes_on <= day:
        owner = row.data_passes_to
    return owner


def data_owned_by(people: Any, day: date, kpi: str = "") -> Q:
    """KPIs whose data one of these people owns on a day; `kpi` leads to them, as `kpi__`."""
    passes = f"{kpi}data_passes_on"
    before = Q(**{passes: None}) | Q(**{f"{passes}__gt": day})
    return (before & Q(**{f"{kpi}data_owner__in": people})) | Q(
        **{f"{passes}__lte": day, f"{kpi}data_passes_to__in": people}
    )


def data_owners_user(day: date, kpi: str = "") -> Case:
    """The user who owns a KPI's data on a day, as an expression; `kpi` leads to it."""
    return Case(
        When(
            **{f"{kpi}data_passes_on__lte": day},
            then=F(f"{kpi}data_passes_to__user"),
        ),
        default=F(f"{kpi}data_owner__user"),
    )


def data_owners_person(day: date, kpi: str = "") -> Case:
    """The key of the person who does."""
    return Case(
        When(**{f"{kpi}data_passes_on__lte": day}, then=F(f"{kpi}data_passes_to_id")),
        default=F(f"{kpi}data_owner_id"),
    )


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


@pghistory.track()
class HeadlineKpi(models.Model):
    """The one KPI that is shown first for an area. It says nothing of the others."""

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="headline")
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="headline_of")

    def __str__(self) -> str:
        return f"{self.kpi_id} for area {self.area_id}"


@pghistory.track()
class ComparatorSeries(Withdrawable):
    """Others whose values a KPI is set beside, by name: England, the region, neighbours."""

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="comparators")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    # Where the values are published.
    published_in = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint("kpi", "name", name="comparator_series_once")]

    def __str__(self) -> str:
        return self.name


class ComparatorFigure(Record):
    """What others came to in one period: a published figure, which is never hidden."""

    series = models.ForeignKey(ComparatorSeries, on_delete=models.PROTECT, related_name="figures")
    starts_on = models.DateField()
    ends_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=4)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(
            "kpis_kpi WHERE id ="
            " (SELECT kpi_id FROM kpis_comparatorseries WHERE id = NEW.series_id)"
        )
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="comparator_figure_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="comparator_figure_change_has_reason",
                condition=Q(replaces=None) | ~Q(reason=""),
            ),
            models.UniqueConstraint(
                "series",
                "ends_on",
                condition=Q(replaces=None),
                name="comparator_figure_first_of_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id}, {self.starts_on} to {self.ends_on}: {self.value}"


class TargetPoint(Record):
    """A value the KPI should reach, with its date where the plan gives one."""

    class Operator(models.TextChoices):
        AT_LEAST = "at_least", "at least"
        AT_MOST = "at_most", "at most"
        EXACTLY = "exactly", "exactly"
        INCREASE_BY = "increase_by", "an increase by"
        DECREASE_BY = "decrease_by", "a decrease by"
        STAY_CLOSE = "stay_close", "close to"
        # Without a value.
        INCREASE = "increase", "higher"
        DECREASE = "decrease", "lower"

    class Kind(models.TextChoices):
        TRAJECTORY = "trajectory", "Trajectory point"
        FINAL = "final", "Final target"

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="targets")
    position = models.PositiveIntegerField()
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=14, choices=PRECISIONS, blank=True)
    printed = models.CharField(max_length=100, blank=True)
    # None: a comparison, not a number.
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    operator = models.CharField(max_length=12, choices=Operator)
    kind = models.CharField(max_length=12, choices=Kind)
    # How far from a value to stay close to is close enough, in the KPI's unit.
    tolerance = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    # A date given from the agreement. Once the plan is agreed, the month is stored beside it.
    months_after_agreement = models.PositiveSmallIntegerField(null=True, blank=True)
    # As printed: "milestone 3"; and whose value it is, of which year: "England 2023/24".
    label = models.CharField(max_length=60, blank=True)
    borrowed_from = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    is_withdrawn = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_KPI)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="target_point_direction_has_no_value",
                condition=Q(value=None) | ~Q(operator__in=["increase", "decrease"]),
            ),
            models.CheckConstraint(
                name="target_point_close_to_a_value",
                condition=Q(value__isnull=False) | ~Q(operator="stay_close"),
            ),
            models.CheckConstraint(
                name="target_point_tolerance_of_one_to_stay_close_to",
                condition=Q(tolerance=None) | Q(operator="stay_close", tolerance__gte=0),
            ),
            models.CheckConstraint(
                name="target_point_from_agreement_is_a_month",
                condition=Q(months_after_agreement=None) | Q(first_day=None) | Q(precision="month"),
            ),
            models.CheckConstraint(
                name="target_point_is_a_whole_span", condition=whole_span(optional=True)
            ),
            models.CheckConstraint(
                name="target_point_move_has_reason", condition=Q(replaces=None) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id}: {self.get_operator_display()} {self.value}"

    @property
    def when(self) -> PlanDate | None:
        return date_of_columns(self)

    def replacement(self, **changes: Any) -> "TargetPoint":
        """A row, still to be saved, that says the same but for these and takes its place."""
        record = {field.name for field in Record._meta.fields} | {"id", "replaces", "reason"}
        same = {
            field.name: getattr(self, field.name)
            for field in self._meta.concrete_fields
            if field.name not in record
        }
        return TargetPoint(**same | {"replaces": self} | changes)


@pghistory.track()
class KpiRisk(models.Model):
    """A risk or issue on a measure."""

    risk = models.OneToOneField(Risk, on_delete=models.PROTECT, related_name="on_kpi")
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="risks")

    def __str__(self) -> str:
        return f"{self.risk_id} on {self.kpi_id}"


class Measurement(Record):
    """What a KPI came to in one period. The newest row of a period is its figure.

    A value is in the KPI's unit. Where the KPI has a numerator and a denominator, both are kept and
    the value is worked out from them when it is recorded.
    """

    class Status(models.TextChoices):
        PROJECTED = "projected", "Projected"
        PROVISIONAL = "provisional", "Provisional"
        FINAL = "final", "Final"
        # Said, so that nobody goes on waiting for it: missing, and never zero.
        MISSING = "missing", "No figure"

    class Judgement(models.TextChoices):
        IMPROVED = "improved", "Improved"
        NO_CHANGE = "no_change", "No change"
        WORSE = "worse", "Worse"
        NOT_KNOWN = "not_known", "Not yet known"

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="measurements")
    # The period's first and last day.
    starts_on = models.DateField()
    ends_on = models.DateField()
    status = models.CharField(max_length=12, choices=Status)
    value = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    # Of a survey, those who answered; of a judgement, the people it rests on.
    respondents = models.PositiveIntegerField(null=True, blank=True)
    # The value of those it is compared with, in the same unit.
    compared_with = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    judgement = models.CharField(max_length=10, choices=Judgement, blank=True)
    based_on = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="corrected_by", null=True, blank=True
    )
    # Why a figure differs from what was said before.
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(OF_KPI)
        indexes = [models.Index("kpi", "ends_on", name="measurement_by_period")]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="measurement_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="measurement_says_one_thing",
                condition=(Q(status="missing") & Q(value=None) & Q(judgement=""))
                | (~Q(status="missing") & Q(value=None) & ~Q(judgement=""))
                | (~Q(status="missing") & Q(value__isnull=False) & Q(judgement="")),
            ),
            models.CheckConstraint(
                name="measurement_has_both_parts",
                condition=Q(numerator=None, denominator=None)
                | Q(numerator__isnull=False, denominator__gt=0),
            ),
            models.UniqueConstraint(
                "kpi", "ends_on", condition=Q(corrects=None), name="measurement_first_of_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id}, {self.starts_on} to {self.ends_on}: {self.value}"


class MeasurementCheck(Record):
    """A second person's word on a final figure that asked for one."""

    measurement = models.OneToOneField(
        Measurement, on_delete=models.PROTECT, related_name="second_look"
    )
    is_confirmed = models.BooleanField()
    reason = models.TextField(blank=True)

    class Meta(Record.Meta):
        triggers = append_only(answers=(Measurement, "measurement_id"))
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="measurement_return_has_reason",
                condition=Q(is_confirmed=True) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return "Figure confirmed" if self.is_confirmed else "Figure returned"


class FigureDecision(Record):
    """Whether a figure is open to everybody, decided once, by the rule in force when it came.

    Of a KPI that counts no children or families there is none, and every figure is open; of one
    that does, a figure without one waits for the other parts of its whole, and is closed.
    """

    measurement = models.OneToOneField(
        Measurement, on_delete=models.PROTECT, related_name="decision"
    )
    is_open = models.BooleanField()
    # Of a closed one: its nearest ten, or where the band of a rate begins.
    shown = models.DecimalField(max_digits=16, decimal_places=4, null=True, blank=True)
    # Of a closed one: the whole numbers of people that anybody may take it for.
    could_be = ArrayField(models.BigIntegerField(), default=list, blank=True)
    # To what an open one is rounded for those who may not see small numbers; 0: not at all.
    rounding = models.PositiveSmallIntegerField(default=0)

    class Meta(Record.Meta):
        triggers = append_only(
            "kpis_kpi WHERE id ="
            " (SELECT kpi_id FROM kpis_measurement WHERE id = NEW.measurement_id)"
        )
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="figure_decision_shows_something_else_only_where_closed",
                condition=Q(is_open=False) | Q(shown=None, could_be=[]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measurement_id}: {'open' if self.is_open else 'closed'}"


class Rebase(Record):
    """A decision to compute a control chart's mean and limits afresh from a period on."""

    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="rebases")
    on = models.DateField()
    reason = models.TextField()
    decided_by = models.CharField(max_length=300)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True
    )
    is_withdrawn = models.BooleanField(default=False)

    class Meta(Record.Meta):
        triggers = append_only(OF_KPI)
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(name="rebase_is_month", condition=month_only("on")),
            models.CheckConstraint(name="rebase_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.kpi_id} from {self.on}"


class MeasurementUpload(models.Model):
    """Figures from a file, read and checked, kept until somebody applies them."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="measurement_uploads")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="measurement_uploads"
    )
    file_name = models.CharField(max_length=200)
    rows = models.JSONField()
    made_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.file_name
