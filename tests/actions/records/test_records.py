"""Append-only tables: every way round the lock is shut, and the database sets the clocks."""

from datetime import timedelta

import pgtrigger
import pytest
from django.apps import apps
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django.utils import timezone

from actions.models import ProgressUpdate
from actions.models.base import Record
from tests.databases import as_owner
from tests.factories import at, make_world

RECORDS = [model for model in apps.get_models() if issubclass(model, Record)]
EVERY_TRIGGER = ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())


def record(world, **fields):
    return ProgressUpdate.objects.create(
        **{
            "commitment": world.commitment,
            "brag": "green",
            "progress": "Work goes on.",
            "by": world.users["lead"],
        }
        | fields
    )


def test_there_are_records_to_lock():
    assert len(RECORDS) >= 10


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_record_is_locked_against_update_delete_and_truncate(model):
    locks = {trigger.name for trigger in model._meta.triggers}
    assert {"protect_update", "protect_delete", "protect_truncate", "clocks"} <= locks


@pytest.mark.django_db
@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_the_locks_stand_in_the_database(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal"
            " AND tgname NOT LIKE 'pgtrigger_raise_version%%'",
            [model._meta.db_table],
        )
        assert cursor.fetchone()[0] == 4


def save_again(row):
    row.progress = "Something else."
    row.save()


def insert_over(row):
    ProgressUpdate(
        pk=row.pk,
        commitment=row.commitment,
        brag="red",
        progress="Over it.",
        by=row.by,
    ).save()


def upsert(row):
    ProgressUpdate.objects.bulk_create(
        [ProgressUpdate(pk=row.pk, commitment=row.commitment, brag="red", progress="x", by=row.by)],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["brag"],
    )


def raw(statement):
    def run(row):
        with connection.cursor() as cursor:
            cursor.execute(statement.format(pk=row.pk))

    return run


@pytest.mark.parametrize(
    "attempt",
    [
        save_again,
        insert_over,
        upsert,
        lambda row: row.delete(),
        lambda row: ProgressUpdate.objects.filter(pk=row.pk).update(brag="red"),
        lambda row: ProgressUpdate.objects.filter(pk=row.pk).delete(),
        lambda row: ProgressUpdate.objects.bulk_update([row], ["brag"]),
        lambda row: ProgressUpdate.objects.update_or_create(pk=row.pk, defaults={"brag": "red"}),
        lambda row: ProgressUpdate._base_manager.filter(pk=row.pk).update(brag="red"),
        lambda row: row.commitment.updates.update(brag="red"),
        lambda row: row.commitment.delete(),
        raw("UPDATE actions_progressupdate SET brag = 'red' WHERE id = {pk}"),
        raw("DELETE FROM actions_progressupdate WHERE id = {pk}"),
    ],
    ids=[
        "save",
        "insert with its key",
        "upsert",
        "delete",
        "queryset update",
        "queryset delete",
        "bulk update",
        "update or create",
        "base manager",
        "related manager",
        "deleting the parent",
        "raw update",
        "raw delete",
    ],
)
def test_a_record_cannot_be_changed(world, attempt):
    row = record(world)
    with pytest.raises((ProgrammingError, IntegrityError)), transaction.atomic():
        attempt(row)
    row.refresh_from_db()
    assert row.brag == "green"
    assert row.progress == "Work goes on."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE actions_progressupdate SET brag = 'red'",
        "DELETE FROM actions_progressupdate",
        "TRUNCATE actions_progressupdate CASCADE",
    ],
)
def test_a_record_cannot_be_changed_by_the_owner_either(statement):
    record(make_world())
    refused = pytest.raises(InternalError, match=r"Cannot (update|delete|truncate)")
    with as_owner(), connection.cursor() as cursor, refused:
        cursor.execute(f"SET pgtrigger.ignore = '{{{EVERY_TRIGGER}}}'; {statement}")
    assert ProgressUpdate.objects.get().brag == "green"


def test_the_database_sets_both_clocks_to_the_moment_of_recording(world):
    before = timezone.now()
    row = record(world)
    assert before - timedelta(seconds=5) < row.recorded_at < timezone.now() + timedelta(seconds=5)
    assert row.effective_at == row.recorded_at


def test_recorded_at_cannot_be_chosen(world):
    row = record(world, recorded_at=at("2022-01-01"))
    assert row.recorded_at.year == timezone.now().year


def test_an_earlier_moment_is_kept_and_a_later_one_refused(world):
    assert record(world, effective_at=at("2022-05-10")).effective_at == at("2022-05-10")
    with pytest.raises(IntegrityError, match="effective_not_later"), transaction.atomic():
        record(world, effective_at=timezone.now() + timedelta(days=1))


def test_a_record_has_an_author_or_a_source(world):
    with pytest.raises(IntegrityError, match="has_author_or_source"), transaction.atomic():
        record(world, by=None)
    assert record(world, by=None, source="paper form of May").pk


def test_two_records_of_one_transaction_are_in_order(world):
    first, second = record(world), record(world)
    assert first.recorded_at < second.recorded_at


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"brag": "purple"}, "update_brag_is_a_colour"),
        ({"forecast_on": "2022-05-02"}, "update_forecast_is_month"),
        ({"work_starts_on": "2022-05-02"}, "update_work_starts_is_month"),
    ],
)
def test_an_update_breaks_its_constraint(world, fields, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        record(world, **fields)


def test_a_correction_needs_a_reason_and_is_the_only_one(world):
    wrong = record(world)
    with pytest.raises(IntegrityError, match="correction_has_reason"), transaction.atomic():
        record(world, corrects=wrong)
    record(world, corrects=wrong, correction_reason="The wrong line.")
    with pytest.raises(IntegrityError, match="corrects_id"), transaction.atomic():
        record(world, corrects=wrong, correction_reason="Once more.")
