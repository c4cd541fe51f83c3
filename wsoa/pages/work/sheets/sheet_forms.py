"""The form that takes sheets back."""

from datetime import date
from typing import Any

from django import forms

from actions.forms.date_fields import DayField
from wsoa.pages.work.several_forms import SOURCES

MOST_SHEETS = 40


class _Sheets(forms.FileInput):
    allow_multiple_selected = True


class _SheetsField(forms.FileField):
    """The files that were chosen, each to be read by itself."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = [file for file in data or () if file]
        if not given:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(given) > MOST_SHEETS:
            raise forms.ValidationError(f"Give up to {MOST_SHEETS} files at once")
        return given


class SheetsForm(forms.Form):
    sheets = _SheetsField(
        label="Filled-in sheets",
        help_text=f"Excel (.xlsx) or CSV, up to {MOST_SHEETS} at once.",
        widget=_Sheets(attrs={"accept": ".xlsx,.csv", "multiple": True}),
        error_messages={"required": "Choose one or more files"},
    )


class ToldSheetsForm(SheetsForm):
    """The same by the programme team, of what was sent to them: how, and on which day."""

    how = forms.ChoiceField(
        label="How the sheets came to you",
        choices=SOURCES,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the sheets came to you"},
    )
    told_on = DayField(
        label="On which day",
        required=True,
        error_messages={"required": "Give the day on which they came"},
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_told_on(self) -> date:
        told_on: date = self.cleaned_data["told_on"]
        if told_on > self.today:
            raise forms.ValidationError("The day must not be in the future")
        return told_on
