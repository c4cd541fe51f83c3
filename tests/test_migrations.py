"""The migrations say what the models say, and follow one another in one line."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.databases import as_owner
from wsoa.triggers import InstallTriggers


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_no_app_has_two_last_migrations():
    assert MigrationLoader(None).detect_conflicts() == {}


def test_every_migration_of_ours_has_a_name_that_says_what_it_does():
    ours = {"planfile", "accounts", "actions", "kpis", "reports"}
    names = [name for app, name in MigrationLoader(None).disk_migrations if app in ours]

    assert [name for name in names if "_auto_" in name or "merge" in name] == []


@pytest.mark.django_db
def test_every_trigger_is_installed():
    import pgtrigger

    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger")
        installed = {name for (name,) in cursor.fetchall()}
    wanted = {trigger.get_pgid(model) for model, trigger in pgtrigger.registered()}

    assert wanted - installed == set()


@pytest.mark.django_db
def test_triggers_installed_at_once_can_be_taken_away_and_installed_again():
    migration = MigrationLoader(connection).disk_migrations["planfile", "0001_initial"]
    state = MigrationLoader(connection).project_state(("planfile", "0001_initial"))
    (step,) = [step for step in migration.operations if isinstance(step, InstallTriggers)]
    with as_owner(), connection.schema_editor() as editor:
        at_first = _triggers_of("planfile_planimport")
        step.database_backwards("planfile", editor, state, state)
        assert _triggers_of("planfile_planimport") == set()
        step.database_forwards("planfile", editor, state, state)

        assert _triggers_of("planfile_planimport") == at_first != set()


def _triggers_of(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
            " WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [table],
        )
        return {definition for (definition,) in cursor.fetchall()}
