"""What is refused before any page sees it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from actions.desk import UnusableAddress


def no_nul_in_address(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No text of ours holds a NUL, and no query can ask the database for one."""

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise UnusableAddress("There is a character in the address that no page here has.")
        return get_response(request)

    return answer
