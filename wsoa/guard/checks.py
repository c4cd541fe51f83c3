"""What `check --deploy` says of the application's role."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.core import checks
from django.db import DatabaseError

from wsoa.guard import rights


@checks.register(checks.Tags.security, deploy=True)
def the_application_may_no_more_than_it_needs(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """The role the site works as cannot change records, whatever is wrong with the site."""
    try:
        found = rights.excess()
    except DatabaseError as error:
        return [checks.Warning(f"The database does not answer: {error}", id="guard.W002")]
    if not found:
        return []
    shown = "; ".join([*found[:3], *(["and more"] if len(found) > 3 else [])])
    return [
        checks.Warning(
            f"The role of DATABASE_URL may do more than the application needs: {shown}.",
            hint="Have one role that owns the tables and another that works with them, and run"
            " `migrate` with both set: docs/deploy.md, “Two roles”.",
            id="guard.W001",
        )
    ]
