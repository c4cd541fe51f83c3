"""No session variable switches a trigger off or leads it elsewhere."""

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from actions.models import ProgressUpdate
from tests.factories import at

EVERY_TRIGGER = ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def ignore_every_trigger():
    run("SELECT set_config('pgtrigger.ignore', %s, true)", f"{{{EVERY_TRIGGER}}}")


@pytest.mark.django_db
def test_every_trigger_function_of_the_database_is_firm():
    functions = run(
        "SELECT proname, prosrc, array_to_string(proconfig, ';'),"
        " has_function_privilege('pg_monitor', pg_proc.oid, 'EXECUTE')"
        " FROM pg_proc WHERE prorettype = 'trigger'::regtype"
        " AND pronamespace = 'public'::regnamespace"
    )

    assert {name for name, *_ in functions} == set(EVERY_TRIGGER.split(","))
    for name, source, setting, anybody_may in functions:
        assert "ignore" not in source, name
        # Temporary tables, which anybody may make, come last.
        assert setting == "search_path=public, pg_temp", name
        assert not anybody_may, name


@pytest.mark.django_db
def test_there_is_no_function_that_tells_triggers_what_to_ignore():
    assert run("SELECT proname FROM pg_proc WHERE prosrc LIKE %s", "%pgtrigger.ignore%") == []


def test_the_migrations_install_firm_triggers_alone():
    from django.db.migrations.loader import MigrationLoader

    state = MigrationLoader(None).project_state()
    kinds = {
        type(trigger.sql).__name__
        for model in state.models.values()
        for trigger in model.options.get("triggers", [])
    }
    assert kinds == {"FirmTriggerSql", "OwnersTriggerSql"}


def test_a_record_cannot_be_given_a_moment_of_recording(world):
    ignore_every_trigger()
    ProgressUpdate.objects.create(
        commitment=world.commitment,
        by=world.users["lead"],
        brag="green",
        progress="Long ago.",
        recorded_at=at("2020-01-01"),
        effective_at=at("2020-01-01"),
    )
    kept = ProgressUpdate.objects.get()
    assert kept.effective_at == at("2020-01-01")
    assert kept.recorded_at.date() == timezone.now().date()


def test_an_edit_cannot_be_kept_out_of_the_history(world):
    ignore_every_trigger()
    world.plan.title = "Retitled unseen"
    world.plan.save()
    assert "Retitled unseen" in world.plan.events.values_list("title", flat=True)


def test_an_action_cannot_leave_the_area_of_its_theme(world):
    ignore_every_trigger()
    with pytest.raises(IntegrityError, match="area of its theme"), transaction.atomic():
        run(
            "UPDATE actions_action SET area_id = (SELECT id FROM actions_area WHERE id <> area_id"
            " LIMIT 1) WHERE id = %s",
            world.action.pk,
        )


def test_a_table_of_ones_own_is_not_taken_for_the_real_one(world):
    """A trigger that looked there first would lock, check and write rows of the session's own."""
    run("CREATE TEMPORARY TABLE actions_planevent (LIKE public.actions_planevent)")
    run("CREATE TEMPORARY TABLE actions_theme (LIKE public.actions_theme)")
    run("UPDATE public.actions_plan SET title = 'Retitled aside' WHERE id = %s", world.plan.pk)
    assert run("SELECT count(*) FROM pg_temp.actions_planevent") == [(0,)]
    assert run("SELECT count(*) FROM public.actions_planevent WHERE title = 'Retitled aside'") == [
        (1,)
    ]
