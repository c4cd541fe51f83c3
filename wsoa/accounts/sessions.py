"""A session begins and ends here, and is told to whoever watches over the site."""

from django.contrib.auth import login, logout
from django.http import HttpRequest

from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import User
from wsoa.accounts.security_log import note


def begin(request: HttpRequest, user: User) -> None:
    login(request, user)
    note("signed-in", email=user.email, user=user, address=address_of(request))


def end(request: HttpRequest) -> None:
    if request.user.is_authenticated:
        note("signed-out", user=request.user, address=address_of(request))
    logout(request)
