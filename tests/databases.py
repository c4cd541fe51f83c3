"""The databases that tests run on, each a copy of one that is migrated once and kept.

Migrating takes many seconds, copying half a one. The migrated database stays in the cluster
until a migration or a package changes. Each process of a run has a copy without rows, one that
holds the world of `tests/factories.py`, and a copy for each test that commits.
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
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import psycopg2

from wsoa import embedded

APPS = ["actions", "kpis", "reports", "wsoa/accounts", "wsoa/planfile"]
MIGRATED = "plan_ledger_migrated"
RUN = "plan_ledger_run"


class Databases:
    """What one process of a test run has made on the server that DATABASE_URL names."""

    def __init__(self) -> None:
        self._until_the_end = ExitStack()
        self._made: list[str] = []
        self._owned = 0
        self._world = b""

    def start(self) -> None:
        """Join the tests' server, or start it, unless DATABASE_URL names another."""
        if not os.environ.get("DATABASE_URL"):
            cluster = embedded.running(embedded.LOCAL / "postgres-test", disposable=True)
            os.environ["DATABASE_URL"] = self._until_the_end.enter_context(cluster)

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

    def use_world(self) -> None:
        """Lead Django to a database that holds the world, made at first use."""
        name = self._once("world")
        self._use(name)
        if not self._world:
            from tests.factories import make_world

            self._world = pickle.dumps(make_world())

    def world(self) -> SimpleNamespace:
        """The world's rows, as read from the database just now: nobody shares them."""
        world: SimpleNamespace = pickle.loads(self._world)
        return world

    def use_own(self) -> str:
        """Lead Django to a new copy; whoever asked for it drops it."""
        self._owned += 1
        name = self._named(f"own_{self._owned}")
        copy_migrated(name)
        self._made.append(name)
        self._use(name)
        return name

    def drop(self, name: str) -> None:
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


def execute(statement: str) -> list[tuple[str, ...]]:
    """Run a statement on the server, outside any transaction, as CREATE DATABASE wants it."""
    address = embedded.with_database(os.environ["DATABASE_URL"], "postgres")
    with closing(psycopg2.connect(address)) as connection:
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def _migrated() -> str:
    """The name of the migrated database, made now if it is not there."""
    name = f"{MIGRATED}_{_fingerprint()}"
    with _one_at_a_time():
        there = {row[0] for row in execute("SELECT datname FROM pg_database")}
        if name not in there:
            _remove_left_over(there)
            unfinished = f"{name}_unfinished"
            execute(f"DROP DATABASE IF EXISTS {unfinished}")
            execute(f"CREATE DATABASE {unfinished}")
            _migrate(unfinished)
            execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return name


def _fingerprint() -> str:
    """What the tables follow from: our migrations, and the packages that carry them out."""
    digest = hashlib.sha256()
    migrations = [path for app in APPS for path in embedded.ROOT.glob(f"{app}/migrations/*.py")]
    packages = embedded.ROOT / "requirements.txt"
    for path in sorted([*migrations, packages, embedded.ROOT / "wsoa" / "triggers.py"]):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _remove_left_over(names: set[str]) -> None:
    """Drop what runs that were killed left behind, and what earlier migrations made."""
    for name in names:
        run = re.fullmatch(rf"{RUN}_(\d+)_.*", name)
        if (run and not _is_running(int(run[1]))) or name.startswith(f"{MIGRATED}_"):
            execute(f"DROP DATABASE IF EXISTS {name}")


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _migrate(name: str) -> None:
    environment = os.environ | {
        "DATABASE_URL": embedded.with_database(os.environ["DATABASE_URL"], name)
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=embedded.ROOT,
        env=environment,
        check=True,
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Wait until no other process of this checkout makes the migrated database."""
    embedded.LOCAL.mkdir(exist_ok=True)
    with (embedded.LOCAL / "migrated.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
