"""Whoever holds the application's password tries every way round: each is refused or does nothing.

What is tried is written down, and what must stay as it was is compared row by row.
"""

from io import StringIO

import psycopg2
import psycopg2.errors
import pytest
from django.db import connection
from django.utils import timezone

from actions.models import ProgressUpdate
from actions.progress import risks
from tests.databases import run_as_owner
from tests.factories import make_update, make_world

REFUSED = psycopg2.errors.InsufficientPrivilege

# Each is one statement or several, and refused for want of a right.
REFUSALS = {
    # Changing a record.
    "update": "UPDATE actions_progressupdate SET brag = 'red'",
    "update with the triggers ignored": (
        "SET pgtrigger.ignore = '{every_trigger}'; UPDATE actions_progressupdate SET brag = 'red'"
    ),
    "update of nothing": "UPDATE actions_progressupdate SET brag = brag WHERE false",
    "update, returning": "UPDATE actions_progressupdate SET brag = 'red' RETURNING id",
    "update in a query": (
        "WITH changed AS (UPDATE actions_progressupdate SET brag = 'red' RETURNING 1)"
        " SELECT * FROM changed"
    ),
    "update by a join": (
        "UPDATE actions_progressupdate u SET brag = 'red' FROM actions_commitment c"
        " WHERE c.id = u.commitment_id"
    ),
    "delete": "DELETE FROM actions_progressupdate",
    "truncate": "TRUNCATE actions_progressupdate",
    "truncate with what hangs on it": "TRUNCATE actions_progressupdate CASCADE",
    "insert or update": (
        "INSERT INTO actions_progressupdate SELECT * FROM actions_progressupdate"
        " ON CONFLICT (id) DO UPDATE SET brag = 'red'"
    ),
    "merge": (
        "MERGE INTO actions_progressupdate u USING actions_commitment c ON c.id = u.commitment_id"
        " WHEN MATCHED THEN UPDATE SET brag = 'red'"
    ),
    "merge that deletes": (
        "MERGE INTO actions_progressupdate u USING actions_commitment c ON c.id = u.commitment_id"
        " WHEN MATCHED THEN DELETE"
    ),
    "through a view": (
        "CREATE TEMPORARY VIEW mine AS SELECT * FROM actions_progressupdate;"
        " UPDATE mine SET brag = 'red'"
    ),
    "in a block of code": "DO $$ BEGIN UPDATE actions_progressupdate SET brag = 'red'; END $$",
    "in a function of one's own": (
        "CREATE FUNCTION pg_temp.change() RETURNS void LANGUAGE sql SECURITY DEFINER"
        " AS 'UPDATE public.actions_progressupdate SET brag = ''red''';"
        " SELECT pg_temp.change()"
    ),
    "by a cursor": (
        "BEGIN; DECLARE rows CURSOR FOR SELECT * FROM actions_progressupdate FOR UPDATE;"
        " FETCH rows; UPDATE actions_progressupdate SET brag = 'red' WHERE CURRENT OF rows"
    ),
    # Holding up who adds to a record.
    "lock its row": "SELECT 1 FROM actions_progressupdate FOR UPDATE",
    "lock its row to share it": "SELECT 1 FROM actions_risk FOR KEY SHARE",
    "lock its table": "BEGIN; LOCK TABLE actions_progressupdate IN ACCESS EXCLUSIVE MODE",
    # The same of what records hang on.
    "move a date": "UPDATE actions_keydate SET first_day = '2030-01-01'",
    "redate an import": "UPDATE planfile_planimport SET recorded_at = now()",
    "take a body off a publication": "DELETE FROM reports_publication_addressed_to",
    # Writing and rewriting history.
    "rewrite the history of edits": "UPDATE actions_planevent SET title = 'Another'",
    "forget an edit": "DELETE FROM actions_planevent",
    "invent an edit": ("INSERT INTO actions_planevent SELECT * FROM actions_planevent LIMIT 1"),
    "rewrite who made it": "UPDATE pghistory_context SET metadata = '{{}}'",
    "invent who made it": (
        "INSERT INTO pghistory_context VALUES (gen_random_uuid(), now(), now(), '{{}}')"
    ),
    "forget an edit's row by emptying the table": "TRUNCATE actions_plan CASCADE",
    "say a migration has run": "INSERT INTO django_migrations (app, name, applied) VALUES"
    " ('actions', '9999', now())",
    "forget a migration": "DELETE FROM django_migrations",
    "retype what tables are for": "UPDATE django_content_type SET model = 'other'",
    # Taking the guard down.
    "disable triggers": "ALTER TABLE actions_progressupdate DISABLE TRIGGER ALL",
    "disable triggers of an edited table": "ALTER TABLE actions_plan DISABLE TRIGGER USER",
    "drop a trigger": "DROP TRIGGER {trigger} ON actions_progressupdate",
    "replace a trigger's function": (
        "CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'"
    ),
    "alter a trigger's function": "ALTER FUNCTION {trigger}() SECURITY DEFINER",
    "drop a trigger's function": "DROP FUNCTION {trigger}() CASCADE",
    "add a trigger": (
        "CREATE FUNCTION pg_temp.mine() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN NEW.recorded_at := ''2020-01-01''; RETURN NEW; END';"
        " CREATE TRIGGER zzz BEFORE INSERT ON actions_progressupdate"
        " FOR EACH ROW EXECUTE FUNCTION pg_temp.mine()"
    ),
    "add a trigger to an edited table": (
        "CREATE FUNCTION pg_temp.mine() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NULL; END';"
        " CREATE TRIGGER aaa BEFORE UPDATE ON actions_plan"
        " FOR EACH ROW EXECUTE FUNCTION pg_temp.mine()"
    ),
    "hang the historian on a table of one's own": (
        "CREATE TEMPORARY TABLE forged (LIKE actions_plan);"
        " CREATE TRIGGER forge AFTER INSERT ON forged FOR EACH ROW EXECUTE FUNCTION {historian}()"
    ),
    "call the historian": "SELECT {historian}()",
    "add a rule": ("CREATE RULE mine AS ON INSERT TO actions_progressupdate DO INSTEAD NOTHING"),
    "replicate": "SET session_replication_role = replica",
    "drop a constraint": (
        "ALTER TABLE actions_progressupdate DROP CONSTRAINT"
        " actions_progressupdate_effective_not_later"
    ),
    "change a column": "ALTER TABLE actions_progressupdate ALTER brag TYPE varchar(20)",
    "drop a table": "DROP TABLE actions_progressupdate CASCADE",
    "rename a table": "ALTER TABLE actions_progressupdate RENAME TO away",
    "inherit from a table": ("CREATE TEMPORARY TABLE child () INHERITS (actions_progressupdate)"),
    "switch row security": "ALTER TABLE actions_progressupdate ENABLE ROW LEVEL SECURITY",
    "turn a key back": "SELECT setval('actions_progressupdate_id_seq', 1)",
    "use up keys": "SELECT nextval('actions_progressupdate_id_seq')",
    # Becoming somebody else, or giving oneself rights.
    "be the owner": "SET ROLE {owner}",
    "be the owner for the session": "SET SESSION AUTHORIZATION {owner}",
    "join the owner": "GRANT {owner} TO CURRENT_USER",
    "take a table": "ALTER TABLE actions_progressupdate OWNER TO CURRENT_USER",
    "take all tables": "REASSIGN OWNED BY {owner} TO CURRENT_USER",
    "take the schema": "ALTER SCHEMA public OWNER TO CURRENT_USER",
    "take the database": "ALTER DATABASE {database} OWNER TO CURRENT_USER",
    "make oneself a superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "make a role": "CREATE ROLE another SUPERUSER",
    "set the owner's settings": "ALTER ROLE {owner} SET search_path = pg_temp",
    "set the database's settings": (
        "ALTER DATABASE {database} SET session_replication_role = replica"
    ),
    "set the server's settings": "ALTER SYSTEM SET fsync = off",
    # Making things that others would run or read.
    "make a table": "CREATE TABLE mine ()",
    "make a function": "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "make a schema": "CREATE SCHEMA mine",
    "make a database": "CREATE DATABASE mine",
    "make an operator": (
        "CREATE OPERATOR = (LEFTARG = text, RIGHTARG = int, FUNCTION = textregexeq)"
    ),
    "make an event trigger": "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION x()",
    "publish": "CREATE PUBLICATION mine FOR TABLE actions_progressupdate",
    "comment": "COMMENT ON TRIGGER {trigger} ON actions_progressupdate IS ''",
    # The server's own files.
    "read a file": "COPY pg_temp.lines FROM '/etc/passwd'",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "read a file as a function": "SELECT pg_read_file('/etc/passwd')",
    "import a large object": "SELECT lo_import('/etc/passwd')",
    "read passwords": "TABLE pg_authid",
    "write the catalogue": "UPDATE pg_trigger SET tgenabled = 'D'",
}

