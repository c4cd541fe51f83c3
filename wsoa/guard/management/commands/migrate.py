"""`migrate`, by the owner of the tables; then the application's role is given its rights."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection

from wsoa.guard import edit_context, rights
from wsoa.guard.owner import as_owner, current_role


class Command(migrate.Command):
    help = (
        "Bring the tables to their newest form, as the role of DATABASE_OWNER_URL if that is set,"
        " and give the role of DATABASE_URL what the application needs."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        application = current_role()
        with as_owner():
            _refuse_who_may_not(application)
            super().handle(*args, **options)
            if options["plan"] or not _is_begun():
                return
            edit_context.keep_as_written()
            if current_role() != application:
                rights.give(application)


def _refuse_who_may_not(application: str) -> None:
    """Say what is missing, before Django says that some table is somebody else's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege(current_schema, 'CREATE')")
        (may,) = cursor.fetchone()
    if may:
        return
    role = current_role()
    if role == application:
        raise CommandError(
            f"The role {role} owns no tables, as it should be. Set DATABASE_OWNER_URL to the"
            " address of the role that does: see docs/deploy.md."
        )
    raise CommandError(f"The role {role} of DATABASE_OWNER_URL may not make tables here.")


def _is_begun() -> bool:
    """Whether the first tables are there: `migrate` can be told to stop before them."""
    return "pghistory_context" in connection.introspection.table_names()
