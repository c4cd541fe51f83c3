"""Every change to who may sign in."""

from __future__ import annotations

import secrets

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from wsoa.accounts import mail
from wsoa.accounts.models import User
from wsoa.accounts.roles import watchers_of
from wsoa.accounts.security_log import note
from wsoa.accounts.signing_in import messages as written

# No vowels, so no words; no letters that look like digits or like one another.
PASSWORD_LETTERS = "bcdfghjkmnpqrstvwxz"


class CannotDeactivateOneself(Exception):
    """Else the last person who manages users could lock everybody out."""


class AddressTaken(Exception):
    """Somebody else signs in with this e-mail address."""


def new_password() -> str:
    """Five groups of four letters: some 85 bits, and readable over the telephone."""
    groups = ["".join(secrets.choice(PASSWORD_LETTERS) for _ in range(4)) for _ in range(5)]
    return "-".join(groups)


def create_user(*, name: str, email: str, password: str | None, by: User | None = None) -> User:
    # Left to the database, because of two that ask at the same moment only it sees both.
    try:
        with transaction.atomic():
            user = User.objects.create_user(email=email, name=name, password=password)
    except IntegrityError as error:
        raise AddressTaken from error
    note("user-added", email=user.email, user=user, by=by)
    return user


def deactivate(*, user: User, by: User) -> None:
    """Stop the user from signing in; where signed in, the next page asks to sign in again."""
    if user == by:
        raise CannotDeactivateOneself
    user.is_active = False
    user.save(update_fields=["is_active"])
    note("user-deactivated", email=user.email, user=user, by=by)
    _tell_watchers(user, by, "switched off")


def reactivate(*, user: User, by: User) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    note("user-reactivated", email=user.email, user=user, by=by)
    _tell_watchers(user, by, "switched on again")


def remove_second_step(*, user: User, by: User) -> None:
    Authenticator.objects.filter(user=user).delete()
    note("second-step-removed", email=user.email, user=user, by=by)
    _tell_watchers(user, by, "removed the second step of")


def reset_password(*, user: User, password: str, by: User) -> None:
    """Set a new password, which also ends every session begun with the old one."""
    user.set_password(password)
    user.save(update_fields=["password"])
    note("password-reset", email=user.email, user=user, by=by)
    _tell_watchers(user, by, "set a new password of")


def _tell_watchers(user: User, by: User, what: str) -> None:
    """Whoever manages users could else come in as somebody, and nobody of the plan would know."""
    told = [email for email in watchers_of(user) if email != by.email] if mail.is_set_up() else []
    if not told:
        return
    subject, text = written.done_to_account(user.name, by.name, what)

    def send() -> None:
        for email in told:
            mail.send_plain(subject, text, email)

    mail.beside(send)
