"""Forms about risks. Whether one may be raised there is for `subjects_of` and the verbs."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from actions.forms.fields import PlainText
from actions.models import Risk
from wsoa.oversight.subjects import Subject, grouped


class RaiseRiskForm(forms.Form):
    kind = forms.ChoiceField(
        label="Is it a risk or an issue?",
        choices=[
            (Risk.Kind.RISK, "A risk: it may go wrong"),
            (Risk.Kind.ISSUE, "An issue: it has gone wrong"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether it is a risk or an issue",
            "invalid_choice": "Choose a risk or an issue",
        },
    )
    on = forms.ChoiceField(
        label="What is it on?",
        error_messages={
            "required": "Choose what it is on",
            "invalid_choice": "Choose what it is on: an entry of the list",
        },
    )
    text = PlainText(
        label="What is it?",
        help_text="One or two sentences. The steering group reads this.",
        rows=3,
        required=True,
        error_messages={"required": "Say what it is"},
    )
    mitigation = PlainText(label="What is being done about it? (optional)", rows=3)
    help_needed = PlainText(label="What help is needed, and from whom? (optional)", rows=2)

    def __init__(self, *args: Any, subjects: Iterable[Subject], **options: Any) -> None:
        super().__init__(*args, **options)
        subjects = list(subjects)
        self.subjects = {subject.key: subject for subject in subjects}
        cast(forms.ChoiceField, self.fields["on"]).choices = [("", "Choose"), *grouped(subjects)]

    def arguments(self) -> dict[str, Any]:
        """The answers as `wsoa.oversight.risks.risks.raise_on` takes them."""
        answers = dict(self.cleaned_data)
        return {"subject": self.subjects[answers.pop("on")], **answers}


class CloseRiskForm(forms.Form):
    reason = PlainText(
        label="How did it end?",
        help_text="What was done, or why it no longer matters. It stays on record.",
        rows=3,
        required=True,
        error_messages={"required": "Say how it ended"},
    )
