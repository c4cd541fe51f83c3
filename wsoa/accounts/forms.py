from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from wsoa.accounts.models import User
from wsoa.accounts.password_tries import counted_try
from wsoa.accounts.roles import may_use_password
from wsoa.accounts.users import new_password


def email_field(autocomplete: str = "username", help_text: str = "") -> forms.EmailField:
    return forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text=help_text,
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address like name@example.org.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": autocomplete}),
    )


class SignInForm(AuthenticationForm):
    # Called username because Django's form and backend call it so.
    username = email_field()
    password = forms.CharField(
        label="Password",
        strip=False,
        error_messages={"required": "Enter your password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    # One message, whichever of the three it was, so that nobody can find out who has an account.
    error_messages = {
        "invalid_login": "That e-mail address and password do not match an account in use. "
        "Check both; capital letters matter in the password only.",
        "inactive": "",
    }

    def clean(self) -> dict[str, Any]:
        email, password = (self.cleaned_data.get(name) for name in ("username", "password"))
        if not email or not password:
            return self.cleaned_data
        assert self.request is not None
        with counted_try(self.request, email, "sign-in"):
            return super().clean()

    def confirm_login_allowed(self, user: User) -> None:
        """Refused in the same words where no password is wanted of the person's roles."""
        super().confirm_login_allowed(user)
        if not may_use_password(user):
            raise self.get_invalid_login_error()


PASSWORD_HELP = "At least 12 characters. Three or four words of your own do well."


class ChangePasswordForm(PasswordChangeForm):
    error_messages = {
        "password_mismatch": "The two new passwords are not the same.",
        "password_incorrect": "This is not your current password.",
    }

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(user, *args, **kwargs)
        self.fields["old_password"].label = "Current password"
        self.fields["new_password1"].label = "New password"
        self.fields["new_password1"].help_text = PASSWORD_HELP
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password2"].help_text = ""
        # Django begins here; we begin at the heading, or at the list of what is wrong.
        del self.fields["old_password"].widget.attrs["autofocus"]
        for name in ("old_password", "new_password1", "new_password2"):
            label = str(self.fields[name].label).lower()
            self.fields[name].error_messages["required"] = f"Enter the {label}."

    def clean_old_password(self) -> str:
        with counted_try(self.request, self.user.email, "change-password"):
            return str(super().clean_old_password())


class PasswordField(forms.CharField):
    """A password typed for somebody else; left empty, one is made."""

    def __init__(self) -> None:
        super().__init__(
            label="Password",
            required=False,
            strip=False,
            max_length=128,
            help_text="Leave empty to have one made. It is shown to you once.",
            # Shown as typed: it is for handing on, and nothing is hidden from who types it.
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )


class NewUserForm(forms.Form):
    name = forms.CharField(
        label="Name",
        max_length=200,
        error_messages={"required": "Enter the person's name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="The person signs in with it.",
        error_messages={
            "required": "Enter the person's e-mail address.",
            "invalid": "Enter an e-mail address like name@example.org.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    password = PasswordField()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        person = User(email=data.get("email", ""), name=data.get("name", ""))
        return _with_password(self, data, person)


class ResetPasswordForm(forms.Form):
    password = PasswordField()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        return _with_password(self, data, self.user)


def _with_password(form: forms.Form, data: dict[str, Any], user: User) -> dict[str, Any]:
    """The data with the password typed, if it is good enough, or else a new one."""
    if data.get("password"):
        try:
            validate_password(data["password"], user)
        except ValidationError as error:
            form.add_error("password", error)
    elif "password" in data:
        data["password"] = new_password()
    return data
