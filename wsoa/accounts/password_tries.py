"""A password or code that somebody gives on a page: counted, refused in plain words, logged."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from math import ceil

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone

from wsoa.accounts import throttling
from wsoa.accounts.addresses import address_of
from wsoa.accounts.security_log import note


@contextmanager
def counted_try(
    request: HttpRequest, email: str, door: str, *, apart: bool = False
) -> Iterator[None]:
    """Around looking at a password: refused after too many wrong ones, whoever gave them.

    `apart`: counted by the door alone. A right password then forgives no wrong second step.
    """
    address, now = address_of(request), timezone.now()
    counted = f"{email} {door}" if apart else email
    about = {"email": email, "address": address, "door": door}
    try:
        throttling.begin_try(email=counted, address=address, now=now)
    except throttling.TooManyTries as refusal:
        note("password-locked", level=logging.WARNING, **about)
        raise ValidationError(wait_text(refusal.until, now), code="too_many_tries") from None
    try:
        yield
    except ValidationError:
        note("password-wrong", level=logging.WARNING, **about)
        raise
    throttling.password_was_right(email=counted, address=address, now=now)


def wait_text(until: datetime, now: datetime) -> str:
    """`… Try again in 2 minutes, at 14:32.`"""
    wait = max(until - now, timedelta(seconds=1))
    seconds, minutes = ceil(wait.total_seconds()), ceil(wait.total_seconds() / 60)
    often, unit = (seconds, "second") if seconds < 60 else (minutes, "minute")
    # The clock is told in whole minutes: the first at which it is over.
    clock = timezone.localtime(until + timedelta(seconds=59)).strftime("%H:%M")
    return (
        "A wrong password or code has been given too often. "
        f"Try again in {often} {unit}{'' if often == 1 else 's'}, at {clock}."
    )


def is_locked(form: forms.Form) -> bool:
    """Whether the form was refused since a password was tried too often."""
    return any(
        error.code == "too_many_tries"
        for errors in form.errors.as_data().values()
        for error in errors
    )
