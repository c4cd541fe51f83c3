"""The form that chooses which day a page shows, and which it compares with."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions.forms.date_fields import DAY_EXAMPLE, DayField


class DatesForm(forms.Form):
    """The day a page is shown as at, for people who do not write addresses."""

    day = DayField(
        label="Show the plan as at",
        help_text=DAY_EXAMPLE,
        required=True,
        error_messages={"required": "Give a day"},
    )
    compared = DayField(
        label="Compare with",
        help_text="An earlier day.",
        required=True,
        error_messages={"required": "Give a day"},
    )

    def __init__(self, *args: Any, today: date, compares: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        if not compares:
            del self.fields["compared"]

    def clean_day(self) -> date:
        return self._past_day("day")

    def clean_compared(self) -> date:
        compared = self._past_day("compared")
        day = self.cleaned_data.get("day")
        if day and compared >= day:
            raise ValidationError("Give a day before the one shown")
        return compared

    def _past_day(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if day > self.today:
            raise ValidationError("That day has not come yet. Give today or an earlier day")
        if day.year < 2000:
            raise ValidationError("Give a day after the year 2000")
        return day
