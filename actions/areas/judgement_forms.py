"""The form with which the programme team records what an outside body judged."""

from typing import Any

from django import forms

from actions.forms.date_fields import DAY_EXAMPLE, DayField
from actions.forms.fields import PlainText
from actions.models import Inspection, Judgement, Plan


class JudgementForm(forms.Form):
    verdict = forms.ChoiceField(
        label="What was said",
        choices=Judgement.Verdict.choices,
        widget=forms.RadioSelect(attrs={"class": "one-on-each-line"}),
        error_messages={
            "required": "Choose what was said",
            "invalid_choice": "Choose from the list",
        },
    )
    rating = PlainText(
        label="Colour or words, of a rating at a review (optional)",
        help_text="As it was given, for example: some progress.",
        max_length=60,
        required=False,
    )
    judged_on = DayField(label="On which day (optional)", help_text=DAY_EXAMPLE)
    inspection = forms.ModelChoiceField(
        label="At an inspection (optional)",
        queryset=Inspection.objects.none(),
        required=False,
        empty_label="At none",
        error_messages={"invalid_choice": "Choose an inspection of the list"},
    )
    judged_by = PlainText(
        label="By whom (optional)",
        help_text="Such as DfE and NHS England, where it was at no inspection.",
        max_length=300,
        required=False,
    )
    letter = PlainText(
        label="Letter (optional)", help_text="Its reference.", max_length=300, required=False
    )
    letter_on = DayField(label="Date of the letter (optional)", help_text=DAY_EXAMPLE)
    summary = PlainText(label="In a few words (optional)", rows=4, required=False)

    def __init__(self, data: Any = None, *, plan: Plan, **options: Any) -> None:
        super().__init__(data, **options)
        inspections = self.fields["inspection"]
        assert isinstance(inspections, forms.ModelChoiceField)
        inspections.queryset = Inspection.objects.filter(local_area=plan.local_area_id)
