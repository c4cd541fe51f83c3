"""Forms of the answers to a proposed Blue: the second person's, and the forum's."""

from typing import Any

from django import forms

from actions.forms.fields import PlainText
from actions.models import (
    FamiliesView,
)


class FamiliesViewForm(forms.Form):
    view = forms.ChoiceField(
        label="Do families see this?",
        choices=FamiliesView.View.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether families see it",
            "invalid_choice": "Choose one of the three",
        },
    )
    text = PlainText(
        label="What do they say?",
        help_text="Needed with “Not yet”. Name no child and no family.",
        rows=4,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("view") == "not_yet" and not data.get("text") and "text" not in self.errors:
            self.add_error("text", "Say what families do not see yet")
        return data


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label="Is it completed and embedded?",
        choices=[
            ("confirm", "Yes, I confirm Blue"),
            ("return", "No, I return it to the lead"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether you confirm it",
            "invalid_choice": "Choose one",
        },
    )
    reason = PlainText(
        label="Why?",
        help_text="Needed when you return it: say what is missing. The lead reads it.",
        rows=3,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "return" and not data.get("reason") and not self.errors:
            self.add_error("reason", "Say why the Blue goes back to the lead")
        return data
