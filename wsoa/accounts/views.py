"""Signing out, one's own password, and the pages that manage users."""

from __future__ import annotations

from typing import cast

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wsoa.accounts import access, mail, sessions, users
from wsoa.accounts.addresses import address_of
from wsoa.accounts.forms import (
    ChangePasswordForm,
    NewUserForm,
    ResetPasswordForm,
)
from wsoa.accounts.models import User
from wsoa.accounts.own_account.again import asked_again
from wsoa.accounts.password_tries import is_locked
from wsoa.accounts.security_log import note
from wsoa.accounts.signing_in import messages as written


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.end(request)
    answer = redirect("accounts:sign_in")
    sessions.clear_browser(answer)
    return answer


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    user = _signed_in(request)
    form = ChangePasswordForm(request, user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        note("password-changed", email=user.email, user=user, address=address_of(request))
        if mail.is_set_up():
            mail.send_soon(*written.password_changed(by_mail=False), user.email)
        # Every other session of this person ends; this one goes on.
        update_session_auth_hash(request, user)
        messages.success(request, "Your password has been changed.")
        return redirect("accounts:change_password")
    status = 429 if is_locked(form) else 200
    return render(request, "accounts/change_password.html", {"form": form}, status=status)


@require_GET
def user_list(request: HttpRequest) -> HttpResponse:
    access.require_user_manager(request.user)
    return render(request, "accounts/user_list.html", {"people": User.objects.all()})


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@asked_again
def create_user(request: HttpRequest) -> HttpResponse:
    access.require_user_manager(request.user)
    form = NewUserForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            person = users.create_user(**form.cleaned_data, by=_signed_in(request))
        except users.AddressTaken:
            form.add_error("email", "Somebody already signs in with this e-mail address.")
        else:
            return _show_once(request, person, form.cleaned_data["password"])
    return render(request, "accounts/create_user.html", {"form": form})


@require_GET
@asked_again
def user(request: HttpRequest, pk: int) -> HttpResponse:
    access.require_user_manager(request.user)
    return render(
        request,
        "accounts/user.html",
        {
            "person": access.get_user(pk),
            "has_second_step": Authenticator.objects.filter(user=pk).exists(),
        },
    )


@require_POST
@asked_again
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    access.require_user_manager(request.user)
    person = access.get_user(pk)
    try:
        users.deactivate(user=person, by=_signed_in(request))
    except users.CannotDeactivateOneself:
        messages.error(request, "You cannot stop yourself from signing in.")
    else:
        messages.success(request, f"{person.name} can no longer sign in.")
    return redirect("accounts:user", pk)


@require_POST
@asked_again
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    access.require_user_manager(request.user)
    person = access.get_user(pk)
    users.reactivate(user=person, by=_signed_in(request))
    messages.success(request, f"{person.name} can sign in again.")
    return redirect("accounts:user", pk)


@require_POST
@asked_again
def remove_second_step(request: HttpRequest, pk: int) -> HttpResponse:
    """For a lost phone: the person sets up another, or signs in without."""
    access.require_user_manager(request.user)
    person = access.get_user(pk)
    users.remove_second_step(user=person, by=_signed_in(request))
    if mail.is_set_up():
        mail.send_soon(*written.second_step_removed(_signed_in(request).name), person.email)
    messages.success(request, f"{person.name} signs in without a second step until one is set up.")
    return redirect("accounts:user", pk)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@asked_again
def reset_password(request: HttpRequest, pk: int) -> HttpResponse:
    access.require_user_manager(request.user)
    person = access.get_user(pk)
    form = ResetPasswordForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        password = form.cleaned_data["password"]
        users.reset_password(user=person, password=password, by=_signed_in(request))
        return _show_once(request, person, password)
    return render(request, "accounts/reset_password.html", {"form": form, "person": person})


@login_not_required
@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@login_not_required
@require_GET
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the icon of an answer that is no page of ours."""
    return redirect(static("wsoa/mark.svg"))


def unknown_address(request: HttpRequest) -> HttpResponse:
    """Answers what no other address does, so that only people who signed in learn what exists."""
    raise Http404


def _show_once(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """Not a redirect: that would need the password kept somewhere meanwhile."""
    return render(request, "accounts/password_once.html", {"person": person, "password": password})


def _signed_in(request: HttpRequest) -> User:
    return cast(User, request.user)
