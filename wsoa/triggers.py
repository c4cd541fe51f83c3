"""Installing all triggers of an app in one step of its first migration."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.compiler import Trigger


class InstallTriggers(Operation):
    """Install the triggers of many models at once.

    django-pgtrigger's own `AddTrigger` has Django make the classes of all related models anew for
    each trigger, though a trigger changes none of them: for our three hundred that took a minute.
    Triggers that come after the first migration are added by `AddTrigger`, as makemigrations does.
    """

    reduces_to_sql = True
    reversible = True
    serialization_expand_args = ["triggers"]

    def __init__(self, triggers: Sequence[tuple[str, Trigger]]) -> None:
        """Take pairs of a model's name and one trigger of it, compiled."""
        self.triggers = triggers

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [], {"triggers": self.triggers}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        for model_name, trigger in self.triggers:
            model = state.models[app_label, model_name]
            known = model.options.get("triggers", [])
            # A new dict: the state before this operation shares the old one.
            model.options = {**model.options, "triggers": [*known, trigger]}

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for trigger in self._allowed(app_label, schema_editor, to_state):
            # params=None: the text is complete, and a % in it is a % of PL/pgSQL.
            schema_editor.execute(trigger.install_sql, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for trigger in self._allowed(app_label, schema_editor, from_state):
            schema_editor.execute(trigger.uninstall_sql, params=None)

    def describe(self) -> str:
        return f"Install {len(self.triggers)} triggers"

    def _allowed(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> Iterator[Trigger]:
        for model_name, trigger in self.triggers:
            # A proxy's triggers stand on the table of what it is a proxy of.
            table = state.apps.get_model(app_label, model_name)._meta.concrete_model
            if table and self.allow_migrate_model(schema_editor.connection.alias, table):
                yield trigger
