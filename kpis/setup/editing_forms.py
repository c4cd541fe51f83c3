"""Forms of KPIs and their targets: the shape of what an officer types."""

from typing import Any

from django import forms
from django.db.models import F

from actions.forms.date_fields import PlanDateField
from actions.forms.fields import PlainText
from actions.models import Commitment
from actions.plan.editing import standing
from actions.plan.editing_forms import (
    OneOf,
    PartForm,
    SeveralOf,
    choices,
    own_day,
    people_of,
    printed_date,
    words,
)
from actions.wording import in_words_lazy
from kpis.models import Kpi, TargetPoint
from kpis.rules.due import DUE_WORKING_DAYS, MOST_DUE_DAYS, NHS_DUE_WORKING_DAYS


def figure(label: str, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=16,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 12}),
        error_messages={
            "invalid": "Give a number, for example 52.9",
            "max_digits": "This number is too long",
            "max_whole_digits": "This number is too long",
            "max_decimal_places": "Give at most four decimal places",
        },
        **options,
    )


def due_after() -> forms.IntegerField:
    """Working days; need not be given."""
    return forms.IntegerField(
        label="Its figures are due after (optional)",
        help_text=f"Working days after the end of each period. Empty: {DUE_WORKING_DAYS}. Data of "
        f"the NHS: usually {NHS_DUE_WORKING_DAYS}.",
        required=False,
        min_value=1,
        max_value=MOST_DUE_DAYS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            f"Give a whole number of working days from 1 to {MOST_DUE_DAYS}",
        ),
    )


class DataOwnerForm(PartForm):
    data_owner = OneOf("Data owner", help_text="Who records its figures.")
    due_after_days = due_after()

    def to_choose_from(self) -> dict[str, Any]:
        return {"data_owner": people_of(self.plan)}


class HeadlineForm(PartForm):
    headline_kpi = OneOf(
        "Headline KPI",
        help_text=in_words_lazy("Shown first, on the page of the {area} and in its reports."),
    )

    def to_choose_from(self) -> dict[str, Any]:
        return {"headline_kpi": Kpi.objects.filter(plan=self.plan, withdrawn_at=None)}


