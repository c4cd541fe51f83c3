"""What the application may do with each table, and giving its role just that.

1. Records, and what hangs on a publication, may be read and added to. Nothing else.
2. The history of edits, and who made them, may be read. Its triggers write it, as the owner.
3. What is edited with its history kept may be read, added to, changed and deleted, not truncated.
4. Any other table is named below. One that is not stops `migrate`.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from pghistory.models import Event
from pghistory.trigger import Event as KeepsEdit

from wsoa.guard.owner import current_role


class Rights(Enum):
    READ = frozenset({"SELECT"})
    ADD = frozenset({"SELECT", "INSERT"})
    EDIT = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


# Tables whose models do not show it.
NAMED = {
    # Written by migrations.
    "auth.Group": Rights.READ,
    "auth.Group_permissions": Rights.READ,
    "auth.Permission": Rights.READ,
    "contenttypes.ContentType": Rights.READ,
    "migrations.Migration": Rights.READ,
    # Raised by triggers, as the owner.
    "actions.PlanVersion": Rights.READ,
    # Who made an edit: written with its history.
    "pghistory.Context": Rights.READ,
    # To whom a report went, of each publication.
    "reports.Publication_addressed_to": Rights.ADD,
    # What is kept for a while, or stands until it is replaced, and is no record.
    "account.EmailAddress": Rights.EDIT,
    "account.EmailConfirmation": Rights.EDIT,
    "mfa.Authenticator": Rights.EDIT,
    # Organisations stand in the settings, and no link to them is kept.
    "socialaccount.SocialAccount": Rights.READ,
    "socialaccount.SocialApp": Rights.READ,
    "socialaccount.SocialToken": Rights.READ,
    "accounts.CacheEntry": Rights.EDIT,
    "accounts.SignInTry": Rights.EDIT,
    "actions.ClosingDraft": Rights.EDIT,
    "actions.Draft": Rights.EDIT,
    "actions.DraftFile": Rights.EDIT,
    "actions.ProgressUpload": Rights.EDIT,
    "kpis.MeasurementUpload": Rights.EDIT,
    "oversight.ChangeDraft": Rights.EDIT,
    "reports.FilesJob": Rights.EDIT,
    "reports.WordTemplate": Rights.EDIT,
    "reports.WorkerSeen": Rights.EDIT,
    "sessions.Session": Rights.EDIT,
}

# All that is read like a table, and the sequences that rows take their keys from.
KINDS = ("r", "p", "v", "m", "f", "S")


def wanted() -> dict[str, Rights]:
    """The rights to each table of ours, by its name."""
    tables: dict[str, list[type[models.Model]]] = {}
    of_migrations: type[models.Model] = MigrationRecorder.Migration
    for model in [*apps.get_models(include_auto_created=True), of_migrations]:
        # A proxy is another model of the same table; a model that is not managed has none.
        if (model._meta.concrete_model or model)._meta.managed:
            tables.setdefault(model._meta.db_table, []).append(model)
    return {table: _rights(of) for table, of in tables.items()}


def _rights(of: list[type[models.Model]]) -> Rights:
    triggers = [trigger for model in of for trigger in getattr(model._meta, "triggers", [])]
    labels = [model._meta.label for model in of]
    named = [NAMED[label] for label in labels if label in NAMED]
    if named:
        return named[0]
    if any(issubclass(model, Event) for model in of):
        return Rights.READ
    if {"protect_update", "protect_delete"} <= {trigger.name for trigger in triggers}:
        return Rights.ADD
    if any(isinstance(trigger, KeepsEdit) for trigger in triggers):
        return Rights.EDIT
    raise ImproperlyConfigured(
        f"Say in wsoa/guard/rights.py what the application may do with {labels[0]}: it is no record"
        " and no history of its edits is kept."
    )


@transaction.atomic
def give(role: str) -> None:
    """As the owner: give the application's role its rights to what there is, and no others.

    Nobody has rights for being anybody. Other roles of the operator keep what they have.
    """
    quote = connection.ops.quote_name
    who = quote(role)
    with connection.cursor() as cursor:
        wants = wanted()
        for name, granted in _granted(cursor, role).items():
            rights: frozenset[str] = wants[name].value if name in wants else frozenset()
            if granted == rights:
                continue
            cursor.execute(f"REVOKE ALL ON {quote(name)} FROM {who}, PUBLIC")
            if rights:
                cursor.execute(f"GRANT {', '.join(sorted(rights))} ON {quote(name)} TO {who}")
        for function in _functions(cursor, role):
            cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM {who}, PUBLIC")
        cursor.execute("SELECT current_schema")
        schema = quote(cursor.fetchone()[0])
        cursor.execute(f"REVOKE CREATE ON SCHEMA {schema} FROM {who}, PUBLIC")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {who}")


def excess() -> list[str]:
    """What the present role may do that the application must not be able to, in words."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            return ["it is a superuser"]
        cursor.execute("SELECT has_schema_privilege(current_schema, 'CREATE')")
        found = ["it may make tables"] if cursor.fetchone()[0] else []
        cursor.execute(
            "SELECT relname, pg_has_role(relowner, 'MEMBER'), ARRAY(SELECT a_right FROM unnest("
            "  ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']"
            " ) AS a_right WHERE has_table_privilege(oid, a_right) OR a_right <> ALL("
            "  ARRAY['DELETE', 'TRUNCATE', 'TRIGGER']) AND has_any_column_privilege(oid, a_right))"
            " FROM pg_class WHERE relnamespace = current_schema::regnamespace"
            "  AND relkind IN ('r', 'p') ORDER BY relname"
        )
        wants = wanted()
        for name, is_owner, rights in cursor.fetchall():
            if name not in wants:
                continue
            if is_owner:
                found.append(f"it owns {name}")
            elif more := sorted({*rights} - wants[name].value):
                found.append(f"{' and '.join(more)} on {name}")
        found += [f"it may hang {name} on a table" for name in _functions(cursor, current_role())]
    return found


def _functions(cursor: Any, role: str) -> list[str]:
    """The triggers' functions that a role may hang on a table of its own. Some act as the owner."""
    cursor.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE prorettype = 'trigger'::regtype"
        " AND pronamespace = current_schema::regnamespace"
        " AND has_function_privilege(%s, oid, 'EXECUTE') ORDER BY 1",
        [role],
    )
    return [name for (name,) in cursor.fetchall()]


def _granted(cursor: Any, role: str) -> dict[str, frozenset[str]]:
    """What a role, or anybody, was given: of each table and sequence, and of any column of it."""
    cursor.execute(
        "SELECT relname, ARRAY("
        "  SELECT privilege_type FROM aclexplode(relacl) WHERE grantee IN (0, %(role)s::regrole)"
        "  UNION ALL SELECT privilege_type || ' of ' || attname"
        "   FROM pg_attribute, aclexplode(attacl)"
        "   WHERE attrelid = pg_class.oid AND grantee IN (0, %(role)s::regrole))"
        " FROM pg_class WHERE relnamespace = current_schema::regnamespace"
        '  AND relkind = ANY(%(kinds)s::"char"[]) ORDER BY relname',
        {"role": connection.ops.quote_name(role), "kinds": list(KINDS)},
    )
    return {name: frozenset(granted) for name, granted in cursor.fetchall()}
