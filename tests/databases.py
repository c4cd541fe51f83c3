"""The databases that tests run on, each a copy of one that is made once and kept.

Migrating takes many seconds and loading the sample a minute; copying takes half a second. The
migrated database stays in the cluster until a migration or a package changes, the one with the
sample for a day, or until something changes that the sample may follow from. Each process of a
run has a copy without rows, one for each scene that its tests begin with, one of the sample where
a test asks for it, and a copy for each test that commits.

All that tests and pages do, they do as the application's role. The owner's makes and drops the
databases and migrates them; a test that needs it says so, by `as_owner` or `run_as_owner`.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from django.utils import timezone

from wsoa import embedded_postgres
from wsoa.guard import owner

APPS = [
    "actions",
    "kpis",
    "reports",
    "wsoa/accounts",
    "wsoa/oversight",
    "wsoa/planfile",
    "wsoa/reaching",
]
MIGRATED = "plan_ledger_migrated"
SAMPLE = "plan_ledger_sample"
# Where the sample's files of evidence lie: beside its database, for as long.
SAMPLE_EVIDENCE = embedded_postgres.LOCAL / "evidence-test"
RUN = "plan_ledger_run"

# Rows that many tests begin with, by the fixture that gives them: what makes them, once a process.
# Where one stands on another, it comes first.
SCENES = {
    "accelerated": ("tests.unlike.tracking", "make_accelerated"),
    "everything": ("tests.test_access", "make_everything"),
    "one_inspection": ("tests.unlike.tracking", "make_one_inspection"),
    "strategic": ("tests.unlike.tracking", "make_strategic"),
    "told": ("tests.reports.report_builders", "make_told"),
    "world": ("tests.factories", "make_world"),
}


# The owner's address. Not in the environment, so that what tests start has the application's alone.
_owners_url = ""


class Databases:
    """What one process of a test run has made on the server that DATABASE_URL names."""

    def __init__(self) -> None:
        self._until_the_end = ExitStack()
        self._made: list[str] = []
        self._owned = 0
        self._scenes: dict[str, bytes] = {}

    def start(self) -> None:
        """Join the tests' server, or start it, unless DATABASE_URL names another."""
        global _owners_url
        if not os.environ.get("DATABASE_URL"):
            cluster = embedded_postgres.running(
                embedded_postgres.LOCAL / "postgres-test", disposable=True
            )
            addresses = self._until_the_end.enter_context(cluster)
            os.environ["DATABASE_URL"], _owners_url = addresses
            # A second run in the same process starts anew: tests/mutants.py makes several.
            self._until_the_end.callback(os.environ.pop, "DATABASE_URL", None)
            return
        _owners_url = os.environ.pop("DATABASE_OWNER_URL", "")
        if not _owners_url:
            pytest.exit(
                "Set DATABASE_OWNER_URL too, to a role that may create databases: the tests run as"
                " the role of DATABASE_URL, which owns nothing.",
                returncode=3,
            )

    def evidence_root(self) -> Path:
        """A folder for files of evidence, removed at the end."""
        return Path(self._until_the_end.enter_context(TemporaryDirectory(prefix="evidence-")))

    def stop(self) -> None:
        if self._made:
            from django.db import connection

            connection.close()
        for name in self._made:
            execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._until_the_end.close()

    def use_empty(self) -> None:
        """Lead Django to a database without rows; what a test writes there it rolls back."""
        self._use(self._once("empty"))

    def use_scene(self, name: str) -> None:
        """Lead Django to a database that holds these rows, made at first use."""
        self._use(self._once(name))
        if name not in self._scenes:
            module, make = SCENES[name]
            self._scenes[name] = pickle.dumps(getattr(import_module(module), make)())

    def use_sample(self) -> None:
        """Lead Django to a database as the demo has it, loaded today."""
        name = self._named("sample")
        if name not in self._made:
            copy_sample(name)
            self._made.append(name)
        self._use(name)

    def scene(self, name: str) -> SimpleNamespace:
        """Its rows, as read from the database just now: nobody shares them."""
        rows: SimpleNamespace = pickle.loads(self._scenes[name])
        return rows

    def use_own(self, *, with_sample: bool = False) -> str:
        """Lead Django to a new copy, with the sample or without rows; who asked for it drops it."""
        self._owned += 1
        name = self._named(f"own_{self._owned}")
        (copy_sample if with_sample else copy_migrated)(name)
        self._made.append(name)
        self._use(name)
        return name

    def use_copy_of_scene(self, scene: str) -> str:
        """Lead Django to a new copy of a scene's database; who asked for it discards it."""
        self.use_scene(scene)
        from django.db import connection

        # A database is copied while nobody is connected to it, and a thread of an earlier test may
        # still be.
        connection.close()
        template = self._named(scene)
        execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"
        )
        self._owned += 1
        name = self._named(f"own_{self._owned}")
        execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        self._made.append(name)
        self._use(name)
        return name

    def discard(self, name: str) -> None:
        from django.db import connection

        connection.close()
        execute(f"DROP DATABASE {name} WITH (FORCE)")
        self._made.remove(name)

    def _once(self, kind: str) -> str:
        name = self._named(kind)
        if name not in self._made:
            copy_migrated(name)
            self._made.append(name)
        return name

    def _named(self, kind: str) -> str:
        return f"{RUN}_{os.getpid()}_{kind}"

    def _use(self, name: str) -> None:
        from django.db import connection

        if connection.settings_dict["NAME"] != name:
            connection.close()
            # Connections of other threads are made from the same settings.
            connection.settings_dict["NAME"] = name


