"""Hiding the line of a page, for good."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from wsoa.accounts.models import User
from wsoa.pages.first_visit.lines import LINES, hide_line


@require_POST
def hide(request: HttpRequest, name: str) -> HttpResponse:
    """Back to the page on which it was pressed."""
    if name not in LINES:
        raise Http404
    assert isinstance(request.user, User)
    hide_line(user=request.user, name=name)
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return redirect(back if is_ours else "/")
