"""What cannot be answered, said in plain words: an address, or a form that is no longer good."""

import re
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from actions.pages.plan_page import UnusableAddress

# What machines say to each other in a form: keys and fingerprints.
_NO_WORDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Only our own words go on the page: others may repeat what somebody sent."""
    reason = str(exception) if isinstance(exception, UnusableAddress) else ""
    return render(request, "400.html", {"reason": reason}, status=400)


@never_cache
def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is not that of this browser any more, most often after signing in again.

    Nothing of it was done. What was typed comes back, to be sent to the same address by a press.
    But only if the form was a page of ours for certain: else another site could put its own words
    before somebody and have them sent in their name.
    """
    if not _is_from_here(request):
        return render(request, "actions/foreign_form.html", status=403)
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and not _is_secret(name)
        for value in values
    ]
    return render(
        request,
        "actions/stale_form.html",
        {
            "sent": sent,
            "shown": [(_in_text(name), value) for name, value in sent if _has_text(value)],
            "files": [
                (name, file.name) for name in request.FILES for file in request.FILES.getlist(name)
            ],
            "left_out_a_password": any(_is_secret(name) for name in request.POST),
        },
        status=403,
    )


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this very site sent this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    own = (request.scheme, request.get_host())
    try:
        came_from = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    except ValueError:
        return False
    return request.method == "POST" and (came_from.scheme, came_from.netloc) == own


def _is_secret(name: str) -> bool:
    return "password" in name.lower()


def _has_text(value: str) -> bool:
    return any(map(str.isalpha, value)) and not _NO_WORDS.fullmatch(value)


def _in_text(name: str) -> str:
    """A field's name as near to its label as can be told without its form."""
    text = re.sub(r"[\W_\d]+", " ", name).strip()
    return text[:1].upper() + text[1:] or "Answer"
