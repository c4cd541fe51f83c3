"""Forms of meetings, questions' answers, decisions, reviews and judgements: their shape."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms

from actions.forms.date_fields import DAY_EXAMPLE, DayField, this_year
from actions.forms.fields import PlainText
from actions.models import Body, Person
from actions.pages import formatting
from wsoa.oversight.models import Meeting


class MeetingChoice(forms.ModelChoiceField[Any]):
    def label_from_instance(self, row: Any) -> str:
        return f"{row.body}, {formatting.short_day(row.held_on)}"


class PersonChoice(forms.ModelChoiceField[Any]):
    def label_from_instance(self, row: Any) -> str:
        return f"{row.name}, {row.organisation.code}" if row.organisation else str(row.name)


def meeting_choice(label: str, must: str = "", **options: Any) -> MeetingChoice:
    return MeetingChoice(
        label=label if must else f"{label} (optional)",
        queryset=Meeting.objects.none(),
        required=bool(must),
        empty_label="Choose a meeting" if must else "In no meeting",
        error_messages={
            "required": must,
            "invalid_choice": "Choose a meeting of the list",
        },
        **options,
    )


def person_choice(label: str) -> PersonChoice:
    return PersonChoice(
        label=f"{label} (optional)",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Nobody is named",
        error_messages={"invalid_choice": "Choose somebody of the list"},
    )


def offer_rows(form: forms.Form, **querysets: Any) -> None:
    """Give fields that choose among rows the rows they may choose from."""
    for name, queryset in querysets.items():
        cast(forms.ModelChoiceField[Any], form.fields[name]).queryset = queryset


# --- Questions --------------------------------------------------------------------------------


class AskForm(forms.Form):
    """`from_outside`: the user records what somebody outside asked, and must name who.

    Of one who also asks personally, that name is optional: none makes the question their own.
    """

    on = forms.ChoiceField(
        label="What is it about?",
        error_messages={
            "required": "Choose what it is about",
            "invalid_choice": "Choose what it is about: an entry of the list",
        },
    )
    asked_by = PlainText(
        label="Who asked?",
        help_text="For example: the DfE adviser, a councillor, an inspector.",
        error_messages={"required": "Say who asked"},
    )
    text = PlainText(
        label="The question",
        help_text="One question. Those who answer for it read it on their page.",
        rows=4,
        required=True,
        error_messages={"required": "Write the question"},
    )
    meeting = meeting_choice("The meeting in which it was asked")
    answer_due_on = DayField(label="Answer due (optional)", help_text=DAY_EXAMPLE)

    def __init__(
        self,
        data: Any = None,
        *,
        subjects: list[Any],
        meetings: Any,
        may_be_outside: bool,
        must_be_outside: bool,
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        cast(forms.ChoiceField, self.fields["on"]).choices = [("", "Choose"), *subjects]
        offer_rows(self, meeting=meetings)
        if not may_be_outside:
            del self.fields["asked_by"]
        elif must_be_outside:
            self.fields["asked_by"].required = True
        else:
            self.fields["asked_by"].label = "Who asked, if somebody outside did? (optional)"


class AnswerQuestionForm(forms.Form):
    text = PlainText(
        label="Your answer",
        help_text="A few plain sentences. The steering group and the asker read it.",
        rows=6,
        required=True,
        error_messages={"required": "Write the answer"},
    )


class CloseQuestionForm(forms.Form):
    meeting = meeting_choice("The meeting in which it was closed", "Choose a meeting")
    text = PlainText(
        label="What settled it? (optional)",
        help_text="Needed where nobody has answered: say why it is closed.",
        rows=3,
    )

    def __init__(
        self, data: Any = None, *, meetings: Any, needs_meeting: bool, **options: Any
    ) -> None:
        super().__init__(data, **options)
        offer_rows(self, meeting=meetings)
        if not needs_meeting:
            field = cast(MeetingChoice, self.fields["meeting"])
            field.required = False
            field.label = f"{field.label} (optional)"
            field.empty_label = "In no meeting"


# --- Meetings and decisions -------------------------------------------------------------------


class DecisionForm(forms.Form):
    meeting = meeting_choice(
        "Meeting",
        "Choose the meeting in which it was decided",
        help_text="Only meetings that were held are in the list.",
    )
    about = forms.ChoiceField(
        label="What is it about?",
        required=False,
        error_messages={"invalid_choice": "Choose an entry of the list"},
    )
    text = PlainText(
        label="What was decided?",
        help_text="One decision. It goes into the history of what it is about.",
        rows=4,
        required=True,
        error_messages={"required": "Say what was decided"},
    )
    minute = PlainText(
        label="Minute reference",
        help_text="For example: item 4.",
        required=True,
        error_messages={"required": "Give the minute reference"},
    )
    owner = person_choice("Owner")
    due_on = DayField(label="Due (optional)", help_text=DAY_EXAMPLE)

    def __init__(
        self, data: Any = None, *, meetings: Any, people: Any, about: list[Any], **options: Any
    ) -> None:
        super().__init__(data, **options)
        offer_rows(self, meeting=meetings, owner=people)
        cast(forms.ChoiceField, self.fields["about"]).choices = [
            ("", "The plan as a whole"),
            *about,
        ]


class DecisionDoneForm(forms.Form):
    done_on = DayField(
        label="When was it done?",
        help_text=DAY_EXAMPLE,
        required=True,
        error_messages={"required": "Give the day on which it was done"},
    )
    text = PlainText(label="What was done? (optional)", rows=3)


# --- Review meetings --------------------------------------------------------------------------


class ReviewForm(forms.Form):
    held_on = DayField(
        label="Day of the meeting",
        help_text=DAY_EXAMPLE,
        required=True,
        error_messages={"required": "Give the day of the meeting"},
    )
    evidence_due_on = DayField(
        label="Evidence due (optional)", help_text="The day by which they want to see evidence."
    )
    advisers = PlainText(
        label="Who comes from outside?",
        help_text="By organisation, for example: DfE, NHS England.",
        required=True,
        error_messages={"required": "Say who comes from outside"},
    )
    feedback = PlainText(label="What they said (optional)", help_text="After the meeting.", rows=6)


class ReviewActionForm(forms.Form):
    text = PlainText(
        label="What was asked for?",
        rows=3,
        required=True,
        error_messages={"required": "Say what was asked for"},
    )
    due_on = DayField(label="Due (optional)", help_text=DAY_EXAMPLE)
    owner = person_choice("Owner")
    answer = PlainText(label="Our answer (optional)", rows=4)
    answered_on = DayField(
        label="Answered on (optional)",
        help_text=this_year("Needed with an answer, for example 31/1/YYYY."),
    )

    def __init__(self, data: Any = None, *, people: Any, **options: Any) -> None:
        super().__init__(data, **options)
        offer_rows(self, owner=people)


# --- Judgements -------------------------------------------------------------------------------


def bodies_of(plan: Any) -> Iterable[Body]:
    return Body.objects.filter(plan=plan, withdrawn_at=None)


def people_of(plan: Any) -> Any:
    return (
        Person.objects.filter(local_area=plan.local_area_id)
        .select_related("organisation")
        .order_by("name", "pk")
    )
