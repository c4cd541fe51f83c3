"""Forms of update periods: when they are asked for, and who covers for whom."""

from datetime import date
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from actions.forms.date_fields import DayField, this_year
from actions.forms.fields import PlainText
from actions.models import Body, Membership, PeriodTreatment, UpdateCycle
from actions.plan.update_cycle import FirstDay
from actions.rules.cycle import (
    MOST_DAYS_BEFORE_PAPERS,
    MOST_GRACE_DAYS,
    MOST_WEEKS,
    PAPERS_NEED_WORKING_DAYS,
    CycleRule,
    UpdatePeriod,
)
from actions.rules.dates import PlanDate, iso_day
from actions.rules.typed_dates import read_day
from wsoa.accounts.models import User

MONTH_END, BEFORE_PAPERS = "month_end", "before_papers"


class PartField(forms.ModelChoiceField[Any]):
    """A part somebody has on the plan, named with the person."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user}, {obj}"


class DeputyForm(forms.Form):
    part = PartField(
        label="For whom?",
        queryset=Membership.objects.none(),
        empty_label=None,
        error_messages={"required": "Choose for whom", "invalid_choice": "Choose for whom"},
    )
    user = forms.ModelChoiceField(
        label="Who covers?",
        queryset=User.objects.none(),
        empty_label="Choose a person of this plan",
        error_messages={
            "required": "Choose who covers",
            "invalid_choice": "Choose who covers",
        },
    )
    starts_on = DayField(
        label="First day", required=True, error_messages={"required": "Give the first day"}
    )
    ends_on = DayField(
        label="Last day", required=True, error_messages={"required": "Give the last day"}
    )

    def __init__(self, data: Any = None, *, parts: Any, users: Any, **options: Any) -> None:
        super().__init__(data, **options)
        cast(forms.ModelChoiceField[Any], self.fields["part"]).queryset = parts
        cast(forms.ModelChoiceField[Any], self.fields["user"]).queryset = users


def _number() -> forms.TextInput:
    return forms.TextInput(attrs={"size": 4, "inputmode": "numeric", "autocomplete": "off"})


class CycleForm(forms.Form):
    """When updates are asked for, and from which day."""

    kind = forms.ChoiceField(
        label="When do you ask for updates?",
        choices=UpdateCycle.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when you ask for updates"},
    )
    closing = forms.ChoiceField(
        label="Every month: when does the update close?",
        choices=[
            (MONTH_END, "On the last working day of the month"),
            (BEFORE_PAPERS, "Before steering group papers are due"),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    weeks = forms.IntegerField(
        label="Every so many weeks: how many?",
        help_text=f"From 1 to {MOST_WEEKS}, counted from the first day below.",
        required=False,
        widget=_number(),
        error_messages={"invalid": f"Enter a number of weeks from 1 to {MOST_WEEKS}"},
    )
    board = forms.ModelChoiceField(
        label="Before each meeting: of which board or group?",
        queryset=Body.objects.none(),
        required=False,
        empty_label="Choose a board or group",
        error_messages={"invalid_choice": "Choose the board or group"},
    )
    days_before_papers = forms.IntegerField(
        label="Before papers are due: how many working days?",
        required=False,
        widget=_number(),
        error_messages={
            "invalid": f"Enter a number of working days from 0 to {MOST_DAYS_BEFORE_PAPERS}"
        },
    )
    closing_days = PlainText(
        label="On dates that you list: on which days does an update close?",
        help_text=this_year("One on each line, for example 26/3/YYYY."),
        rows=4,
    )
    grace_days = forms.IntegerField(
        label="Working days of grace",
        help_text=f"From 0 to {MOST_GRACE_DAYS}. An update that has not come by then is overdue.",
        required=True,
        widget=_number(),
        error_messages={
            "required": f"Enter a number of working days from 0 to {MOST_GRACE_DAYS}",
            "invalid": f"Enter a number of working days from 0 to {MOST_GRACE_DAYS}",
        },
    )
    starts_on = forms.TypedChoiceField(
        label="From which day?",
        help_text="What was asked for before that day stays as it was.",
        coerce=iso_day,
        error_messages={
            "required": "Choose from which day",
            "invalid_choice": "Choose one of the days",
        },
    )

    def __init__(
        self, data: Any = None, *, bodies: Any, first_days: list[FirstDay], **options: Any
    ) -> None:
        super().__init__(data, **options)
        cast(forms.ModelChoiceField[Any], self.fields["board"]).queryset = bodies
        cast(forms.TypedChoiceField, self.fields["starts_on"]).choices = [
            (one.day.isoformat(), _first_day_text(one)) for one in first_days
        ]

    def clean_closing_days(self) -> list[date]:
        days = []
        for line in self.cleaned_data["closing_days"].splitlines():
            if text := line.strip():
                try:
                    days.append(read_day(text))
                except ValueError:
                    raise ValidationError(
                        this_year(
                            f"“{text}” is not a date. Enter one on each line, for example 26/3/YYYY"
                        )
                    ) from None
        return days

    def answers(self) -> dict[str, Any]:
        """The arguments of the verb."""
        data = self.cleaned_data
        days = data["days_before_papers"]
        return {
            "starts_on": data["starts_on"],
            "kind": data["kind"],
            "weeks": data["weeks"],
            "body": data["board"],
            "closing_days": data["closing_days"],
            "is_before_papers": data["closing"] == BEFORE_PAPERS,
            "days_before_papers": PAPERS_NEED_WORKING_DAYS if days is None else days,
            "grace_days": data["grace_days"],
        }

    def put(self, name: str, problem: str) -> None:
        """Put a refusal of the verb at its question."""
        field = {"body": "board"}.get(name, name)
        self.add_error(field if field in self.fields else None, problem)


def cycle_answers(rule: CycleRule) -> dict[str, Any]:
    """The answers that say how updates are asked for now."""
    return {
        "kind": rule.kind.value,
        "closing": BEFORE_PAPERS if rule.is_before_papers else MONTH_END,
        "weeks": rule.weeks,
        "board": rule.body,
        "days_before_papers": rule.days_before_papers,
        "closing_days": "\n".join(f"{day.day}/{day.month}/{day.year}" for day in rule.closing_days),
        "grace_days": rule.grace_days,
    }


def _first_day_text(first: FirstDay) -> str:
    day = PlanDate.of_day(first.day).words
    return f"{day}: {first.period.name}" if first.period else day


class TreatmentForm(forms.Form):
    """What is made of one period to come."""

    period = forms.TypedChoiceField(
        label="Which period?",
        coerce=iso_day,
        error_messages={
            "required": "Choose an update period",
            "invalid_choice": "Choose an update period that has not begun",
        },
    )
    treatment = forms.ChoiceField(
        label="What about it?",
        choices=PeriodTreatment.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do"},
    )

    def __init__(self, data: Any = None, *, ahead: list[UpdatePeriod], **options: Any) -> None:
        super().__init__(data, **options)
        cast(forms.TypedChoiceField, self.fields["period"]).choices = [
            (period.first_day.isoformat(), period.name) for period in ahead
        ]
