"""The form of a meeting's day and papers."""

from typing import Any, cast

from django import forms

from actions.forms.date_fields import DAY_EXAMPLE, DayField
from actions.models import (
    Body,
)


class MeetingForm(forms.Form):
    body = forms.ModelChoiceField(
        label="Board or group",
        queryset=Body.objects.none(),
        empty_label="Choose a board or group",
        error_messages={
            "required": "Choose a board or group",
            "invalid_choice": "Choose a board or group",
        },
    )
    held_on = DayField(
        label="Day of the meeting",
        help_text=DAY_EXAMPLE,
        required=True,
        error_messages={"required": "Give the day of the meeting"},
    )
    papers_due_on = DayField(
        label="Papers due",
        help_text="The day by which its papers are sent.",
        required=True,
        error_messages={"required": "Give the day the papers are due"},
    )

    def __init__(self, data: Any = None, *, bodies: Any, **options: Any) -> None:
        super().__init__(data, **options)
        cast(forms.ModelChoiceField[Any], self.fields["body"]).queryset = bodies

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        held, due = data.get("held_on"), data.get("papers_due_on")
        if held and due and due > held:
            self.add_error("papers_due_on", "Papers are due before the meeting, not after it")
        return data
