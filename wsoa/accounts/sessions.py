"""A session begins and ends here, and is told to whoever watches over the site."""

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest

from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import User
from wsoa.accounts.security_log import note


def begin(request: HttpRequest, user: User) -> None:
    """Sign somebody in whose password was right, on a page that is about something else."""
    perform_password_login(request, {"email": user.email}, Login(user=user, email=user.email))


def end(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        note("signed-out", user=request.user, address=address_of(request))
    logout(request)
