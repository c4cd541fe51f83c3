"""What no view has to think of: headers of every answer, and what is refused before any page."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from actions.io.own_process import NotDone
from actions.wording import words_of

# What a page could ask of a device, and no page here does.
_UNUSED = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "web-share",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in _UNUSED)
# Computers are shared: what somebody read must not be there for whoever comes next.
NOT_KEPT = "private, no-store"

COMPRESSED = frozenset({"text/html", "text/csv", "text/plain", "application/json"})

Answer = Callable[[HttpRequest], HttpResponseBase]


def headers(get_response: Answer) -> Answer:
    """Deny pages what they do not use, and keep answers out of browsers' stores.

    What says itself how long it may be kept, as static files do, is left as it is.
    """

    def with_headers(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cache-Control", NOT_KEPT)
        return response

    return with_headers


class CompressPages(GZipMiddleware):
    """Send pages and other texts compressed, to a seventh, wherever the server in front does not.

    Files that people download are compressed of themselves, and static files beforehand. A page
    that shows what somebody typed beside a secret could tell the secret by its length: tokens are
    masked afresh in every page, and Django adds bytes at random.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if not isinstance(response, HttpResponse) or kind not in COMPRESSED:
            return response
        return super().process_response(request, response)


def words_of_no_plan(get_response: Answer) -> Answer:
    """Each request begins without a plan at hand, whose words its texts would have."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        with words_of(None):
            return get_response(request)

    return answer


class DocumentsNotMade:
    """Says in plain words why a document was not made; forms say it at their field themselves."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, NotDone):
            return None
        answer = render(request, "503.html", {"reason": str(error)}, status=503)
        answer.headers["Retry-After"] = "60"
        return answer


def no_nul_in_path(get_response: Answer) -> Answer:
    """Nothing here has a NUL in its name, and the database cannot even be asked for it.

    What stands behind the question mark is read by forms, which answer for it.
    """

    def answer(request: HttpRequest) -> HttpResponseBase:
        if "\x00" in request.path_info:
            raise Http404
        return get_response(request)

    return answer
