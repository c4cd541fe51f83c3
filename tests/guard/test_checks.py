"""What `check --deploy` says of the role that the site works as."""

import pytest
from django.db import connection

from tests.databases import as_owner, run_as_owner
from wsoa.guard.checks import the_application_may_no_more_than_it_needs
from wsoa.guard.owner import as_owner as connected
from wsoa.guard.owner import current_role


def warnings():
    return [
        (warning.id, warning.msg) for warning in the_application_may_no_more_than_it_needs(None)
    ]


@pytest.mark.django_db
def test_the_application_as_migrate_leaves_it_gives_no_warning():
    assert warnings() == []


@pytest.mark.django_db
def test_one_role_for_everything_is_warned_of():
    with as_owner():
        ((number, words),) = warnings()
    assert number == "guard.W001"
    assert words == (
        "The role of DATABASE_URL may do more than the application needs: it may make tables;"
        " it owns account_emailaddress; it owns account_emailconfirmation; and more."
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("UPDATE ON actions_keydate", "UPDATE on actions_keydate."),
        ("UPDATE (brag) ON actions_progressupdate", "UPDATE on actions_progressupdate."),
        ("INSERT, DELETE ON actions_planevent", "DELETE and INSERT on actions_planevent."),
        ("TRUNCATE ON actions_plan", "TRUNCATE on actions_plan."),
        ("CREATE ON SCHEMA public", "it may make tables."),
        ("EXECUTE ON FUNCTION {function}()", "it may hang {function}() on a table."),
    ],
)
def test_a_right_too_many_is_named(given, words):
    ((function,),) = run_as_owner(
        "SELECT tgname FROM pg_trigger WHERE tgrelid = 'actions_plan'::regclass"
        " AND tgname LIKE 'pgtrigger_insert%'"
    )
    given, words = given.format(function=function), words.format(function=function)
    run_as_owner(f"GRANT {given} TO {current_role()}")
    assert warnings() == [
        (
            "guard.W001",
            f"The role of DATABASE_URL may do more than the application needs: {words}",
        )
    ]


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_said_to_be_silent():
    nowhere = connection.settings_dict | {"NAME": "there_is_no_such_database"}
    with connected(nowhere):
        ((number, words),) = warnings()
    assert number == "guard.W002"
    assert "there_is_no_such_database" in words