# Each goes through and must change nothing that counts.
HARMLESS = {
    "insert nothing": (
        "INSERT INTO actions_progressupdate SELECT * FROM actions_progressupdate"
        " ON CONFLICT DO NOTHING"
    ),
    "large object": "SELECT lo_from_bytea(0, 'x')",
    "own search path": (
        "SET search_path = pg_temp, public;"
        " CREATE TEMPORARY TABLE actions_progressupdate (brag text);"
        " INSERT INTO actions_progressupdate VALUES ('red');"
        " UPDATE actions_progressupdate SET brag = 'red'"
    ),
    "grant what one has not": "GRANT UPDATE ON actions_progressupdate TO CURRENT_USER",
    "revoke from others": "REVOKE ALL ON actions_progressupdate FROM PUBLIC",
    "analyze": "ANALYZE actions_progressupdate",
    "ignore every trigger": "SET pgtrigger.ignore = '{every_trigger}'",
    "put off constraints": "SET CONSTRAINTS ALL DEFERRED",
}


@pytest.fixture
def kept(db):
    """A commitment that was Green, with a risk and a date, committed."""
    world = make_world()
    world.update = make_update(
        world.commitment,
        world.users["lead"],
        brag="green",
        progress="Work goes on.",
        late_reason="It ran late.",
    )
    risks.raise_risk(
        plan=world.plan,
        by=world.users["lead"],
        kind="risk",
        text="It may slip",
        commitment=world.commitment,
    )
    return world


