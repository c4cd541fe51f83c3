"""Asking for a change of what was agreed, and answering: the shape of what people send."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from actions.forms.date_fields import DayField, MonthField
from actions.forms.fields import PlainText
from actions.models import KeyDate, Person
from actions.rules import own_moves
from actions.rules.status import DateKind
from actions.wording import in_words_lazy
from kpis.models import TargetPoint
from kpis.rules.text import amount
from wsoa.oversight.models import Meeting


def reason_field() -> PlainText:
    return PlainText(label="Why should it change?", rows=4)


class _KeyDateField(forms.ModelChoiceField[Any]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{DateKind(obj.kind).label}: {obj.when}"


class _TargetField(forms.ModelChoiceField[Any]):
    def label_from_instance(self, obj: Any) -> str:
        value = amount(obj.value, obj.kpi.unit) if obj.value is not None else "the comparison"
        return f"{obj.get_operator_display()} {value}" + (f" by {obj.when}" if obj.when else "")


class _MeetingField(forms.ModelChoiceField[Any]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.body}, {obj.held_on:%-d %B %Y}"


class DateForm(forms.Form):
    key_date = _KeyDateField(
        label="Which date?",
        queryset=KeyDate.objects.none(),
        required=False,
        empty_label="No completion date agreed",
        error_messages={"invalid_choice": in_words_lazy("Choose one of the {commitment}’s dates")},
    )
    wanted = MonthField(label="To which month?")
    reason = reason_field()

    def __init__(self, *args: Any, dates: QuerySet[KeyDate], **options: Any) -> None:
        super().__init__(*args, **options)
        field = cast(forms.ModelChoiceField[Any], self.fields["key_date"])
        field.queryset = dates
        if dates.exists():
            field.empty_label = None
            field.widget.choices = field.choices


class WordingForm(forms.Form):
    wanted_text = PlainText(label="How should the evidence of success read?", rows=4)
    reason = reason_field()


class WithdrawalForm(forms.Form):
    reason = PlainText(label="Why should it leave the plan?", rows=4)


class PauseForm(forms.Form):
    wanted = MonthField(label="In which month should work go on? (optional)")
    reason = PlainText(label="Why should it be paused?", rows=4)


class RestartForm(forms.Form):
    reason = PlainText(label="Why should it be taken up again?", rows=4)


class LeadForm(forms.Form):
    old_lead = forms.ModelChoiceField(
        label="Who gives it up?",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Nobody: another lead joins",
        error_messages={"invalid_choice": "Choose somebody who leads it now"},
    )
    new_lead = forms.ModelChoiceField(
        label="Who takes it on?",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Nobody: the others go on",
        error_messages={"invalid_choice": in_words_lazy("Choose one of the {area}’s people")},
    )
    reason = reason_field()

    def __init__(
        self, *args: Any, leads: QuerySet[Person], people: QuerySet[Person], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField[Any], self.fields["old_lead"]).queryset = leads
        cast(forms.ModelChoiceField[Any], self.fields["new_lead"]).queryset = people


class KpiForm(forms.Form):
    target = _TargetField(
        label="What should change?",
        queryset=TargetPoint.objects.none(),
        required=False,
        empty_label="The baseline",
        error_messages={"invalid_choice": "Choose the baseline or one of the targets"},
    )
    wanted_value = forms.DecimalField(
        label="The new number",
        required=False,
        max_digits=16,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 12}),
        error_messages={
            "invalid": "Give a number, for example 12.5",
            "max_decimal_places": "Give at most four figures after the point",
            "max_digits": "This number is too large",
            "max_whole_digits": "This number is too large",
        },
    )
    wanted_on = MonthField(label="By which month, where that changes too?")
    reason = reason_field()

    def __init__(
        self, *args: Any, targets: QuerySet[TargetPoint], unit: str, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField[Any], self.fields["target"]).queryset = targets
        self.fields["wanted_value"].help_text = f"In {unit if unit != '%' else 'per cent'}."


# --- Answers ----------------------------------------------------------------------------------

_YES_NO_ERRORS = {"required": "Choose one", "invalid_choice": "Choose one"}


def _choice(label: str, yes: str, no: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        widget=forms.RadioSelect,
        error_messages=_YES_NO_ERRORS,
    )


class SupportForm(forms.Form):
    is_supported = _choice("Do you support it?", "Yes, I support it", "No, I do not")
    reason = PlainText(label="Why not, where you do not?", rows=3)

    def clean_is_supported(self) -> bool:
        return bool(self.cleaned_data["is_supported"] == "yes")


class AgreeMoveForm(forms.Form):
    """Nothing to fill in: the plan says why it may be agreed so."""


class OwnMovesForm(forms.Form):
    weeks = forms.IntegerField(
        label="By how many weeks may an SRO move a date?",
        help_text=(
            f"From 0, not at all, to {own_moves.MOST_WEEKS}. Counted from last day to last day: a "
            "move by one month needs 5 weeks, by two months 9."
        ),
        min_value=0,
        max_value=own_moves.MOST_WEEKS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 4}),
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Enter a number of weeks from 0 to {own_moves.MOST_WEEKS}",
        ),
    )


class CommentForm(forms.Form):
    text = PlainText(label="What does the forum say?", rows=3)


class DecideForm(forms.Form):
    is_agreed = _choice("Is it agreed?", "Yes, agreed", "No, not agreed")
    meeting = _MeetingField(
        label="In which meeting?",
        queryset=Meeting.objects.none(),
        required=False,
        empty_label="Choose the meeting",
        error_messages={"invalid_choice": "Choose one of the plan’s meetings"},
    )
    is_between_meetings = forms.BooleanField(
        label="Chair’s action, between meetings",
        help_text="With a reason why it could not wait. It is noted at the next meeting.",
        required=False,
    )
    reason = PlainText(label="Why not, where it is not agreed? Or why it could not wait?", rows=3)

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **options: Any) -> None:
        super().__init__(*args, **options)
        cast(forms.ModelChoiceField[Any], self.fields["meeting"]).queryset = meetings

    def clean_is_agreed(self) -> bool:
        return bool(self.cleaned_data["is_agreed"] == "yes")


class MinuteForm(forms.Form):
    text = PlainText(label="Minute reference", help_text="For example item 4.")


class ApprovalForm(forms.Form):
    approver = PlainText(label="Who approved it?")
    approved_on = DayField(label="On which day?")
    reference = PlainText(label="In which letter or message?")


class TakeBackForm(forms.Form):
    reason = PlainText(label="Why do you take it back, if you wish to say?", rows=2)
