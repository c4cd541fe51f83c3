"""Forms of what is added beside updates: evidence and restricted notes."""

from typing import Any

from django import forms

from actions.evidence import evidence
from actions.forms.fields import LONGEST_NAME, LONGEST_PLACE, PlainText, SubmissionField
from actions.io.file_field import CheckedFileField
from actions.models import Evidence, RestrictedNote


class EvidenceForm(forms.Form):
    submission = SubmissionField()
    title = PlainText(
        label="What is it?",
        help_text="The name of the paper, page or figure.",
        required=True,
        error_messages={"required": "Say what it is"},
    )
    link = forms.URLField(
        label="Where it can be found (optional)",
        help_text="A web address, if it has one.",
        required=False,
        max_length=1000,
        assume_scheme="https",
        error_messages={"invalid": "Give a web address, for example https://www.example.org/page"},
    )
    file = CheckedFileField(label="Or a file (optional)")
    place = PlainText(
        label="Or its place on a shared drive or in a system (optional)",
        help_text="A path, or the name of the system. For example SEND / Heads / 2026.",
        max_length=LONGEST_PLACE,
    )
    held_by = PlainText(label="Held by (optional)", max_length=LONGEST_NAME)
    ask_whom = PlainText(label="Ask whom for it (optional)", max_length=LONGEST_NAME)
    visibility = forms.ChoiceField(
        label="Who may see it?",
        choices=[
            (Evidence.Visibility.MEMBERS, "People of this plan"),
            (
                Evidence.Visibility.RESTRICTED,
                "Restricted: you, the leads, the senior responsible officer and the programme team",
            ),
            (Evidence.Visibility.SHAREABLE, "May be shared outside, with inspectors and families"),
        ],
        initial=Evidence.Visibility.MEMBERS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may see it", "invalid_choice": "Choose one"},
    )
    is_case_study = forms.BooleanField(
        label="It is a case study of a child, young person or family", required=False
    )
    is_anonymised_with_consent = forms.BooleanField(
        label="It is anonymised and consent is held",
        help_text="Needed for a case study: nobody can be recognised in it, and the family agreed.",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        problems = evidence.evidence_problems(
            title=data.get("title", ""),
            link=data.get("link", ""),
            has_file=bool(data.get("file")),
            place=data.get("place", ""),
            is_case_study=bool(data.get("is_case_study")),
            is_anonymised_with_consent=bool(data.get("is_anonymised_with_consent")),
        )
        for name, message in problems.items():
            if name not in self.errors:
                self.add_error(name, message)
        return data


class WithdrawEvidenceForm(forms.Form):
    reason = PlainText(
        label="Why is it withdrawn?",
        help_text="This stands beside the evidence for everyone who could see it.",
        rows=3,
        required=True,
        error_messages={"required": "Say why it is withdrawn"},
    )


class RestrictedNoteForm(forms.Form):
    submission = SubmissionField()
    kind = forms.ChoiceField(
        label="What is it about?",
        choices=RestrictedNote.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what the note is about",
            "invalid_choice": "Choose one of the four",
        },
    )
    text = PlainText(
        label="The note",
        rows=6,
        required=True,
        error_messages={"required": "Write the note"},
    )