def names():
    (triggers,) = run_as_owner(
        "SELECT string_agg(tgname, ',') FROM pg_trigger WHERE NOT tgisinternal"
    )
    ((clocks,),) = run_as_owner(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'actions_progressupdate'::regclass"
        " AND tgname LIKE 'pgtrigger_clocks%'"
    )
    ((historian,),) = run_as_owner(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'actions_plan'::regclass"
        " AND tgname LIKE 'pgtrigger_insert%'"
    )
    ((owner, database),) = run_as_owner("SELECT current_user, current_database()")
    return {
        "every_trigger": "{" + triggers[0] + "}",
        "trigger": clocks,
        "historian": historian,
        "owner": owner,
        "database": database,
    }


def everything():
    """All rows of all tables, and how tables, triggers, functions and rights stand."""
    tables = run_as_owner(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind = 'r' ORDER BY 1"
    )
    queries = {table: f'SELECT t::text FROM "{table}" t ORDER BY 1' for (table,) in tables} | {
        "classes": "SELECT relname, relowner, relacl::text, relrowsecurity FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
        "triggers": "SELECT tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger ORDER BY 1",
        "functions": "SELECT proname, prosrc, proowner, proacl::text, proconfig FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
        "constraints": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint ORDER BY 1, 2",
    }
    return {name: run_as_owner(query) for name, query in queries.items()}


@pytest.fixture
def attempt():
    """Runs statements as somebody with the application's password would, each try afresh."""

    def run(statements):
        parameters = connection.get_connection_params()
        intruder = psycopg2.connect(
            **{key: value for key, value in parameters.items() if key != "cursor_factory"}
        )
        intruder.autocommit = True
        try:
            with intruder.cursor() as cursor:
                cursor.execute(statements)
        finally:
            intruder.close()

    return run


@pytest.mark.django_db(transaction=True)
def test_every_way_round_is_refused_or_does_nothing(kept, attempt):
    known = names()
    before = everything()
    assert sum(len(rows) for rows in before.values()) > 500

    went_through = []
    for name, statements in REFUSALS.items():
        try:
            attempt(statements.format(**known))
        except REFUSED:
            continue
        except psycopg2.Error as error:
            went_through.append(f"{name}: refused for another reason, {error}")
        else:
            went_through.append(name)
    assert went_through == []

    for statements in HARMLESS.values():
        attempt(statements.format(**known))
    after = everything()
    assert [name for name in before if before[name] != after[name]] == []
    assert set(before) == set(after)


@pytest.mark.django_db(transaction=True)
def test_what_is_added_says_when_it_was_added_and_stands_beside_what_was_there(kept, attempt):
    """Adding is all that is left: by whichever way, with any key, at no moment of one's choice."""
    forged = """
        SELECT (jsonb_populate_record(u, jsonb_build_object(
            'id', {key}, 'brag', 'red', 'recorded_at', '2020-01-01', 'submission',
            gen_random_uuid()
        ))).* FROM actions_progressupdate u WHERE brag = 'green'
    """
    attempt(
        "SET pgtrigger.ignore = '{every_trigger}';".format(**names())
        + f"INSERT INTO actions_progressupdate {forged.format(key=901)}"
    )
    ((row,),) = run_as_owner(f"SELECT f::text FROM ({forged.format(key=902)}) f")
    with connection.cursor() as cursor:
        values = row.strip("()")
        cursor.copy_expert("COPY actions_progressupdate FROM STDIN (FORMAT csv)", StringIO(values))

    rows = ProgressUpdate.objects.order_by("recorded_at")
    assert [(row.pk, row.brag) for row in rows] == [
        (kept.update.pk, "green"),
        (901, "red"),
        (902, "red"),
    ]
    assert {row.recorded_at.year for row in rows} == {timezone.now().year}


@pytest.mark.django_db(transaction=True)
def test_what_may_be_deleted_stays_in_the_history(kept, attempt):
    """A lead is one of the few things that are deleted at all."""
    lead = "FROM actions_commitmentlead"
    there = run_as_owner(f"SELECT id {lead} ORDER BY id")
    assert there
    ignored = "SET pgtrigger.ignore = '{every_trigger}';".format(**names())
    attempt(f"{ignored} DELETE {lead}; UPDATE actions_plan SET title = 'Another'")

    assert run_as_owner(f"SELECT id {lead}") == []
    gone = "SELECT pgh_obj_id FROM actions_commitmentleadevent WHERE pgh_label = 'delete'"
    assert run_as_owner(f"{gone} ORDER BY 1") == there
    titles = run_as_owner("SELECT title FROM actions_planevent ORDER BY pgh_id")
    assert titles == [(kept.plan.title,), ("Another",)]
