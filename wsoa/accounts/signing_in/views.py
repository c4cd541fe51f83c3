"""Signing in: the address first, then a code by mail or a password; and a new password by mail."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import get_pending_stage, stash_login
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import (
    url_has_allowed_host_and_scheme,
    urlsafe_base64_decode,
    urlsafe_base64_encode,
)
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wsoa.accounts import mail
from wsoa.accounts.addresses import address_of
from wsoa.accounts.forms import SignInForm
from wsoa.accounts.models import User
from wsoa.accounts.organisations.known import Organisation, all_known, organisation_of
from wsoa.accounts.password_tries import is_locked
from wsoa.accounts.roles import may_use_code, may_use_password
from wsoa.accounts.second_step.stages import SetUpStage
from wsoa.accounts.security_log import note
from wsoa.accounts.signing_in import messages as written
from wsoa.accounts.signing_in.adapter import home_of
from wsoa.accounts.signing_in.forms import AddressForm, CodeForm, NewPasswordForm

# Seconds, of which the work for a known address takes some hundredths.
ANSWERED_AFTER = 0.2


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The address alone; the password beside it where there is no other way."""
    if not mail.is_set_up() and not all_known():
        return sign_in_with_password(request)
    if isinstance(request.user, User):
        return redirect(_wanted(request) or home_of(request.user))
    if on := _second_step(request):
        return on
    form = AddressForm(
        request, "request_login_code", request.POST if request.method == "POST" else None
    )
    if form.is_valid():
        email = form.cleaned_data["username"]
        organisation = organisation_of(email)
        if organisation and (organisation.is_only_way or "by" not in request.POST):
            return _with_organisation(request, organisation, email)
        if not mail.is_set_up():
            return redirect(_onward("accounts:sign_in_with_password", request))
        _send_code(request, email)
        return redirect(_onward("accounts:enter_code", request))
    context = {"form": form, "password_url": _onward("accounts:sign_in_with_password", request)}
    return _answer(request, "accounts/sign_in_address.html", form, context)


def _with_organisation(
    request: HttpRequest, organisation: Organisation, email: str
) -> HttpResponse:
    """The way to an organisation's own page: a link, for a form may lead to no other site."""
    address = reverse("openid_connect_login", args=(organisation.key,))
    wanted = _wanted(request)
    context = {
        "organisation": organisation,
        "onward_url": address + (f"?{urlencode({'next': wanted}, safe='/')}" if wanted else ""),
        "address_url": _onward("accounts:sign_in", request),
        "password_url": _onward("accounts:sign_in_with_password", request),
        "email": email,
    }
    return render(request, "accounts/sign_in_organisation.html", context)


@contextmanager
def _even_time() -> Iterator[None]:
    """Take as long for a known address as for an unknown one, which asks less of the database."""
    end = time.monotonic() + ANSWERED_AFTER
    yield
    time.sleep(max(0.0, end - time.monotonic()))


