"""The second step at sign-in, and setting it up: at the first sign-in, or from My account."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import stash_login
from allauth.account.stages import LoginStageController
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.totp.internal.auth import TOTP, clear_totp_secret, get_totp_secret
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wsoa.accounts import mail
from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import User
from wsoa.accounts.password_tries import is_locked
from wsoa.accounts.roles import wants_second_step
from wsoa.accounts.second_step.forms import PasswordAgainForm, SecondStepForm, SetUpForm
from wsoa.accounts.second_step.qr import qr_path
from wsoa.accounts.second_step.stages import SetUpStage, has_second_step
from wsoa.accounts.security_log import note
from wsoa.accounts.signing_in import messages as written


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def enter_second_code(request: HttpRequest) -> HttpResponse:
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None:
        return redirect("accounts:sign_in")
    person = cast(User, stage.login.user)
    form = SecondStepForm(request, person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        assert form.used is not None
        form.used.user = person
        post_authentication(request, form.used)
        if form.used.type == Authenticator.Type.RECOVERY_CODES:
            _tell(request, person, "recovery-code-used", "One of your recovery codes was used")
        return cast(HttpResponse, stage.exit())
    status = 429 if is_locked(form) else 200
    return render(request, "accounts/second_step.html", {"form": form}, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def set_up_at_sign_in(request: HttpRequest) -> HttpResponse:
    """For whose role wants it: signed in only once it is done, and the codes are kept."""
    stage = LoginStageController.enter(request, SetUpStage.key)
    if stage is None:
        return redirect("accounts:sign_in")
    person = cast(User, stage.login.user)
    if "keeps" in stage.state:
        if request.method == "POST":
            return cast(HttpResponse, stage.exit())
        return _codes(request, person, at_sign_in=True)
    form = SetUpForm(
        request, person, get_totp_secret(), request.POST if request.method == "POST" else None
    )
    if form.is_valid():
        _activate(request, person, form.secret)
        record_authentication(request, person, "mfa", type="totp")
        stage.state["keeps"] = True
        stash_login(request, stage.login)
        return redirect("accounts:set_up_at_sign_in")
    return _set_up_page(request, person, form, at_sign_in=True)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    if has_second_step(person):
        return redirect("accounts:account")
    form = SetUpForm(
        request,
        person,
        get_totp_secret(),
        request.POST if request.method == "POST" else None,
        asks_password=person.has_usable_password(),
    )
    if form.is_valid():
        _activate(request, person, form.secret)
        return _codes(request, person)
    return _set_up_page(request, person, form)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def new_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes in place of those left."""
    person = cast(User, request.user)
    if not has_second_step(person):
        return redirect("accounts:account")
    form = PasswordAgainForm(request, person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        with transaction.atomic():
            User.objects.select_for_update().get(pk=person.pk)
            _codes_of(person).delete()
            RecoveryCodes.activate(person)
        _tell(request, person, "recovery-codes-made", "You have new recovery codes")
        return _codes(request, person)
    status = 429 if is_locked(form) else 200
    return render(request, "accounts/new_codes.html", {"form": form}, status=status)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    person = cast(User, request.user)
    if not has_second_step(person):
        return redirect("accounts:account")
    form = PasswordAgainForm(request, person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        Authenticator.objects.filter(user=person).delete()
        _tell(request, person, "second-step-removed", "Your second step was removed")
        if wants_second_step(person):
            messages.success(request, "It is removed. You set up another when you next sign in.")
        else:
            messages.success(request, "Your second step is removed.")
        return redirect("accounts:account")
    status = 429 if is_locked(form) else 200
    return render(request, "accounts/remove_second_step.html", {"form": form}, status=status)


@transaction.atomic
def _activate(request: HttpRequest, person: User, secret: str) -> None:
    # Of two presses the second finds what the first has made.
    User.objects.select_for_update().get(pk=person.pk)
    if not has_second_step(person):
        TOTP.activate(person, secret)
        RecoveryCodes.activate(person)
        _tell(request, person, "second-step-set-up", "A second step was set up")
    clear_totp_secret(request)


def _set_up_page(
    request: HttpRequest, person: User, form: SetUpForm, *, at_sign_in: bool = False
) -> HttpResponse:
    address = get_adapter().build_totp_url(person, form.secret)
    parts = [form.secret[at : at + 4] for at in range(0, len(form.secret), 4)]
    context: dict[str, Any] = {
        "form": form,
        "qr": qr_path(address),
        "secret": " ".join(parts),
        "at_sign_in": at_sign_in,
    }
    status = 429 if is_locked(form) else 200
    return render(request, "accounts/set_up_second_step.html", context, status=status)


def _codes(request: HttpRequest, person: User, *, at_sign_in: bool = False) -> HttpResponse:
    codes = [f"{code[:4]} {code[4:]}" for code in _codes_of(person).get().wrap().get_unused_codes()]
    context = {"codes": codes, "at_sign_in": at_sign_in}
    return render(request, "accounts/recovery_codes.html", context)


def _codes_of(person: User) -> Any:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.RECOVERY_CODES)


def _tell(request: HttpRequest, person: User, event: str, subject: str) -> None:
    note(event, email=person.email, user=person, address=address_of(request))
    if mail.is_set_up():
        mail.send_soon(*written.account_changed(subject), person.email)
