"""The owner of the tables: who migrates, and does nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import ConnectionHandler


@contextmanager
def as_owner(owner: dict[str, Any] | None = None) -> Iterator[None]:
    """Within it, every query of this thread is the owner's; where none is set, the application's.

    The connection is swapped, not a second one named beside it: whatever a migration does, by
    whichever way it asks for the database, the owner does it.
    """
    owner = owner or settings.DATABASE_OWNER
    if owner is None:
        yield
        return
    applications = connections[DEFAULT_DB_ALIAS]
    connection = ConnectionHandler({DEFAULT_DB_ALIAS: owner})[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connection
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = applications
        connection.close()


def current_role() -> str:
    """Who the database takes us for."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SELECT current_user")
        (role,) = cursor.fetchone()
    return str(role)
