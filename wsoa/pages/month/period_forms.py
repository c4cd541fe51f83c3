"""Forms of update periods: when they close, and who covers for whom."""

from typing import Any, cast

from django import forms

from actions.forms.date_fields import DayField
from actions.models import (
    Membership,
    Plan,
)
from wsoa.accounts.models import User


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


class ClosingForm(forms.ModelForm[Plan]):
    class Meta:
        model = Plan
        fields = ["updates_close"]
        labels = {"updates_close": "When does a monthly update close?"}
        widgets = {"updates_close": forms.RadioSelect}
