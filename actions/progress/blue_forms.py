"""Forms of the answers to a proposed Blue: the second person's, and the forum's."""

from typing import Any

from django import forms

from actions.forms.fields import PlainText
from actions.forms.second_person import SecondPersonForm, decision_field, reason_field
from actions.models import FamiliesView
from actions.wording import in_words_lazy


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


class AnswerForm(SecondPersonForm):
    decision = decision_field(
        "Is it completed and embedded?",
        confirms=in_words_lazy("Yes, I confirm {Blue}"),
        returns="No, I return it to the lead",
    )
    reason = reason_field("say what is missing. The lead reads it.")
    reason_needed = in_words_lazy("Say why the {Blue} goes back to the lead")
