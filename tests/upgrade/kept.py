"""What the database of a release holds when it is in use, kept so that later versions upgrade it.

A file is a zip: the last migration of each app, every row of every table as CSV, and what the
application made of them. No schema: that is made by the migrations of then.

    python -m tests.upgrade.kept 1.0     # as of now, into tests/upgrade/releases/1.0.zip
"""

import json
import sys
from io import StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection, transaction

RELEASES = Path(__file__).parent / "releases"
# Made by `migrate` itself, or of nobody's interest a day later.
LEFT_OUT = {
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
}


def fill() -> None:
    """Two invented plans: one of each thing that has an address, and a quarter worked by hand."""
    from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

    from reports.models import WordTemplate
    from tests.reports.report_builders import make_told
    from tests.test_access import make_everything
    from wsoa.accounts.models import User

    make_everything()
    # Its template is no Word file: there only the address is tried.
    WordTemplate.objects.all().delete()
    make_told()
    # Nobody signs in to what is kept, and no digest of a password is.
    User.objects.update(password=UNUSABLE_PASSWORD_PREFIX)


def keep(path: Path) -> None:
    """Write down the present database, as its owner."""
    from django.db.migrations.loader import MigrationLoader

    leaves = MigrationLoader(connection).graph.leaf_nodes()
    with ZipFile(path, "w", ZIP_DEFLATED) as file, connection.cursor() as cursor:
        file.writestr("migrations.json", json.dumps(list(leaves)))
        file.writestr("facts.json", json.dumps(facts(), indent=1))
        for table in _tables():
            rows = StringIO()
            query = f'SELECT * FROM "{table}" ORDER BY 1'
            cursor.copy_expert(f"COPY ({query}) TO STDOUT (FORMAT csv, HEADER)", rows)
            if rows.getvalue().count("\n") > 1:
                file.writestr(f"rows/{table}.csv", rows.getvalue())


def migrations(path: Path) -> list[tuple[str, str]]:
    """Up to where the release of this file had migrated."""
    with ZipFile(path) as file:
        return [(app, name) for app, name in json.loads(file.read("migrations.json"))]


def kept_facts(path: Path) -> dict[str, object]:
    with ZipFile(path) as file:
        kept: dict[str, object] = json.loads(file.read("facts.json"))
        return kept


@transaction.atomic
def restore(path: Path) -> None:
    """Put the rows, as they are, into a database that was migrated up to there, as its owner.

    A restore of a dump brings its triggers after its rows; here they stand already and wait.
    """
    tables = _tables()
    with ZipFile(path) as file, connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        for name in file.namelist():
            if not name.startswith("rows/"):
                continue
            table = Path(name).stem
            rows = file.read(name).decode()
            columns = ", ".join(f'"{name}"' for name in rows.partition("\n")[0].split(","))
            cursor.copy_expert(
                f'COPY "{table}" ({columns}) FROM STDIN (FORMAT csv, HEADER)', StringIO(rows)
            )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
            for sequence in connection.introspection.get_sequences(cursor, table):
                column = sequence["column"]
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, %s), max({column}))"
                    f' FROM "{table}" HAVING max({column}) IS NOT NULL',
                    [table, column],
                )


def facts() -> dict[str, object]:
    """What the application makes of the rows, in words that no later version puts otherwise."""
    from actions.models import Plan
    from actions.records.history import load_history
    from actions.rules.dates import day_of
    from actions.rules.state import state_at
    from kpis.models import Measurement
    from reports.models import PublishedPaper

    plans = list(Plan.objects.order_by("slug"))
    # The day on which the rows were written: a later one has other states.
    day = day_of(max(plan.events.latest("pgh_id").pgh_created_at for plan in plans))  # type: ignore[attr-defined]
    states = state_at(load_history(plans, day), day)
    return {
        "commitments": {
            f"{plan.slug} {state.ref}": [
                state.standing.rating.name,
                str(state.completion.first.first_day) if state.completion else None,
                str(state.overdue_since),
                state.is_withdrawn,
                len(state.open_questions),
            ]
            for plan in plans
            for state in states[plan.pk].commitments
        },
        "figures": [
            [str(row.kpi), str(row.ends_on), str(row.value), row.recorded_at.isoformat()]
            for row in Measurement.objects.select_related("kpi").order_by("pk")
        ],
        "edits": {plan.slug: plan.events.count() for plan in plans},  # type: ignore[attr-defined]
        "published": list(PublishedPaper.objects.order_by("pk").values_list("digest", flat=True)),
    }


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    return sorted(set(names) - LEFT_OUT)


def main(release: str) -> None:
    """Fill a new database and keep what is in it."""
    import os

    import django
    from django.conf import settings

    from tests.databases import Databases, as_owner

    databases = Databases()
    databases.start()
    os.environ |= {"DEBUG": "on", "DEMO": "on", "DJANGO_SETTINGS_MODULE": "wsoa.settings"}
    django.setup()
    settings.EVIDENCE_ROOT = databases.evidence_root()
    databases.use_own()
    try:
        fill()
        RELEASES.mkdir(exist_ok=True)
        with as_owner():
            keep(RELEASES / f"{release}.zip")
    finally:
        databases.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
