"""Forms of report series and approvers: the shape of what an officer types."""

from datetime import date
from typing import Any

from django import forms

from actions import memberships
from actions.forms.date_fields import DayField, this_year
from actions.models import Body, Organisation
from actions.plan.editing_forms import OneOf, PartForm, SeveralOf, choices, words
from actions.rules.cycle import MOST_WEEKS
from actions.rules.dates import MONTHS
from reports.models import ReportSeries
from reports.rules.calendar import ANCHORED
from reports.series.branding import checked_template

Rhythm = ReportSeries.Rhythm

_DAYS = "Give a number of working days from 0 to 60"
_WEEKS = f"Enter a number of weeks from 1 to {MOST_WEEKS}"


# The rhythms that a field is for.
_FIELDS_OF = {
    "weeks": (Rhythm.WEEKS,),
    "body": (Rhythm.MEETINGS,),
    "anchor_on": ANCHORED,
    "year_starts_in": (Rhythm.QUARTERLY, Rhythm.SIX_MONTHLY),
}


class SeriesForm(PartForm):
    title = words("Title", "Give its title")
    rhythm = choices("How often?", "Choose how often", Rhythm.choices)
    content = choices("What is it about?", "Choose what it is about", ReportSeries.Content.choices)
    audiences = SeveralOf("To whom does it go?")
    weeks = forms.IntegerField(
        label="Every how many weeks?",
        help_text="Of a report every so many weeks.",
        min_value=1,
        max_value=MOST_WEEKS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 12}),
        error_messages={
            "required": _WEEKS,
            "invalid": _WEEKS,
            "min_value": _WEEKS,
            "max_value": _WEEKS,
        },
    )
    body = OneOf(
        "Whose meetings?",
        "Choose the board or group",
        help_text="Of a report for each meeting: a period ends on the day papers are due.",
    )
    anchor_on = DayField(
        label="First day of its first period",
        help_text=this_year(
            "Of a report every so many weeks, or for meetings: its periods begin here. "
            "For example 31/1/YYYY."
        ),
    )
    year_starts_in = forms.TypedChoiceField(
        label="In which month does its year begin?",
        help_text="Of a quarterly or 6-monthly report: April for financial years.",
        coerce=int,
        choices=list(enumerate(MONTHS, 1)),
        error_messages={"required": "Choose a month", "invalid_choice": "Choose a month"},
    )
    due_after = forms.IntegerField(
        label="How many working days after a period is it due?",
        help_text="Where those it goes to meet after it, it is due with their papers instead.",
        min_value=0,
        max_value=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 12}),
        error_messages={
            "required": _DAYS,
            "invalid": _DAYS,
            "min_value": _DAYS,
            "max_value": _DAYS,
        },
    )
    note = words("Note", rows=2)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        rhythm = (data or self.initial).get("rhythm")
        for name, rhythms in _FIELDS_OF.items():
            if not rhythm:
                # Nobody has said yet which of them are wanted.
                self.fields[name].required = False
            elif rhythm not in rhythms:
                del self.fields[name]

    def to_choose_from(self) -> dict[str, Any]:
        bodies = Body.objects.filter(plan=self.plan, withdrawn_at=None)
        return {"audiences": bodies, "body": bodies}

    def clean_anchor_on(self) -> date | None:
        day: date | None = self.cleaned_data["anchor_on"]
        if day and not 2000 <= day.year <= 2100:
            raise forms.ValidationError("Give a day between 2000 and 2100")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        is_anchored = data.get("rhythm") in ANCHORED
        if is_anchored and not data.get("anchor_on") and "anchor_on" not in self.errors:
            self.add_error("anchor_on", "Give the first day, from which its periods are counted")
        return data


class WordTemplateForm(forms.Form):
    """Its cleaned file is the name and the content of one that may be used."""

    file = forms.FileField(
        label="Word file",
        help_text="A .docx document without macros, with your header, footer and styles. "
        "What is written in it is left out.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "Choose a Word file"},
    )

    def clean_file(self) -> tuple[str, bytes]:
        upload = self.cleaned_data["file"]
        return _short_name(upload.name), checked_template(upload)


def _short_name(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return f"{stem[:150]}{dot}{ending[:10]}"


class ApproverForm(PartForm):
    organisation = OneOf("For which organisation?", "Choose the organisation")
    user = OneOf(
        "Who approves?",
        "Choose who approves",
        help_text="A senior responsible officer or the chair of the steering group.",
    )
    office = words(
        "Their office", "Give their office", help_text="As the report is to print it with the name."
    )

    def to_choose_from(self) -> dict[str, Any]:
        return {
            "organisation": Organisation.objects.filter(plans=self.plan),
            "user": memberships.possible_approvers(self.plan),
        }
