"""What allauth asks of the site: who asks, what is sent, where one goes on, what is logged."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, resolve_url

from wsoa.accounts.addresses import address_of
from wsoa.accounts.mail import send_soon
from wsoa.accounts.models import User
from wsoa.accounts.security_log import note
from wsoa.accounts.signing_in import messages

BACKEND = "django.contrib.auth.backends.ModelBackend"


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are invited."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or "unknown"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        subject, text = messages.WRITTEN[template_prefix](context)
        send_soon(subject, text, email)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say themselves what there is to say."""

    def get_login_stages(self) -> list[str]:
        return [
            "allauth.account.stages.LoginByCodeStage",
            "allauth.mfa.stages.AuthenticateStage",
            "wsoa.accounts.second_step.stages.SetUpStage",
        ]

    def login(self, request: HttpRequest, user: User) -> None:
        login(request, user, backend=BACKEND)
        note("signed-in", email=user.email, user=user, address=address_of(request))

    def post_login(
        self, request: HttpRequest, user: User, *, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        return HttpResponseRedirect(redirect_url or home_of(user))

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("accounts:sign_in")


def home_of(user: User) -> str:
    """Where somebody begins who was going nowhere else."""
    if user.is_superuser:
        return resolve_url("accounts:user_list")
    return resolve_url(settings.LOGIN_REDIRECT_URL)
