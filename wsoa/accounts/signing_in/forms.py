"""What is typed while signing in without a password, and for a new one."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from wsoa.accounts.forms import PASSWORD_HELP, email_field
from wsoa.accounts.models import UserManager
from wsoa.accounts.password_tries import counted_try
from wsoa.accounts.signing_in.limits import TOO_OFTEN, may_ask


class AddressForm(forms.Form):
    """The one field that everybody begins with."""

    username = email_field(help_text="The address that your invitation came to.")

    def __init__(self, request: HttpRequest, action: str, *args: Any, **kwargs: Any) -> None:
        self.request, self.action = request, action
        super().__init__(*args, **kwargs)

    def clean_username(self) -> str:
        email = UserManager.normalize_email(self.cleaned_data["username"])
        if not may_ask(self.request, self.action, email):
            raise ValidationError(TOO_OFTEN, code="too_many_tries")
        return email


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        error_messages={"required": "Enter the six figures of the code."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-field"}
        ),
    )

    def __init__(
        self, request: HttpRequest, email: str, expected: str, *args: Any, **kwargs: Any
    ) -> None:
        self.request, self.email, self.expected = request, email, expected
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        typed = re.sub(r"[\s.-]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", typed):
            # A slip of the fingers is no guess.
            raise ValidationError("The code has six figures.", code="not_a_code")
        with counted_try(self.request, self.email, "code"):
            # Without an account none was made: nothing is right then.
            if not self.expected or not constant_time_compare(typed, self.expected):
                raise ValidationError("This is not the code in our newest mail.", code="wrong")
        return typed


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    error_messages = {"password_mismatch": "The two new passwords are not the same."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "New password"
        self.fields["new_password1"].help_text = PASSWORD_HELP
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password2"].help_text = ""
        for name in ("new_password1", "new_password2"):
            label = str(self.fields[name].label).lower()
            self.fields[name].error_messages["required"] = f"Enter the {label}."
