"""Forms of drafting, signing, approving and publishing: their shape."""

from typing import Any

from django import forms

from actions.forms.date_fields import DayField, this_year
from actions.forms.fields import PlainText

# Characters of one text of a report.
LONGEST = 30_000


class WordsForm(forms.Form):
    """`seen` is the digest of the words that these replace."""

    text = PlainText(label="What the report says", rows=14, max_length=LONGEST)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class CutOffForm(forms.Form):
    as_at = DayField(
        label="The plan as at",
        help_text=this_year(
            "A day of the report’s period, for example 31/1/YYYY. "
            "Ratings, dates and figures are those at the end of that day."
        ),
        required=True,
        error_messages={"required": "Give a day"},
    )
    known_on = DayField(
        label="With what was recorded by the end of (optional)",
        help_text="What was recorded or corrected later stays out. "
        "Leave it empty to take in all that is recorded by now.",
    )


class PublishForm(forms.Form):
    reason = PlainText(
        label="Why does it go out all the same?",
        help_text="Kept with the report. Needed because something is missing.",
        rows=4,
        error_messages={"required": "Say why it goes out although something is missing"},
    )

    def __init__(self, data: Any = None, *, is_complete: bool) -> None:
        super().__init__(data)
        if is_complete:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True


class VersionForm(forms.Form):
    reason = PlainText(
        label="What is wrong with the version that is out?",
        help_text="Stands on the new version. The old one stays readable.",
        rows=4,
        required=True,
        error_messages={"required": "Say what is wrong with the version that is out"},
    )


class SignForm(forms.Form):
    """`digest` names what was read."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ApprovalForm(SignForm):
    is_approved = forms.TypedChoiceField(
        label="Your answer",
        choices=[("yes", "I approve this report"), ("no", "I return it: something must change")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "one-on-each-line"}),
        error_messages={
            "required": "Choose whether you approve it",
            "invalid_choice": "Choose one of the two",
        },
    )
    reason = PlainText(label="What must change?", help_text="Needed where you return it.", rows=4)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        returned = data.get("is_approved") is False
        if returned and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Say what must change before you approve it")
        return data