def copy_migrated(name: str) -> None:
    """Make a database with every table and no row of ours."""
    execute(f"CREATE DATABASE {name} TEMPLATE {_migrated()}")


def copy_sample(name: str) -> None:
    """Make a database with what the demo loads."""
    execute(f"CREATE DATABASE {name} TEMPLATE {_sample()}")


def execute(statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
    """Run a statement as the owner, outside any transaction, as CREATE DATABASE wants it."""
    address = embedded_postgres.with_database(_owners_url, database)
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def run_as_owner(statement: str) -> list[tuple[Any, ...]]:
    """Run a statement as the owner of the test's database. It sees what was committed alone."""
    from django.db import connection

    return execute(statement, str(connection.settings_dict["NAME"]))


def as_owner() -> AbstractContextManager[None]:
    """Within it, Django queries the test's database as the owner."""
    return owner.as_owner(owners_settings())


def owners_settings() -> dict[str, Any]:
    """What `settings.DATABASE_OWNER` would be for the test's database."""
    import environ
    from django.db import connection

    address = embedded_postgres.with_database(_owners_url, str(connection.settings_dict["NAME"]))
    settings: dict[str, Any] = environ.Env.db_url_config(address)
    return settings


@contextmanager
def unmigrated() -> Iterator[None]:
    """Within it, Django is led to a database without any table."""
    from django.db import connection

    name, before = f"{RUN}_{os.getpid()}_unmigrated", connection.settings_dict["NAME"]
    execute(f"CREATE DATABASE {name}")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
        execute(f"DROP DATABASE {name} WITH (FORCE)")


def _migrated() -> str:
    """The name of the migrated database, made now if it is not there.

    Its tables follow from our migrations, and from the packages that carry them out.
    """
    migrations = [
        path for app in APPS for path in embedded_postgres.ROOT.glob(f"{app}/migrations/*.py")
    ]
    sources = [
        *migrations,
        embedded_postgres.ROOT / "requirements.txt",
        embedded_postgres.ROOT / "wsoa/triggers.py",
        *(embedded_postgres.ROOT / "wsoa/guard").rglob("*.py"),
    ]
    return _kept(f"{MIGRATED}_{_fingerprint(sources)}", "", "migrate", "--verbosity", "0")


def _sample() -> str:
    """The name of the database with the sample, loaded now if it is not there."""
    folders = ("actions", "kpis", "reports", "wsoa", "templates", "fixtures")
    sources = [
        path for folder in folders for path in (embedded_postgres.ROOT / folder).rglob("*.*")
    ]
    sources = [path for path in sources if path.suffix in {".py", ".html", ".typ", ".yaml", ".css"}]
    today = timezone.localdate().isoformat()
    return _kept(f"{SAMPLE}_{_fingerprint(sources, today)}", _migrated(), "load_demo")


def _kept(name: str, template: str, *command: str) -> str:
    """The database of that name; if it is not there, made by a command of manage.py and kept."""
    kind = name.rpartition("_")[0]
    with _one_at_a_time(kind):
        there = {row[0] for row in execute("SELECT datname FROM pg_database")}
        if name not in there:
            _remove_left_over(there, kind)
            unfinished = f"{name}_unfinished"
            execute(f"DROP DATABASE IF EXISTS {unfinished}")
            execute(f"CREATE DATABASE {unfinished} {template and f'TEMPLATE {template}'}")
            _manage(unfinished, *command)
            execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return name


def _fingerprint(sources: list[Path], *also: str) -> str:
    digest = hashlib.sha256("".join(also).encode())
    for path in sorted(sources):
        digest.update(str(path.relative_to(embedded_postgres.ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _remove_left_over(names: set[str], kind: str) -> None:
    """Drop what runs that were killed left behind, and what was kept of this kind before."""
    for name in names:
        run = re.fullmatch(rf"{RUN}_(\d+)_.*", name)
        if (run and not _is_running(int(run[1]))) or name.startswith(f"{kind}_"):
            execute(f"DROP DATABASE IF EXISTS {name}")


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _manage(name: str, *command: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": embedded_postgres.with_database(os.environ["DATABASE_URL"], name),
        "DATABASE_OWNER_URL": embedded_postgres.with_database(_owners_url, name),
        "EVIDENCE_ROOT": str(SAMPLE_EVIDENCE),
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=embedded_postgres.ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        # Every other test would try the same again.
        pytest.exit(f"manage.py {command[0]} failed:\n{done.stderr[-3000:]}", returncode=3)


@contextmanager
def _one_at_a_time(kind: str) -> Iterator[None]:
    """Wait until no other process of this checkout makes a database of that kind."""
    embedded_postgres.LOCAL.mkdir(exist_ok=True)
    with (embedded_postgres.LOCAL / f"{kind}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
