"""What the application's role may do with each table, and that `migrate` gives it just that."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from actions.models.base import Record
from tests.databases import as_owner, run_as_owner
from wsoa.embedded_postgres import ROOT, with_database
from wsoa.guard import rights
from wsoa.guard.owner import current_role
from wsoa.guard.rights import Rights

READ = {"SELECT"}
ADD = {"SELECT", "INSERT"}
EDIT = {"SELECT", "INSERT", "UPDATE", "DELETE"}
KINDS_OF_RIGHT = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")


def ask(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def in_the_database():
    """What the role of this connection may do, whoever gave it the right, by table."""
    return {
        table: {right for right, may in zip(KINDS_OF_RIGHT, answers, strict=True) if may}
        for table, *answers in ask(
            "SELECT relname, "
            + ", ".join(f"has_table_privilege(oid, '{right}')" for right in KINDS_OF_RIGHT)
            + " FROM pg_class WHERE relnamespace = 'public'::regnamespace"
            " AND relkind IN ('r', 'p', 'v', 'm', 'f')"
        )
    }


@pytest.mark.django_db
def test_every_table_of_the_database_has_the_rights_that_the_code_says():
    wanted = {table: set(may.value) for table, may in rights.wanted().items()}

    assert in_the_database() == wanted
    assert len(wanted) > 100


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "may"),
    [
        ("actions_progressupdate", ADD),
        ("actions_keydate", ADD),
        ("kpis_measurement", ADD),
        ("oversight_challenge", ADD),
        ("planfile_planimport", ADD),
        ("reports_publication", ADD),
        ("reports_publication_addressed_to", ADD),
        ("reports_publishedfile", ADD),
        ("reports_signature", ADD),
        ("actions_planevent", READ),
        ("accounts_userevent", READ),
        ("pghistory_context", READ),
        ("django_migrations", READ),
        ("django_content_type", READ),
        ("accounts_user", EDIT),
        ("actions_plan", EDIT),
        ("actions_commitment", EDIT),
        ("actions_action_works_with", EDIT),
        ("kpis_kpi", EDIT),
        ("reports_report", EDIT),
        ("actions_draft", EDIT),
        ("django_session", EDIT),
    ],
)
def test_tables_of_each_kind_as_written_down_by_hand(table, may):
    assert in_the_database()[table] == may


@pytest.mark.parametrize(
    "model", [model for model in apps.get_models() if issubclass(model, Record)]
)
def test_a_record_may_be_added_and_nothing_else(model):
    assert rights.wanted()[model._meta.db_table] is Rights.ADD


@pytest.mark.django_db
def test_the_application_owns_nothing_and_may_make_nothing():
    owns = "SELECT relname FROM pg_class WHERE pg_has_role(relowner, 'MEMBER')"
    assert ask(f"{owns} AND relnamespace = 'public'::regnamespace") == []
    assert ask(
        "SELECT has_schema_privilege('public', 'CREATE'),"
        " has_database_privilege(current_database(), 'CREATE'),"
        " rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
        " FROM pg_roles WHERE rolname = current_user"
    ) == [(False, False, False)]
    may_hang = "prorettype = 'trigger'::regtype AND has_function_privilege(oid, 'EXECUTE')"
    ours = "pronamespace = 'public'::regnamespace"
    assert ask(f"SELECT proname FROM pg_proc WHERE {ours} AND {may_hang}") == []
    # Keys are taken from sequences on the row's behalf: no right to them is needed.
    may_use = "has_sequence_privilege(seqrelid, 'USAGE, SELECT, UPDATE')"
    assert ask(f"SELECT seqrelid::regclass FROM pg_sequence WHERE {may_use}") == []


def test_a_table_that_nobody_has_placed_stops_it_by_name():
    field = SimpleNamespace(db_table="x", label="actions.Novel", triggers=[])
    with pytest.raises(ImproperlyConfigured, match=r"may do with actions\.Novel"):
        rights._rights([type("Novel", (), {"_meta": field})])


def test_every_table_that_is_named_is_there():
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert set(rights.NAMED) - labels == {"migrations.Migration"}


@pytest.mark.django_db(transaction=True)
def test_rights_that_went_astray_are_set_right_again():
    application = current_role()
    run_as_owner(f"GRANT ALL ON actions_progressupdate TO {application}")
    run_as_owner("GRANT UPDATE (brag) ON actions_progressupdate TO PUBLIC")
    run_as_owner("GRANT DELETE ON kpis_measurement TO PUBLIC")
    run_as_owner(f"REVOKE ALL ON actions_plan FROM {application}")
    run_as_owner("CREATE TABLE of_nobody (); GRANT ALL ON of_nobody TO PUBLIC")
    run_as_owner("GRANT CREATE ON SCHEMA public TO PUBLIC")
    run_as_owner(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {application}")
    run_as_owner("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC")
    assert ask("SELECT has_any_column_privilege('actions_progressupdate', 'UPDATE')") == [(True,)]

    with as_owner():
        rights.give(application)

    there = in_the_database()
    assert there.pop("of_nobody") == set()
    assert there == {table: set(may.value) for table, may in rights.wanted().items()}
    assert ask("SELECT has_any_column_privilege('actions_progressupdate', 'UPDATE')") == [(False,)]
    test_the_application_owns_nothing_and_may_make_nothing()


@pytest.mark.django_db(transaction=True)
def test_giving_rights_that_are_there_changes_nothing(django_assert_max_num_queries):
    application = current_role()
    with as_owner(), django_assert_max_num_queries(8):
        rights.give(application)


@pytest.mark.django_db(transaction=True)
def test_rights_that_an_operator_gave_to_another_role_stay():
    application = current_role()
    run_as_owner("GRANT SELECT ON actions_plan TO pg_monitor")
    with as_owner():
        rights.give(application)
    assert ask("SELECT has_table_privilege('pg_monitor', 'actions_plan', 'SELECT')") == [(True,)]


def manage(*command, **environment):
    """A command of manage.py on the test's database, as the application alone."""
    url = with_database(os.environ["DATABASE_URL"], str(connection.settings_dict["NAME"]))
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": url} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_migrate_without_the_owner_says_what_to_set():
    done = manage("migrate")
    assert done.returncode == 1
    assert "owns no tables, as it should be. Set DATABASE_OWNER_URL" in done.stderr


@pytest.mark.django_db(transaction=True)
def test_the_owner_works_only_where_it_is_asked_for():
    application = current_role()
    with as_owner():
        owner = current_role()
    assert (current_role(), owner != application) == (application, True)
