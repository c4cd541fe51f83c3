"""My account: what somebody may see and change of their own signing in."""

from __future__ import annotations

import time
from typing import cast
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wsoa.accounts import mail, sessions
from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import User
from wsoa.accounts.own_account.forms import NameForm
from wsoa.accounts.password_tries import is_locked
from wsoa.accounts.roles import may_use_code, may_use_password, wants_second_step
from wsoa.accounts.second_step.forms import PasswordAgainForm, SecondStepForm
from wsoa.accounts.second_step.stages import has_second_step
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


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Who asks shows it again: by the password, or a code from the app; else by signing in."""
    person = cast(User, request.user)
    data = request.POST if request.method == "POST" else None
    wanted = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        wanted = "/"
    form: forms.Form | None = None
    if has_second_step(person):
        form = SecondStepForm(request, person, data)
    elif person.has_usable_password() and may_use_password(person):
        form = PasswordAgainForm(request, person, data)
    elif data is not None:
        sessions.end(request)
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': wanted}, safe='/')}")
    if form is not None and form.is_valid():
        request.session[sessions.SHOWN_AT] = int(time.time())
        note("shown-again", email=person.email, user=person, address=address_of(request))
        return redirect(wanted)
    status = 429 if form is not None and is_locked(form) else 200
    return render(request, "accounts/confirm.html", {"form": form}, status=status)


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this person, this one too."""
    sessions.end_all(request, cast(User, request.user))
    messages.success(request, "You are signed out everywhere.")
    answer = redirect("accounts:sign_in")
    sessions.clear_browser(answer)
    return answer
