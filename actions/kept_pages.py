"""Whole pages and files, kept for the person who read them for as long as they stay the same.

A page is made from the plan, the day and who reads it, so it is kept under the plan's version
(`actions/records/kept.py`), the day, the user with all that they may do, and the whole address.
One person's page is never shown to another: too much of a page follows who asks for it, such as
what they wrote themselves, for readers to be told apart by their role.

What is kept is sent only after the session, the user and the memberships have been read again. A
page with a message for the reader ("Recorded") is made afresh and not kept.
"""

import re
import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from typing import Any

from cachetools import LRUCache
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone

from actions import memberships

View = Callable[..., HttpResponse]

# In each process; a page of 100 kB takes 8 of them compressed.
MOST_BYTES = 8 * 2**20

# What tells a form that was sent twice from two forms: a page that has one is of one time only.
_ONE_TIME = re.compile(rb'value="[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}"')
# Masked afresh in each page that is sent, so that its length tells nothing.
_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}(")')


@dataclass(frozen=True, slots=True)
class KeptPage:
    headers: tuple[tuple[str, str], ...]
    body: bytes
    has_token: bool


_pages: LRUCache[Hashable, KeptPage] = LRUCache(MOST_BYTES, getsizeof=lambda page: len(page.body))
_lock = Lock()


def nothing_more(access: memberships.PlanAccess) -> Hashable:
    return None


def kept_page(
    also: Callable[[memberships.PlanAccess], Hashable] = nothing_more,
) -> Callable[[View], View]:
    """Keep what a view of a plan answers to GET, while nothing that it is made from changes.

    The view may read what raises the plan's version, the day, the user and the address; what else
    it reads must be told by `also`. It takes the access that was read for it by `get_plan_page`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _may_be_kept(request):
                return view(request, slug, *args, **kwargs)
            granted = memberships.get_plan(request.user, slug)
            request.granted = granted  # type: ignore[attr-defined]
            key = (_reader(granted), also(granted), _address(request))
            with _lock:
                page = _pages.get(key)
            if page is not None:
                return _sent_again(page, request)
            response = view(request, slug, *args, **kwargs)
            if not getattr(request, "is_of_one_time", False):
                _keep(key, response)
            return response

        return answer

    return decorate


def do_not_keep(request: HttpRequest) -> None:
    """For a view that does something each time it is asked, such as a line in a log."""
    request.is_of_one_time = True  # type: ignore[attr-defined]


def _may_be_kept(request: HttpRequest) -> bool:
    """Not within a transaction, whose own rows have raised no version yet."""
    if request.method != "GET" or connection.in_atomic_block:
        return False
    return not len(messages.get_messages(request))


def _reader(granted: memberships.PlanAccess) -> Hashable:
    return (
        granted.version,
        timezone.localdate(),
        granted.user.pk,
        granted.roles,
        granted.sro_areas,
        granted.parts,
        granted.deputises,
        granted.covers,
        tuple(granted.user.hidden_lines),
    )


def _address(request: HttpRequest) -> Hashable:
    return request.scheme, request.get_host(), request.get_full_path()


def _keep(key: Hashable, response: HttpResponse) -> None:
    if response.status_code != 200 or response.streaming or response.cookies:
        return
    if _ONE_TIME.search(response.content):
        return
    body, tokens = _TOKEN.subn(rb"\1\2", response.content)
    page = KeptPage(tuple(response.headers.items()), zlib.compress(body, 1), tokens > 0)
    if len(page.body) <= MOST_BYTES:
        with _lock:
            _pages[key] = page


def _sent_again(page: KeptPage, request: HttpRequest) -> HttpResponse:
    body = zlib.decompress(page.body)
    if page.has_token:
        token = get_token(request).encode()
        body = body.replace(
            b'name="csrfmiddlewaretoken" value=""',
            b'name="csrfmiddlewaretoken" value="' + token + b'"',
        )
    return HttpResponse(body, headers=dict(page.headers))
