"""Forms of what was said outside, and of the second person's check: their shape."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from actions.forms.date_fields import DayField
from actions.forms.fields import PlainText
from reports.drafts.forms import SignForm
from reports.drafts.outside.said_outside import Speaker
from reports.models import SaidOutside


class SaidForm(SignForm):
    """`digest`, of `SignForm`, names the words that it was said of."""

    name = forms.ChoiceField(
        label="Who said it",
        widget=forms.RadioSelect(attrs={"class": "one-on-each-line"}),
        error_messages={
            "required": "Choose who said it",
            "invalid_choice": "Choose somebody whose signature or approval this is",
        },
    )
    is_approved = forms.TypedChoiceField(
        label="What the answer was",
        choices=[("yes", "Approved"), ("no", "Returned: something must change")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "one-on-each-line"}),
        error_messages={
            "required": "Choose what the answer was",
            "invalid_choice": "Choose one of the two",
        },
    )
    reason = PlainText(label="What must change?", help_text="Needed where it was returned.", rows=4)
    how = forms.ChoiceField(
        label="How it was said",
        choices=SaidOutside.How.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how it was said",
            "invalid_choice": "Choose one of these",
        },
    )
    said_on = DayField(
        label="On which day",
        required=True,
        error_messages={"required": "Give the day on which it was said"},
    )
    found_at = PlainText(
        label="Where the message or the minute is kept",
        help_text="For example: SEND programme mailbox, or minutes of 12 March, item 4.",
        required=True,
        error_messages={"required": "Say where the message or the minute is kept"},
    )
    message = PlainText(
        label="The message",
        help_text="Pasted as it came; of a call, what was said in your words. It is shown to who "
        "checks it, and goes into no report.",
        rows=5,
        required=True,
        error_messages={"required": "Give the message, or what was said in your words"},
    )

    def __init__(
        self, data: Any = None, *, speakers: Sequence[Speaker], is_answer: bool, today: date
    ) -> None:
        only = speakers[0].name if len(speakers) == 1 else ""
        super().__init__(data, initial={"name": only})
        self.today = today
        self.fields["name"].choices = [  # type: ignore[attr-defined]
            (speaker.name, f"{speaker.name}, {speaker.office}") for speaker in speakers
        ]
        if not is_answer:
            del self.fields["is_approved"], self.fields["reason"]

    def clean_said_on(self) -> date:
        said_on: date = self.cleaned_data["said_on"]
        if said_on > self.today:
            raise forms.ValidationError("The day must not be in the future")
        return said_on

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        returned = data.get("is_approved") is False
        if returned and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say what must change before it is approved")
        return data


class CheckForm(forms.Form):
    is_confirmed = forms.TypedChoiceField(
        label="You have seen the message or the minute, or asked who said it. Is it as recorded?",
        choices=[("yes", "Yes, it is as recorded"), ("no", "No")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "one-on-each-line"}),
        error_messages={
            "required": "Choose whether it is as recorded",
            "invalid_choice": "Choose one of the two",
        },
    )
    reason = PlainText(label="What is not?", help_text="Needed where it is not.", rows=4)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        refused = data.get("is_confirmed") is False
        if refused and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say what is not as recorded")
        return data
