"""The form with which a superuser names the first programme officer."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from actions.models import (
    Plan,
)
from wsoa.accounts.models import User


class FirstOfficerForm(forms.Form):
    plan = forms.ModelChoiceField(
        label="Plan",
        queryset=Plan.objects.none(),
        empty_label="Choose a plan",
        error_messages={
            "required": "Choose a plan",
            "invalid_choice": "Choose a plan that has no programme officer",
        },
    )
    user = forms.ModelChoiceField(
        label="Programme officer",
        help_text="A user with an account here.",
        queryset=User.objects.filter(is_active=True, is_superuser=False).order_by("name"),
        empty_label="Choose a user",
        error_messages={"required": "Choose a user", "invalid_choice": "Choose a user"},
    )

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["plan"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = plans