@_even_time()
def _send_code(request: HttpRequest, email: str) -> None:
    """Begin to sign in by code. For an unknown address all goes the same way, without a mail."""
    person = User.objects.filter(email=email, is_active=True).first()
    if person is not None and not may_use_code(person):
        url = request.build_absolute_uri(reverse("accounts:sign_in_with_password"))
        mail.send_soon(*written.no_code(url), email)
        person = None
    elif person is not None:
        note("code-sent", email=email, user=person, address=address_of(request))
    LoginCodeVerificationProcess.initiate(request=request, user=person, email=email)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        return redirect(_wanted(request) or home_of(request.user))
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    process = LoginCodeVerificationProcess.resume(stage) if stage else None
    if process is None:
        messages.error(request, "No code is open in this browser any more. Ask for another.")
        return redirect(_onward("accounts:sign_in", request))
    email = process.state["email"]
    form = CodeForm(
        request, email, process.code, request.POST if request.method == "POST" else None
    )
    if form.is_valid():
        answer: HttpResponse = process.finish(_wanted(request) or None)
        return answer
    if form.has_error("code", "wrong") and not process.record_invalid_attempt():
        messages.error(
            request, "The code was wrong three times and works no more. Ask for another."
        )
        return redirect(_onward("accounts:sign_in", request))
    context = {
        "form": form,
        "email": email,
        "address_url": _onward("accounts:sign_in", request),
        "password_url": _onward("accounts:sign_in_with_password", request),
    }
    return _answer(request, "accounts/enter_code.html", form, context)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def sign_in_with_password(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        return redirect(_wanted(request) or home_of(request.user))
    if on := _second_step(request):
        return on
    form = SignInForm(request, data=request.POST if request.method == "POST" else None)
    if form.is_valid():
        person = form.get_user()
        login = Login(
            user=person, redirect_url=_wanted(request) or home_of(person), email=person.email
        )
        answer: HttpResponse = perform_password_login(request, {"email": person.email}, login)
        return answer
    by_mail = mail.is_set_up()
    context = {
        "form": form,
        "address_url": _onward("accounts:sign_in", request) if by_mail or all_known() else None,
        "forgotten_url": reverse("accounts:forgotten_password") if by_mail else None,
    }
    return _answer(request, "accounts/sign_in.html", form, context)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Mail a link to a new password, if there is such an account; say the same if there is none."""
    if not mail.is_set_up():
        return redirect("accounts:sign_in")
    form = AddressForm(
        request, "reset_password", request.POST if request.method == "POST" else None
    )
    form.fields["username"].help_text = ""
    if form.is_valid():
        email = form.cleaned_data["username"]
        _send_link(request, email)
        return render(request, "accounts/link_sent.html", {"email": email})
    return _answer(request, "accounts/forgotten_password.html", form, {"form": form})


@_even_time()
def _send_link(request: HttpRequest, email: str) -> None:
    person = User.objects.filter(email=email, is_active=True).first()
    note("new-password-asked", email=email, user=person, address=address_of(request))
    if person is None:
        return
    if not may_use_password(person):
        url = request.build_absolute_uri(reverse("accounts:sign_in"))
        mail.send_soon(*written.no_password(url), email)
        return
    key = urlsafe_base64_encode(str(person.pk).encode())
    token = default_token_generator.make_token(person)
    url = request.build_absolute_uri(reverse("accounts:new_password", args=(key, token)))
    mail.send_soon(*written.new_password(url), email)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_password(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """Where the mailed link leads. Opening it does nothing."""
    person = _of_link(key, token)
    if person is None:
        return render(request, "accounts/link_expired.html", status=410)
    form = NewPasswordForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        note("password-reset-by-mail", email=person.email, user=person, address=address_of(request))
        mail.send_soon(*written.password_changed(by_mail=True), person.email)
        messages.success(request, "Your new password is set. Sign in with it.")
        return redirect("accounts:sign_in_with_password")
    return render(request, "accounts/new_password.html", {"form": form, "person": person})


def _of_link(key: str, token: str) -> User | None:
    try:
        pk = int(urlsafe_base64_decode(key))
        person = User.objects.filter(pk=pk, is_active=True).first()
    # OverflowError: a number that no key can be.
    except (ValueError, OverflowError):
        return None
    if person is None or not may_use_password(person):
        return None
    return person if default_token_generator.check_token(person, token) else None


def _answer(
    request: HttpRequest, template: str, form: forms.Form, context: Mapping[str, object]
) -> HttpResponse:
    return render(request, template, context, status=429 if is_locked(form) else 200)


def _second_step(request: HttpRequest) -> HttpResponse | None:
    """Onward, for whom a second step alone is missing and who was going somewhere.

    As after signing in again while writing. Without `next` signing in begins anew.
    """
    wanted = _wanted(request)
    stage = get_pending_stage(request) if wanted and request.method == "GET" else None
    if stage is None or stage.key not in (AuthenticateStage.key, SetUpStage.key):
        return None
    stage.login.redirect_url = wanted
    stash_login(request, stage.login)
    return redirect(stage.urlname)


def _wanted(request: HttpRequest) -> str:
    """Where the person was going, if that is a page of this site; else empty."""
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    return wanted if is_ours else ""


def _onward(name: str, request: HttpRequest) -> str:
    """An address of signing in that keeps where the person was going."""
    wanted = _wanted(request)
    return reverse(name) + (f"?{urlencode({'next': wanted}, safe='/')}" if wanted else "")
