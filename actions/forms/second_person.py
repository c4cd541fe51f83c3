"""The second person's answer: a record is confirmed, or returned with the reason."""

from typing import Any, ClassVar

from django import forms

from actions.forms.fields import PlainText


def decision_field(label: str, *, confirms: str, returns: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("confirm", confirms), ("return", returns)],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether you confirm it",
            "invalid_choice": "Choose one",
        },
    )


def reason_field(about: str) -> PlainText:
    """`about` says what the reason must tell, and to whom."""
    return PlainText(label="Why?", help_text=f"Needed when you return it: {about}", rows=3)


class SecondPersonForm(forms.Form):
    """A form with a `decision` and a `reason` of these kinds."""

    # The error at the reason where it is returned without one.
    reason_needed: ClassVar[str]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "return" and not data.get("reason") and not self.errors:
            self.add_error("reason", self.reason_needed)
        return data

    def arguments(self) -> dict[str, Any]:
        """The answer as the verbs that record it take it."""
        return {
            "is_confirmed": self.cleaned_data["decision"] == "confirm",
            "reason": self.cleaned_data["reason"],
        }
