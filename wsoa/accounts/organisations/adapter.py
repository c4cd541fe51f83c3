"""What comes back from an organisation's sign-in, matched with an account by its address.

An organisation vouches for addresses of its own domains and for no others. Nobody gets an account
by it: people are invited. No link between the two is kept; the address is matched each time.
"""

import logging
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

from wsoa.accounts import sessions
from wsoa.accounts.addresses import address_of
from wsoa.accounts.models import User
from wsoa.accounts.organisations.known import all_known
from wsoa.accounts.security_log import note


class OrganisationAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, **about: Any
    ) -> None:
        """Away, cancelled, or an answer that does not hold: begin again, in another way perhaps."""
        why = type(about.get("exception")).__name__ if about.get("exception") else str(error)
        self._refuse(
            request,
            f"{provider.app.name} did not sign you in. Try again, or ask them.",
            because=why,
        )

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        key = sociallogin.account.provider
        organisation = next((one for one in all_known() if one.key == key), None)
        claimed = [one.email for one in sociallogin.email_addresses if one.email]
        said = sociallogin.account.extra_data
        data = said.get("userinfo") or said.get("id_token") or said
        email = User.objects.normalize_email(claimed[0] if claimed else "")
        is_theirs = (
            organisation is not None
            and email.rpartition("@")[2] in organisation.domains
            # Some say nothing of it; that they deny it is another matter.
            and str(data.get("email_verified", True)).lower() != "false"
        )
        person = User.objects.filter(email=email, is_active=True).first() if is_theirs else None
        if person is None:
            self._refuse(
                request,
                f"{organisation.name if organisation else 'Your organisation'} signed you in with "
                "an address that has no account here. Ask your programme team to invite you.",
                email=email,
                because="address",
            )
        onward = sociallogin.get_redirect_url(request) or ""
        raise ImmediateHttpResponse(
            sessions.begin(request, person, method="socialaccount", onward=onward)
        )

    def _refuse(
        self, request: HttpRequest, text: str, *, because: str, email: str = ""
    ) -> NoReturn:
        note(
            "organisation-refused",
            level=logging.WARNING,
            email=email,
            address=address_of(request),
            because=because,
        )
        messages.error(request, text)
        raise ImmediateHttpResponse(redirect("accounts:sign_in"))
