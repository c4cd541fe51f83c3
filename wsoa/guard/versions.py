"""A counter for each plan, which the database raises with whatever the plan's pages are made from.

What is worked out of a plan's rows may be kept under its counter, and is never stale: a transaction
raises it as the last thing before it commits, so nobody can read a row and miss the number that
came with it. Whoever reads the number first, and the rows after, has rows at least as new.

Each table is raised by the plan that its rows lead to, by their foreign keys. The lock on a counter
is the last that a transaction takes, so that two can wait for each other only where each changes
two plans; who does that locks the plans first, in their order.
"""

from __future__ import annotations

from collections.abc import Iterator

import pgtrigger
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from pghistory.models import Event

from wsoa.triggers import OwnersTrigger

OURS = frozenset({"accounts", "actions", "kpis", "oversight", "reports", "planfile", "reaching"})

# What pages of several plans show, or of a plan that the row does not lead to.
SHARED = frozenset(
    {
        "accounts.User",
        "actions.Finding",
        "actions.Inspection",
        "actions.Judgement",
        "actions.LocalArea",
        "actions.Organisation",
        "actions.Person",
        "actions.Plan",
        # On the pages of both.
        "actions.Succession",
    }
)

# What only the person sees who made it, or nobody; and the counters themselves.
SHOWN_BY_NO_PAGE = frozenset(
    {
        "accounts.CacheEntry",
        "accounts.SignInTry",
        "actions.ClosingDraft",
        "actions.Draft",
        "actions.DraftFile",
        "actions.Invitation",
        "actions.PlanVersion",
        "actions.ProgressUpload",
        "kpis.MeasurementUpload",
        "oversight.ChangeDraft",
        # Written with its publication, which raises.
        "reports.Publication_addressed_to",
        # Shown on pages that are never kept.
        "reaching.ClosedDays",
        "reaching.ContactAddress",
        "reaching.Delivery",
        "reaching.Hold",
        "reaching.MailSettings",
        "reaching.MailWishes",
        "reaching.Message",
        # Shown where nothing is kept, while files are being made.
        "reports.WorkerSeen",
    }
)

# A user signs in without any page being another, and so goes a job until it is done.
NO_CHANGE = {
    "accounts.User": ("hidden_lines", "last_login", "password", "sessions_key"),
    "reports.FilesJob": ("tries", "holder", "leased_until", "error"),
}


def register() -> None:
    """Give each model of ours its trigger. Once, when all models are known."""
    for model in _models():
        for trigger in triggers_of(model):
            trigger.register(model)  # type: ignore[arg-type]


def triggers_of(model: type[models.Model]) -> list[OwnersTrigger]:
    """What raises the counters when a row of the model's table is written."""
    changes = _changes(model)
    name, silent = "raise_version", NO_CHANGE.get(model._meta.label)
    insert, update, delete = pgtrigger.Insert, pgtrigger.Update, pgtrigger.Delete
    if silent is None:
        return [_trigger(name, insert | update | delete, changes)]
    changed = pgtrigger.AnyChange(exclude=list(silent))
    return [
        _trigger(name, insert | delete, changes),
        _trigger(f"{name}_on_update", update, changes, condition=changed),
    ]


def _models() -> Iterator[type[models.Model]]:
    """A model for each table of ours that some page is made from; ImproperlyConfigured without.

    A table of links has no model that a migration knows, but for a proxy of it.
    """
    by_table: dict[str, type[models.Model]] = {}
    for model in apps.get_models(include_auto_created=True):
        concrete = model._meta.concrete_model or model
        if (
            model._meta.app_label not in OURS
            or issubclass(model, Event)
            or concrete._meta.label in SHOWN_BY_NO_PAGE
        ):
            continue
        if not model._meta.auto_created:
            by_table.setdefault(model._meta.db_table, model)
        elif not any(
            other._meta.proxy and other._meta.concrete_model is model for other in apps.get_models()
        ):
            raise ImproperlyConfigured(
                f"{model._meta.label} is a table of links that no proxy names, so no trigger can "
                "raise the version of its plan (wsoa/guard/versions.py)."
            )
    yield from by_table.values()


def _trigger(
    name: str,
    operation: pgtrigger.Operation,
    changes: str,
    condition: pgtrigger.Condition | None = None,
) -> OwnersTrigger:
    # A transaction raises a counter once: nobody else can see what lies between.
    return OwnersTrigger(
        name=name,
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        condition=condition,
        declare=[("changed", "RECORD")],
        func=f"""
            IF TG_OP = 'DELETE' THEN changed := OLD; ELSE changed := NEW; END IF;
            INSERT INTO actions_planversion AS version (of, number, raised_at)
            SELECT of, 1, clock_timestamp() FROM ({changes}) AS plans(of)
            ORDER BY of DESC
            ON CONFLICT (of) DO UPDATE
            SET number = version.number + 1, raised_at = clock_timestamp()
            WHERE version.xmin <> pg_current_xact_id()::xid;
            RETURN NULL;
        """,  # noqa: S608 - of our models alone
    )


def _changes(model: type[models.Model]) -> str:
    """The counters that a row of a model's table raises, as SQL with `changed` in reach."""
    plan = apps.get_model("actions", "Plan")
    if model is plan:
        return "VALUES (changed.id), (0)"
    if model._meta.label in SHARED:
        return "VALUES (0)"
    way = _way_to(plan, model, "changed")
    if not way:
        raise ImproperlyConfigured(
            f"{model._meta.label} leads to no plan. Say in wsoa/guard/versions.py whether pages of "
            "several plans are made from it, or none."
        )
    # Where the way to the plan has gone with the row, no plan can be named: all of them are meant.
    return f"SELECT COALESCE({way}, 0)"


def _way_to(
    plan: type[models.Model],
    model: type[models.Model],
    row: str,
    seen: tuple[type[models.Model], ...] = (),
) -> str:
    """The key of the plan that a row leads to by its foreign keys, as SQL; empty where none does.

    The shortest way that always leads there; without one, the first of all that does.
    """
    ways = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or not isinstance(target, type):
            continue
        value = f"{row}.{field.column}"
        if target is plan:
            ways.append((field.null, value))
        elif target not in (*seen, model) and target._meta.label not in SHARED:
            table, key = target._meta.db_table, target._meta.pk.column
            if way := _way_to(plan, target, table, (*seen, model)):
                way = f"(SELECT {way} FROM {table} WHERE {table}.{key} = {value})"  # noqa: S608
                ways.append((field.null, way))
    ways.sort(key=lambda found: found[1].count("SELECT"))
    sure = [way for may_be_empty, way in ways if not may_be_empty]
    if sure:
        return sure[0]
    return f"COALESCE({', '.join(way for _, way in ways)})" if ways else ""
