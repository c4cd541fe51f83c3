"""The forms of documents beside a plan."""

from typing import Any

from django import forms

from actions.documents.documents import document_problems
from actions.forms.date_fields import DAY_EXAMPLE, DayField
from actions.forms.fields import PlainText, SubmissionField
from actions.io.file_field import CheckedFileField
from actions.models import Area, Plan, PlanDocument
from actions.pages import formatting
from actions.wording import in_words_lazy


class _AreaField(forms.ModelChoiceField[Area]):
    def label_from_instance(self, obj: Area) -> str:
        return formatting.area_name(obj, formatting.in_short(obj))


class DocumentForm(forms.Form):
    submission = SubmissionField()
    kind = forms.ChoiceField(
        label="What kind of document is it?",
        choices=[("", "Choose"), *PlanDocument.Kind.choices],
        error_messages={"required": "Choose its kind", "invalid_choice": "Choose its kind"},
    )
    title = PlainText(label="Title", required=True, error_messages={"required": "Enter its title"})
    dated_on = DayField(
        label="Its date (optional)", help_text=f"The day that it bears. {DAY_EXAMPLE}"
    )
    version = PlainText(
        label="Version (optional)", help_text="As it says of itself.", max_length=100
    )
    author = PlainText(label="Who wrote or sent it (optional)")
    area = _AreaField(
        label=in_words_lazy("Which {area} is it about? (optional)"),
        queryset=Area.objects.none(),
        required=False,
        empty_label="The whole plan",
        error_messages={"invalid_choice": "Choose an entry of the list: this one is gone"},
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
    visibility = forms.ChoiceField(
        label="Who may see it?",
        choices=[
            (PlanDocument.Visibility.MEMBERS, "People of this plan"),
            (
                PlanDocument.Visibility.SHAREABLE,
                "May be shared outside, with inspectors and families",
            ),
        ],
        initial=PlanDocument.Visibility.MEMBERS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who may see it", "invalid_choice": "Choose one"},
    )
    note = PlainText(label="Note (optional)", rows=3)

    def __init__(self, *args: Any, plan: Plan, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["area"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Area.objects.filter(plan=plan, withdrawn_at=None)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        problems = document_problems(
            title=data.get("title", ""),
            link=data.get("link", ""),
            has_file=bool(data.get("file")),
        )
        for name, message in problems.items():
            if name not in self.errors:
                self.add_error(name, message)
        return data


class WithdrawDocumentForm(forms.Form):
    reason = PlainText(
        label="Why is it withdrawn?",
        help_text="This stands beside the document for everyone who could see it.",
        rows=3,
        required=True,
        error_messages={"required": "Say why it is withdrawn"},
    )
