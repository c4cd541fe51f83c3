"""A session begins and ends here, and is told to whoever watches over the site.

It ends after twelve hours whatever is done, and sooner where nothing is.
"""

import secrets
import time
from collections.abc import Callable

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import User
from wsoa.accounts.security_log import note

Answer = Callable[[HttpRequest], HttpResponseBase]

SEEN_AT = "seen_at"
# When the person last showed who they are.
SHOWN_AT = "shown_at"
NOTED_EACH = 60


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


def begin_to_count(sender: object, request: HttpRequest, **_: object) -> None:
    """With each sign-in, however it is done: the session is written then anyway."""
    request.session[SEEN_AT] = request.session[SHOWN_AT] = int(time.time())


user_logged_in.connect(begin_to_count, dispatch_uid="wsoa.accounts.sessions")


def idle_limit(get_response: Answer) -> Answer:
    """End a session in which nothing was asked for too long. Noted once a minute, not each time."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        longest = settings.IDLE_MINUTES * 60
        if longest and SEEN_AT in request.session and isinstance(request.user, User):
            now, seen = int(time.time()), request.session[SEEN_AT]
            if now - seen > longest:
                note("signed-out-idle", user=request.user, address=address_of(request))
                logout(request)
            elif now - seen >= NOTED_EACH:
                request.session[SEEN_AT] = now
        return get_response(request)

    return answer


def clear_browser(response: HttpResponseBase) -> None:
    """Computers are shared: nothing that a browser kept of the site is left to who comes next."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


def end(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        note("signed-out", user=request.user, address=address_of(request))
    logout(request)
