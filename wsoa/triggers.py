"""How our triggers stand in the database: none is ignored, and an app's are installed at once."""

from collections.abc import Iterator, Sequence
from typing import Any

import pgtrigger
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pghistory.trigger import Event
from pgtrigger.compiler import Trigger, UpsertTriggerSql


class FirmTriggerSql(UpsertTriggerSql):
    """A trigger that no session can have ignored or led elsewhere.

    django-pgtrigger's own text lets a trigger pass where the session variable `pgtrigger.ignore`
    names it, which whoever may UPDATE may also set. And its functions find tables by the session's
    search path. Here they look into our schema first, and none may be hung on a table of one's own.
    """

    def get_template(self) -> str:
        # Migrations refer to this text: what would change it is another class.
        return """
            CREATE OR REPLACE FUNCTION {pgid}()
            RETURNS TRIGGER AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$ LANGUAGE plpgsql SET search_path = public, pg_temp;
            REVOKE ALL ON FUNCTION {pgid}() FROM PUBLIC;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE PROCEDURE {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class OwnersTriggerSql(FirmTriggerSql):
    """A trigger that acts as the owner of the tables, so that it alone writes what others read."""

    def get_template(self) -> str:
        return super().get_template().replace("plpgsql SET", "plpgsql SECURITY DEFINER SET")


class OwnersTrigger(pgtrigger.Trigger):
    """A trigger that writes where the application may not: compiled to act as the owner."""


def make_all_firm() -> None:
    """From now on each trigger is compiled to one of the two above. Those of pghistory too."""
    pgtrigger.Trigger.compile = _compile_firm  # type: ignore[method-assign, assignment]


_compile = pgtrigger.Trigger.compile


def _compile_firm(trigger: pgtrigger.Trigger, model: models.Model) -> Trigger:
    compiled = _compile(trigger, model)
    kwargs = {key: value for key, value in compiled.sql.kwargs.items() if key != "ignore_func_name"}
    # The history of edits is written by the triggers that keep it, and by nobody else.
    owners = isinstance(trigger, (Event, OwnersTrigger))
    template = OwnersTriggerSql if owners else FirmTriggerSql
    return Trigger(name=compiled.name, sql=template(**kwargs))


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
