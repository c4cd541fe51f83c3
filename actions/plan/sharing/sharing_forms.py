"""The form with which a plan is shared with a report reader."""

from typing import Any, cast

from django import forms

from actions.forms.date_fields import DAY_EXAMPLE, DayField
from wsoa.accounts.models import User


class SharedViewForm(forms.Form):
    """Which reader may read the plan as at which day, and until when."""

    reader = forms.ModelChoiceField(
        label="Who may read it?",
        queryset=User.objects.none(),
        empty_label="Choose a report reader",
        error_messages={
            "required": "Choose a report reader",
            "invalid_choice": "Choose one of the plan’s report readers",
        },
    )
    as_at = DayField(
        label="As it stood on",
        help_text=DAY_EXAMPLE,
        required=True,
        error_messages={"required": "Give the day"},
    )
    ends_on = DayField(
        label="May be read until", required=True, error_messages={"required": "Give the last day"}
    )

    def __init__(self, data: Any = None, *, readers: Any, **options: Any) -> None:
        super().__init__(data, **options)
        cast(forms.ModelChoiceField[Any], self.fields["reader"]).queryset = readers
