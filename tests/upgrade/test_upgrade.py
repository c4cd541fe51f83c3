"""A database that a release filled is upgraded while the site goes on reading it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import NoReverseMatch, reverse

from actions.io import storage
from actions.io.storage import checked_file
from actions.models import Membership, ProgressUpdate
from tests.actions.io import documents
from tests.databases import as_owner, owners_settings, run_as_owner, unmigrated
from tests.test_access import names_of_the_site
from tests.upgrade import kept
from wsoa.accounts.models import User
from wsoa.guard import rights
from wsoa.guard.owner import current_role

PATIENCE = "2s"
ANSWERS = {200, 302, 403, 404, 405}


@pytest.fixture
def of_now(tmp_path: Path) -> Path:
    """As if a release were made now."""
    kept.fill()
    with as_owner():
        kept.keep(tmp_path / "now.zip")
    return tmp_path / "now.zip"


def migrate_to(release: Path) -> None:
    with as_owner():
        MigrationExecutor(connection).migrate(kept.migrations(release))
        kept.restore(release)


def migrate_to_the_newest(settings) -> None:
    owner = owners_settings()
    impatient = owner.get("OPTIONS", {}) | {"options": f"-c lock_timeout={PATIENCE}"}
    settings.DATABASE_OWNER = owner | {"OPTIONS": impatient}
    call_command("migrate", verbosity=0)


@contextmanager
def read_meanwhile() -> Iterator[list[str]]:
    """Read every table in short transactions, as pages do, and say what did not answer in time."""
    parameters = connection.get_connection_params()
    parameters.pop("cursor_factory")
    role = current_role()
    with as_owner():
        rights.give(role)
    tables = [
        name
        for (name,) in run_as_owner(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND"
            " relnamespace = 'public'::regnamespace"
        )
    ]
    failures: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        reader = psycopg2.connect(**parameters)
        try:
            while not is_over.is_set():
                with reader, reader.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                    for table in tables:
                        # A table that is gone has no reader any more either.
                        cursor.execute("SELECT to_regclass(%s)", [table])
                        if cursor.fetchone() != (None,):
                            cursor.execute(f'SELECT count(*) FROM "{table}"')
                is_over.wait(0.05)
        except psycopg2.Error as error:
            failures.append(str(error))
        finally:
            reader.close()

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield failures
    finally:
        is_over.set()
        thread.join()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "release", ["now", *sorted(path.stem for path in kept.RELEASES.glob("*.zip"))]
)
def test_a_filled_database_is_upgraded_under_readers_and_reads_the_same(release, of_now, settings):
    path = of_now if release == "now" else kept.RELEASES / f"{release}.zip"
    expected = kept.kept_facts(path)
    assert expected["commitments"]
    storage.keep(checked_file(documents.sent("minutes.pdf", documents.PDF)))
    with unmigrated():
        migrate_to(path)
        with read_meanwhile() as failures:
            migrate_to_the_newest(settings)
        assert failures == []

        assert kept.facts() == expected
        for officer in Membership.objects.filter(role=Membership.Role.PROGRAMME_OFFICER):
            assert wrong_pages(officer.user, officer.plan.slug) == []
        _goes_on()


def wrong_pages(user: User, slug: str) -> list[tuple[str, int]]:
    """Each page of a plan that its address alone leads to, where it does not answer."""
    client = Client()
    client.force_login(user)
    answers = []
    for name in names_of_the_site():
        try:
            address = reverse(name, args=[slug])
        except NoReverseMatch:
            continue
        answer = client.get(address)
        answer.close()
        answers.append((address, answer.status_code))
    # What takes a form alone is refused, and so is what an agreed plan no longer has. An error of
    # the page itself is raised here.
    assert [status for _, status in answers].count(200) > 20
    return [(address, status) for address, status in answers if status not in ANSWERS]


def _goes_on() -> None:
    """What was there is still locked, and the next row finds its key."""
    newest = ProgressUpdate.objects.latest("recorded_at")
    with pytest.raises(Exception, match="permission denied"):
        ProgressUpdate.objects.update(brag="red")
    row = ProgressUpdate.objects.create(
        commitment=newest.commitment, by=newest.by, brag="green", progress="On we go."
    )
    assert row.recorded_at > newest.recorded_at
    assert row.pk > newest.pk


@pytest.mark.django_db(transaction=True)
def test_a_row_that_an_upgrade_changed_is_noticed(of_now):
    """By the facts, which are what the test above compares."""
    expected = kept.kept_facts(of_now)
    with as_owner():
        assert kept.facts() == expected
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM actions_draft; UPDATE actions_plan SET title = 'Another'")
    assert kept.facts() != expected
