"""A session begins and ends here, and is told to whoever watches over the site."""

import secrets

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import User
from wsoa.accounts.security_log import note


def begin(
    request: HttpRequest, user: User, method: str = "password", onward: str = ""
) -> HttpResponse:
    """Sign somebody in who has shown who they are, on a page that is about something else.

    What is answered leads onward, or to the second step where one is wanted first.
    """
    record_authentication(request, user, method=method, email=user.email)
    login = Login(user=user, email=user.email, redirect_url=onward or None)
    answer: HttpResponse = perform_login(request, login)
    return answer


def end_all(request: HttpRequest, user: User) -> None:
    """End every session of somebody, wherever it was begun."""
    user.sessions_key = secrets.token_hex(16)
    user.save(update_fields=["sessions_key"])
    note("signed-out-everywhere", email=user.email, user=user, address=address_of(request))
    logout(request)


def end(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        note("signed-out", user=request.user, address=address_of(request))
    logout(request)
