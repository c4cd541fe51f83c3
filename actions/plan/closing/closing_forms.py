"""The form that closes a plan: the day, who decided it, and two fields for each open commitment."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from actions.forms.date_fields import DAY_EXAMPLE, DayField
from actions.forms.fields import PlainText
from actions.pages.formatting import short_day
from actions.plan.closing.closing import Becomes
from actions.plan.editing_forms import PastDayForm, words
from actions.rules.status import AtClosing

CHOICES = [(outcome.value, outcome.label) for outcome in AtClosing]
LONGEST_REASON = 1_000


class ClosingDayForm(PastDayForm):
    """On which day, which says what is open."""

    closed_by = words("Decided by", "Say who decided it")
    closed_on = DayField(
        label="Closing day",
        help_text=DAY_EXAMPLE,
        required=True,
        error_messages={"required": "Give the day it was closed"},
    )

    def __init__(
        self, data: Any = None, *, today: date, agreed_on: date | None, **options: Any
    ) -> None:
        super().__init__(data, today=today, **options)
        self.agreed_on = agreed_on

    def clean_closed_on(self) -> date:
        day = self.has_come("closed_on")
        if self.agreed_on and day < self.agreed_on:
            agreed = short_day(self.agreed_on)
            raise ValidationError(f"That is before the plan was agreed, {agreed}")
        return day


@dataclass(frozen=True, slots=True)
class Asked:
    """A commitment that is open: its key, and what it is called."""

    pk: int
    called: str


class CloseForm(ClosingDayForm):
    """The same with what becomes of each of `asked`. Nothing is preset: each is a judgement."""

    def __init__(self, data: Any = None, *, asked: Iterable[Asked], **options: Any) -> None:
        super().__init__(data, **options)
        self.asked = list(asked)
        for one in self.asked:
            self.fields[becomes_field(one.pk)] = forms.ChoiceField(
                label=f"What becomes of {one.called}?",
                choices=CHOICES,
                widget=forms.RadioSelect,
                error_messages={
                    "required": f"{one.called}: say what becomes of it",
                    "invalid_choice": f"{one.called}: choose one of the three",
                },
            )
            self.fields[reason_field(one.pk)] = PlainText(
                label=f"{one.called}: where to, or the reason", max_length=LONGEST_REASON
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for one in self.asked:
            is_given = data.get(reason_field(one.pk)) or reason_field(one.pk) in self.errors
            if data.get(becomes_field(one.pk)) == AtClosing.NOT_NEEDED and not is_given:
                self.add_error(
                    reason_field(one.pk), f"{one.called}: say why it is no longer needed"
                )
        return data

    def becomes(self) -> dict[int, Becomes]:
        """By the key of each commitment, once the form is valid."""
        data = self.cleaned_data
        return {
            one.pk: Becomes(
                AtClosing(data[becomes_field(one.pk)]), data[reason_field(one.pk)].strip()
            )
            for one in self.asked
        }

    def answers(self) -> Iterator[tuple[str, str]]:
        """Each field by its name with what was typed, for a draft and for the page that checks."""
        for name in self.fields:
            yield name, str(self[name].value() or "").replace("\x00", "")

    def said(self, pk: int) -> AtClosing | None:
        """What is chosen for a commitment so far; None for nothing that there is."""
        value = self[becomes_field(pk)].value()
        return AtClosing(value) if value in set(AtClosing) else None

    def reason(self, pk: int) -> str:
        return str(self[reason_field(pk)].value() or "").strip()


class FillForm(forms.Form):
    """One answer for all that are not answered yet, in an area or in the whole plan."""

    fill_area = forms.ChoiceField(label="In", required=False)
    fill_with = forms.ChoiceField(
        label="What is not said yet becomes", choices=[("", "Choose"), *CHOICES]
    )
    fill_reason = PlainText(label="Where to, or the reason", max_length=LONGEST_REASON)

    def __init__(self, data: Any = None, *, areas: Iterable[tuple[str, str]], **options: Any):
        super().__init__(data, **options)
        field = self.fields["fill_area"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "the whole plan"), *areas]


def becomes_field(pk: int) -> str:
    return f"becomes_{pk}"


def reason_field(pk: int) -> str:
    return f"reason_{pk}"
