"""Being asked again who one is, before something that a passer-by must not do.

It is asked before the page is opened, so that nothing typed is lost by it; what was opened may be
sent for as long again.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from wsoa.accounts.sessions import SHOWN_AT

View = Callable[..., HttpResponse]


def is_recent(request: HttpRequest, minutes: int) -> bool:
    shown = int(request.session.get(SHOWN_AT, 0))
    return time.time() - shown <= minutes * 60


def asked_again(view: View) -> View:
    """A view that wants to know afresh who asks, unless they showed it within some minutes."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        opens = request.method in ("GET", "HEAD")
        minutes = settings.ASK_AGAIN_MINUTES * (1 if opens else 2)
        if not minutes or is_recent(request, minutes):
            return view(request, *args, **kwargs)
        if not opens:
            messages.error(request, "Nothing has been done yet: show first that it is you.")
        wanted = request.get_full_path() if opens else _page_before(request)
        return redirect(f"{reverse('accounts:confirm')}?{urlencode({'next': wanted}, safe='/')}")

    return answer


def _page_before(request: HttpRequest) -> str:
    """The page of ours from which a form was sent."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure()):
        return "/"
    return urlsplit(before).path or "/"
