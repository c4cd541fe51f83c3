"""Prints the demo's sign-ins."""

from typing import Any

from django.core.management.base import BaseCommand

from wsoa.accounts.models import User
from wsoa.demo.loading import PASSWORD, SIGN_INS


class Command(BaseCommand):
    help = "Print a table of the sample sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        names = dict(
            User.objects.filter(email__in=[sign_in.email for sign_in in SIGN_INS]).values_list(
                "email", "name"
            )
        )
        width = max(len(sign_in.part) for sign_in in SIGN_INS)
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for sign_in in SIGN_INS:
            name = names.get(sign_in.email, "not loaded")
            self.stdout.write(f"  {sign_in.part:<{width}}  {sign_in.email:<24}  {name}")
