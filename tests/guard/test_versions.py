"""The counters of what changes: each write of a plan raises its own, and only a commit is seen."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.db.utils import ProgrammingError

from actions.models import Organisation, PlanVersion, ProgressUpdate, Theme
from tests.factories import make_world
from wsoa.guard import versions

SHARED = 0


def numbers():
    return dict(PlanVersion.objects.values_list("of", "number"))


def raised_by(act):
    """By how much each counter has risen once `act` is committed."""
    before = numbers()
    with transaction.atomic():
        act()
    return {
        of: number - before.get(of, 0)
        for of, number in numbers().items()
        if number != before.get(of)
    }


@pytest.mark.django_db
def test_each_table_that_pages_are_made_from_raises_a_version():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname LIKE 'pgtrigger_raise_version%' AND tgdeferrable AND tginitdeferred"
        )
        raising = {name for (name,) in cursor.fetchall()}
    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in versions.OURS
        and not model._meta.db_table.endswith("event")
        and model._meta.label not in versions.SHOWN_BY_NO_PAGE
    }

    assert raising == ours
    assert len(raising) > 80


@pytest.mark.django_db(transaction=True)
class TestRaising:
    def test_an_update_raises_the_version_of_its_plan_alone(self):
        world, other = make_world(), make_world()

        def record():
            ProgressUpdate.objects.create(
                commitment=world.commitment, brag="green", progress="Begun.", source="test"
            )

        assert raised_by(record) == {world.plan.pk: 1}
        assert other.plan.pk in numbers()

    def test_many_rows_of_one_transaction_raise_it_once(self):
        world = make_world()

        def edit():
            world.commitment.evidence = "Minutes"
            world.commitment.save()
            world.area.title = "Joint working"
            world.area.save()
            with transaction.atomic():
                world.commitment.evidence = "Minutes and papers"
                world.commitment.save()

        assert raised_by(edit) == {world.plan.pk: 1}

    def test_a_name_that_plans_share_raises_what_is_shared(self):
        world = make_world()
        organisation = Organisation.objects.create(
            local_area=world.plan.local_area, name="Trust", code="T"
        )

        def rename():
            Organisation.objects.filter(pk=organisation.pk).update(name="New Trust")

        assert raised_by(rename) == {SHARED: 1}

    def test_signing_in_raises_nothing_and_a_new_name_does(self):
        world = make_world()
        user = world.users["officer"]

        assert raised_by(lambda: user.save(update_fields=["last_login"])) == {}
        user.name = "A. Newname"
        assert raised_by(user.save) == {SHARED: 1}

    def test_what_is_taken_away_with_its_parent_raises_too(self):
        world = make_world()
        theme = Theme.objects.create(
            plan=world.plan, area=world.area, code="9.9", position=9, title="A theme"
        )

        raised = raised_by(theme.delete)

        assert raised[world.plan.pk] == 1

    def test_what_is_rolled_back_raises_nothing(self):
        world = make_world()
        before = numbers()

        with transaction.atomic():
            world.area.title = "Never"
            world.area.save()
            transaction.set_rollback(True)

        assert numbers() == before

    def test_raw_sql_raises_it_and_cannot_set_it(self):
        world = make_world()

        def by_hand():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE actions_area SET title = 'By hand' WHERE id = %s", [world.area.pk]
                )

        assert raised_by(by_hand) == {world.plan.pk: 1}
        with pytest.raises(ProgrammingError), connection.cursor() as cursor:
            cursor.execute("UPDATE actions_planversion SET number = 1")

    def test_another_process_waits_for_nothing_and_sees_the_number_with_the_row(self):
        """Until we commit, another sees neither our row nor a new number."""
        world = make_world()
        other = connection.copy()

        def seen_elsewhere():
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT number, title FROM actions_planversion JOIN actions_area"
                    " ON plan_id = of WHERE actions_area.id = %s",
                    [world.area.pk],
                )
                return cursor.fetchone()

        try:
            number, title = seen_elsewhere()
            with transaction.atomic():
                world.area.title = "Committed"
                world.area.save()
                assert seen_elsewhere() == (number, title)
            assert seen_elsewhere() == (number + 1, "Committed")
        finally:
            other.close()


def test_a_table_that_leads_to_no_plan_must_be_named():
    class Stray(models.Model):  # noqa: DJ008 - never stored
        class Meta:
            app_label = "actions"
            managed = False

    try:
        with pytest.raises(ImproperlyConfigured, match=r"actions\.Stray leads to no plan"):
            versions.triggers_of(Stray)
    finally:
        del apps.all_models["actions"]["stray"]
        apps.clear_cache()
