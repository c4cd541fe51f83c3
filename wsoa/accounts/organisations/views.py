"""To an organisation's own page and back. Whatever it answers ends on a page of ours."""

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from wsoa.accounts.organisations.known import all_known


@login_not_required
@never_cache
@require_GET
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _answered(openid_connect.login, request, provider_id)


@login_not_required
@never_cache
@require_GET
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _answered(openid_connect.callback, request, provider_id)


def _answered(view: object, request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id not in {one.key for one in all_known()}:
        raise Http404
    assert callable(view)
    try:
        answer: HttpResponse = view(request, provider_id)
        return answer
    # Away, or what it says of itself is not what it should be.
    except (RequestException, KeyError, ValueError) as error:
        provider = get_adapter().get_provider(request, provider_id)
        try:
            get_adapter().on_authentication_error(request, provider, exception=error)
        except ImmediateHttpResponse as refusal:
            refused: HttpResponse = refusal.response
            return refused
        return redirect("accounts:sign_in")