class KpiForm(PartForm):
    code = forms.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$",
        label="Code",
        help_text="Short and without spaces, for example 1.1.1-1.",
        error_messages={
            "required": "Give it a code",
            "invalid": "Use at most 40 letters, digits, dots and hyphens, and no spaces",
        },
    )
    title = words("Title", "Give its title")
    short_title = PlainText(
        label="Short title (optional)",
        help_text="At most 40 characters, for charts and wherever space is short.",
        max_length=40,
        required=False,
    )
    definition = words("What is counted, and how", rows=3)
    unit = words("Unit", "Give its unit", help_text="For example: %, days, children.")
    direction = choices("Which way is better?", "Choose which way is better", Kpi.Direction.choices)
    kind = choices("Kind", "Choose its kind", Kpi.Kind.choices)
    frequency = forms.ChoiceField(
        label="How often is it measured? (optional)",
        choices=[("", "Not said"), *Kpi.Frequency.choices],
        required=False,
    )
    numerator = words("Numerator", help_text="Of a rate: what stands above the line.")
    denominator = words("Denominator", help_text="What stands below it.")
    year = forms.ChoiceField(
        label="Its year (optional)",
        help_text="Of a KPI that is cumulative, or measured less often than monthly: the year that"
        " its figures are parts of. Not said: from April.",
        choices=[("", "Not said"), *Kpi.Year.choices],
        required=False,
    )
    comparator = words("Compared with", help_text="For example: the national average.")
    counts_people = forms.BooleanField(
        label="It counts children or families",
        help_text="Small numbers are then hidden from most readers. Not for staff, schools,"
        " documents or events.",
        required=False,
    )
    data_owner = OneOf("Data owner", help_text="Who records its figures.")
    due_after_days = due_after()
    baseline = figure("Baseline (optional)")
    baseline_text = words(
        "Baseline in words", rows=2, help_text="Where the plan says in words where things start."
    )
    baseline_date = PlanDateField(label="Date or period of the baseline (optional)")
    baseline_date_printed = printed_date()
    baseline_date_first = own_day("First day of the period")
    baseline_date_last = own_day("Last day of the period")
    baseline_source = words("Source of the baseline")
    awaits_baseline = forms.BooleanField(label="The baseline is still to be found", required=False)
    commitments = SeveralOf(in_words_lazy("{Commitments} it shows the effect of"))
    note = words("Note", rows=2)

    def to_choose_from(self) -> dict[str, Any]:
        commitments = standing(Commitment.objects.filter(plan=self.plan))
        return {
            "data_owner": people_of(self.plan),
            "commitments": commitments.select_related("same_evidence_as").order_by(
                "action__area__position",
                F("action__theme__position").asc(nulls_first=True),
                "action__position",
                "position",
            ),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.compose_date("baseline_date")
        if data.get("baseline") is not None and data.get("awaits_baseline"):
            self.add_error("awaits_baseline", "There is a baseline above: untick this, or empty it")
        if data.get("year") and not _has_year(data):
            self.add_error(
                "year", "Only a KPI that is cumulative, or rarer than monthly, has a year"
            )
        if bool(data.get("numerator")) != bool(data.get("denominator")):
            missing = "denominator" if data.get("numerator") else "numerator"
            self.add_error(missing, "Give both a numerator and a denominator, or neither")
        return data


def _has_year(data: dict[str, Any]) -> bool:
    """Whether one can be named; what is missing or wrong is told at its own field."""
    return data.get("kind") in (None, Kpi.Kind.CUMULATIVE) or data.get("frequency") in (
        Kpi.Frequency.QUARTERLY,
        Kpi.Frequency.SIX_MONTHLY,
        Kpi.Frequency.YEARLY,
    )


class TargetForm(PartForm):
    kind = choices("Is it on the way, or the end?", "Choose which", TargetPoint.Kind.choices)
    operator = choices("The figure should be", "Choose one", TargetPoint.Operator.choices)
    value = figure(
        "Value (optional)", help_text="Empty for a comparison, or for higher or lower alone."
    )
    tolerance = figure(
        "How far off is close enough? (optional)", help_text="Of a value to stay close to."
    )
    when = PlanDateField(label="By when? (optional)")
    when_printed = printed_date()
    when_first = own_day("First day")
    when_last = own_day("Last day")
    months_after_agreement = forms.IntegerField(
        label="Or how many months after the plan is agreed? (optional)",
        help_text="It is a date once the plan is agreed.",
        required=False,
        min_value=1,
        max_value=120,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), "Give a number of months from 1 to 120"
        ),
    )
    label = PlainText(
        label="Label (optional)",
        help_text="As the plan calls it, for example “milestone 3”.",
        max_length=60,
        required=False,
    )
    borrowed_from = words(
        "Whose value is it, and of which year?", help_text="For example: England 2023/24."
    )
    note = words("Note", rows=2)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.compose_date("when")
        operator, value = data.get("operator"), data.get("value")
        if operator in ("increase", "decrease") and value is not None:
            self.add_error("value", "Higher or lower alone has no value: empty this")
        if operator == "stay_close" and value is None and "value" not in self.errors:
            self.add_error("value", "Give the value to stay close to")
        tolerance = data.get("tolerance")
        if tolerance is not None and operator != "stay_close":
            self.add_error("tolerance", "Only a value to stay close to has this: empty it")
        elif tolerance is not None and tolerance < 0:
            self.add_error("tolerance", "Give nothing or more")
        if data.get("when") and data.get("months_after_agreement"):
            self.add_error("months_after_agreement", "It has a date above: empty one of them")
        return data


class ComparatorForm(PartForm):
    name = PlainText(
        label="Whose figures are they?",
        help_text="For example: England, the region, statistical neighbours.",
        max_length=60,
        required=True,
        error_messages={"required": "Say whose figures they are"},
    )
    published_in = words("Where are they published?")
