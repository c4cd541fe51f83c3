"""`remake_migrations`: write the first migration of each of our apps afresh from the models.

For as long as no database of anybody has to be kept. makemigrations would write hundreds of steps
(each field, constraint and trigger on its own), and Django makes the classes of all related
models anew at each: here each model is one step with all that belongs to it, in the order of what
refers to what, and the triggers of an app are one more. It goes when migrations only grow.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import migrations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.db.models import Field
from django.test.utils import override_settings

from wsoa.triggers import InstallTriggers

OURS = ["accounts", "actions", "kpis", "oversight", "reports", "planfile"]
NAME = "0001_initial"


class Command(BaseCommand):
    help = "Write the first migration of each app afresh from the models, and delete the others."

    def handle(self, *args: Any, **options: Any) -> None:
        state = ProjectState.from_apps(apps)
        # Without ours, which may not hang together just now.
        with override_settings(MIGRATION_MODULES=dict.fromkeys(OURS)):
            latest = dict(MigrationLoader(None).graph.leaf_nodes())
        for app in OURS:
            operations, needs = _operations(app, state)
            dependencies: list[Any] = [
                (other, NAME if other in OURS else latest[other])
                for other in sorted(needs - {"accounts"})
            ]
            if "accounts" in needs:
                dependencies.append(migrations.swappable_dependency("accounts.User"))
            body = {"initial": True, "operations": operations, "dependencies": dependencies}
            migration = type("Migration", (migrations.Migration,), body)(NAME, app)
            writer = MigrationWriter(migration, include_header=False)
            folder = Path(apps.get_app_config(app).path) / "migrations"
            for old in folder.glob("0*.py"):
                old.unlink()
            (folder / f"{NAME}.py").write_text(writer.as_string())
            self.stdout.write(f"{app}: {len(migration.operations)} steps")


def _operations(app: str, state: ProjectState) -> tuple[list[Operation], set[str]]:
    """The steps that make an app's tables, and the other apps that must be there before."""
    models = {name: model for (label, name), model in state.models.items() if label == app}
    needs = {
        label for model in models.values() for label, _ in _referred(model, state) if label != app
    }
    steps: list[Operation] = []
    made: set[str] = set()
    put_off: dict[str, list[tuple[str, Field[Any, Any]]]] = {}
    for name in _in_order(app, models, state):
        model = models[name]
        later = [
            field
            for field, value in model.fields.items()
            if any(
                label == app and other in models and other not in made and other != name
                for label, other in _of_field(value)
            )
        ]
        put_off[name] = [(field, model.fields[field]) for field in later]
        steps.append(
            migrations.CreateModel(
                name=model.name,
                fields=[(key, value) for key, value in model.fields.items() if key not in later],
                options=_options(model),
                bases=model.bases,
                managers=model.managers,
            )
        )
        made.add(name)
    steps += [
        migrations.AddField(model_name=name, name=field, field=value)
        for name, fields in put_off.items()
        for field, value in fields
    ]
    triggers = [
        (name, trigger.compile(state.apps.get_model(app, name)))
        for name in models
        for trigger in models[name].options.get("triggers", [])
    ]
    if triggers:
        steps.append(InstallTriggers(triggers=triggers))
    return steps, needs


def _in_order(app: str, models: dict[str, ModelState], state: ProjectState) -> list[str]:
    """Names of models, each after those it refers to; where two refer to each other, either."""
    ordered: list[str] = []
    entered: set[str] = set()

    def visit(name: str) -> None:
        if name in entered:
            return
        entered.add(name)
        for label, other in sorted(_referred(models[name], state)):
            if label == app and other in models:
                visit(other)
        ordered.append(name)

    for name in models:
        visit(name)
    return ordered


def _referred(model: ModelState, state: ProjectState) -> set[tuple[str, str]]:
    """The models, by app and name, that a model's columns and bases refer to."""
    referred = {
        pair
        for field in model.fields.values()
        # A table of links, where it is a model of its own, comes after both that it links.
        if not getattr(field.remote_field, "through", None)
        for pair in _of_field(field)
    }
    for base in model.bases:
        if not isinstance(base, str):
            continue
        label, name = base.lower().split(".")
        parent = state.apps.get_model(label, name)
        # The table between two models is made with the model that names it.
        creator = parent._meta.auto_created
        if creator:
            label, name = creator._meta.label_lower.split(".")
        referred.add((label, name))
    return referred


def _of_field(field: Field[Any, Any]) -> set[tuple[str, str]]:
    if not field.remote_field:
        return set()
    targets = [field.remote_field.model, getattr(field.remote_field, "through", None)]
    names = [
        target if isinstance(target, str) else target._meta.label_lower
        for target in targets
        if target is not None
    ]
    return {tuple(name.lower().split(".")) for name in names if "." in name}


def _options(model: ModelState) -> dict[str, Any]:
    options = {key: value for key, value in model.options.items() if key != "triggers"}
    return {key: value for key, value in options.items() if value not in ([], set())}
