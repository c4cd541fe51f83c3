"""A code from the app, or one of those kept for when the phone is lost."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from wsoa.accounts.models import User
from wsoa.accounts.password_tries import counted_try

WRONG = (
    "This code is not right, or was used already. Wait for the next one; the phone must set its "
    "clock by itself."
)


def code_field(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        help_text=help_text,
        error_messages={"required": "Enter the code."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code-field"}
        ),
    )


class SecondStepForm(forms.Form):
    code = code_field("Code from the app", "Or one of your recovery codes.")

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        self.request, self.user = request, user
        self.used: Authenticator | None = None
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        with counted_try(self.request, self.user.email, "second-step", apart=True):
            kinds = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
            for kept in Authenticator.objects.filter(user=self.user, type__in=kinds):
                if kept.wrap().validate_code(typed):
                    self.used = kept
                    return typed
            raise ValidationError(WRONG, code="wrong")


class SetUpForm(forms.Form):
    """The first code shows that the app has the key."""

    code = code_field("Code that the app shows now")

    def __init__(
        self,
        request: HttpRequest,
        user: User,
        secret: str,
        *args: Any,
        asks_password: bool = False,
        **kwargs: Any,
    ) -> None:
        self.request, self.user, self.secret = request, user, secret
        super().__init__(*args, **kwargs)
        if asks_password:
            self.fields["password"] = password_field()

    def clean_password(self) -> str:
        return checked_password(self.request, self.user, self.cleaned_data["password"])

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"]
        if not validate_totp_code(self.secret, typed):
            raise ValidationError(WRONG, code="wrong")
        return typed


class PasswordAgainForm(forms.Form):
    """Before something that a passer-by at an open screen must not do."""

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        self.request, self.user = request, user
        super().__init__(*args, **kwargs)
        if user.has_usable_password():
            self.fields["password"] = password_field()

    def clean_password(self) -> str:
        return checked_password(self.request, self.user, self.cleaned_data["password"])


def password_field() -> forms.CharField:
    return forms.CharField(
        label="Current password",
        strip=False,
        error_messages={"required": "Enter your current password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def checked_password(request: HttpRequest, user: User, typed: str) -> str:
    with counted_try(request, user.email, "account"):
        if not user.check_password(typed):
            raise ValidationError("This is not your current password.", code="wrong")
    return typed
