"""The last stage of signing in: whose role wants a second step sets it up before anything else."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import LoginStage
from allauth.mfa.models import Authenticator
from django.shortcuts import redirect

from wsoa.accounts.models import User
from wsoa.accounts.roles import wants_second_step


def has_second_step(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


class SetUpStage(LoginStage):  # type: ignore[misc]
    key = "second_step_set_up"
    urlname = "accounts:set_up_at_sign_in"

    def handle(self) -> tuple[Any, bool]:
        user = self.login.user
        # Their organisation has a second step of its own, or has decided that it needs none.
        records = get_authentication_records(self.request, user)
        if any(one["method"] == "socialaccount" for one in records):
            return None, True
        # Half-done: the codes to keep were not confirmed yet.
        if "keeps" not in self.state and (has_second_step(user) or not wants_second_step(user)):
            return None, True
        return redirect(self.urlname), True
