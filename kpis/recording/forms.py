"""Forms about a measure's control chart, and the second person's answer to a figure."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions.forms.date_fields import MonthBox, PlanDateField, month_of_boxes, this_year
from actions.forms.fields import PlainText
from actions.forms.second_person import SecondPersonForm, decision_field, reason_field
from actions.rules.dates import PlanDate
from kpis.models import ComparatorSeries


class RebaseForm(forms.Form):
    month = MonthBox(2)
    year = MonthBox(4)
    reason = PlainText(
        label="Why?",
        help_text="What changed, so that the figures before it no longer say what is usual.",
        rows=3,
        required=True,
        error_messages={"required": "Say why the limits are set again"},
    )
    decided_by = PlainText(
        label="Who decided it?",
        help_text=this_year("For example: Performance group, 3 May YYYY."),
        required=True,
        error_messages={"required": "Say who decided it"},
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "month" in self.errors or "year" in self.errors:
            return data
        try:
            month = month_of_boxes(data.get("month", ""), data.get("year", ""))
        except ValidationError as refusal:
            self.add_error("month", refusal)
            return data
        if month is None:
            self.add_error("month", "Give the month from which the limits are set again")
        data["on"] = month
        return data

    def arguments(self) -> dict[str, Any]:
        """The answers as `kpis.recording.rebases.record_rebase` takes them."""
        on: PlanDate = self.cleaned_data["on"]
        return {
            "on": on.first_day,
            "reason": self.cleaned_data["reason"],
            "decided_by": self.cleaned_data["decided_by"],
        }


class WithdrawRebaseForm(forms.Form):
    reason = PlainText(
        label="Why is it taken back?",
        help_text="The decision and your words both stay on record.",
        rows=3,
        required=True,
        error_messages={"required": "Say why the decision is taken back"},
    )


class ComparatorFigureForm(forms.Form):
    """What others came to, as it is published."""

    period = PlanDateField(
        label="Period",
        required=True,
        help_text=this_year("For example: March YYYY, school year YYYY/NEXT, or YYYY."),
        error_messages={"required": "Give the period"},
    )
    value = forms.DecimalField(
        label="Value",
        max_digits=16,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 12}),
        error_messages={
            "required": "Give the value",
            "invalid": "Give a number, for example 52.9",
            "max_digits": "This number is too long",
            "max_whole_digits": "This number is too long",
            "max_decimal_places": "Give at most four decimal places",
        },
    )
    source = PlainText(
        label="Where is it published? (optional)", help_text="For example: DfE statistics, June."
    )
    reason = PlainText(
        label="Why does it change? (optional)",
        help_text="Where another figure of this period is on record.",
    )

    def __init__(self, *args: Any, several: list[ComparatorSeries], **options: Any) -> None:
        super().__init__(*args, **options)
        choose = {str(series.pk): series.name for series in several}
        self.fields["series"] = forms.ChoiceField(
            label="Whose figure is it?",
            choices=choose.items() if len(choose) == 1 else [("", "Choose"), *choose.items()],
            error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose whose it is"),
        )
        self.order_fields(["series"])
        self.several = {str(series.pk): series for series in several}

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        period: PlanDate = data["period"]
        return {
            "series": self.several[data["series"]],
            "starts_on": period.first_day,
            "ends_on": period.last_day,
            "value": data["value"],
            "reason": data["reason"],
            "source": data["source"],
        }


class CheckFigureForm(SecondPersonForm):
    decision = decision_field(
        "Is the figure right?", confirms="Yes, I confirm it", returns="No, I return it"
    )
    reason = reason_field("say what must be put right.")
    reason_needed = "Say what must be put right"
