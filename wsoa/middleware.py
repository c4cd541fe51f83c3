"""What is refused before any page sees it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


def no_nul_in_path(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing here has a NUL in its name, and the database cannot even be asked for it.

    What stands behind the question mark is read by forms, which answer for it.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return get_response(request)

    return answer
