"""`prepare_demo`: migrate, load what is missing, say how to sign in. One start for all three."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from wsoa.accounts.models import User
from wsoa.demo.loading import PASSWORD, SIGN_INS


class Command(BaseCommand):
    help = "Make the demo's database ready, and print a table of its sign-ins."
    # The server looks over the same settings when it starts.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if _is_behind():
            self.stdout.write("Preparing the database …")
            call_command("migrate", verbosity=0)
        call_command("load_demo", stdout=self.stdout)
        self._say_sign_ins()

    def _say_sign_ins(self) -> None:
        emails = [sign_in.email for sign_in in SIGN_INS]
        names = dict(User.objects.filter(email__in=emails).values_list("email", "name"))
        width = max(len(sign_in.part) for sign_in in SIGN_INS)
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for sign_in in SIGN_INS:
            name = names.get(sign_in.email, "not loaded")
            self.stdout.write(f"  {sign_in.part:<{width}}  {sign_in.email:<24}  {name}")


def _is_behind() -> bool:
    """Whether a migration is still to be carried out. To ask costs less than to let migrate see."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
