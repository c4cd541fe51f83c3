"""My account: what somebody may see and change of their own signing in."""

from __future__ import annotations

from typing import cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wsoa.accounts import mail, sessions
from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import User
from wsoa.accounts.own_account.forms import NameForm
from wsoa.accounts.roles import may_use_code, may_use_password, wants_second_step
from wsoa.accounts.security_log import note


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    step = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    return render(
        request,
        "accounts/account.html",
        {
            "by_code": mail.is_set_up() and may_use_code(person),
            "by_password": may_use_password(person) and person.has_usable_password(),
            "second_step": step,
            "wants_second_step": wants_second_step(person),
        },
    )


@require_http_methods(["GET", "POST"])
def change_name(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    form = NameForm(
        request.POST if request.method == "POST" else None, initial={"name": person.name}
    )
    if form.is_valid():
        person.name = form.cleaned_data["name"]
        person.save(update_fields=["name"])
        note("name-changed", email=person.email, user=person, address=address_of(request))
        messages.success(request, "Your name is changed.")
        return redirect("accounts:account")
    return render(request, "accounts/change_name.html", {"form": form})


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this person, this one too."""
    sessions.end_all(request, cast(User, request.user))
    messages.success(request, "You are signed out everywhere.")
    answer = redirect("accounts:sign_in")
    sessions.clear_browser(answer)
    return answer
