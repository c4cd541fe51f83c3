"""For whoever manages users and is locked out: a new password, and no second step any more."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from wsoa.accounts.models import User
from wsoa.accounts.security_log import note
from wsoa.accounts.users import new_password


class Command(BaseCommand):
    help = (
        "Let somebody who manages users in again: prints a new password, removes the second step."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address they sign in with")

    @transaction.atomic
    def handle(self, *args: Any, email: str, **options: Any) -> None:
        address = User.objects.normalize_email(email)
        person = User.objects.filter(email=address, is_superuser=True).first()
        if person is None:
            raise CommandError(f"Nobody who manages users signs in as {address}.")
        password = new_password()
        person.set_password(password)
        person.is_active = True
        person.save(update_fields=["password", "is_active"])
        Authenticator.objects.filter(user=person).delete()
        note("superuser-let-in", email=person.email, user=person)
        self.stdout.write(f"{person.name} signs in as {person.email} with: {password}")
        self.stdout.write("It is shown this once. Change it after signing in.")
