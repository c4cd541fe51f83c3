"""The whole site as production would run it, served to a browser on this machine."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from tests.databases import RUN, SAMPLE_EVIDENCE, copy_sample, execute
from wsoa import embedded_postgres

# As the demo has it: one process.
THREADS = ("--threads", "4")
# A test may sign somebody in without a password: see `tests/benchmarks/served_pages.py`.
SECRET_KEY = secrets.token_urlsafe(50)
PATIENCE = 30  # seconds until a server that does not answer counts as failed


@contextmanager
def served() -> Iterator[str]:
    """Serve the demo, as set up today, from a new database."""
    with _new_database() as database, served_from(database) as url:
        yield url


@contextmanager
def served_from(
    database: str, *, settings: str = "wsoa.settings", workers: Sequence[str] = THREADS
) -> Iterator[str]:
    """Serve what a database of the tests' server holds."""
    url = embedded_postgres.with_database(os.environ["DATABASE_URL"], database)
    environment = _production(url) | {"DJANGO_SETTINGS_MODULE": settings}
    _run(["make", "--silent", "static"], environment)
    with _gunicorn(environment, workers=workers) as address:
        yield address


@contextmanager
def served_without_data(settings: str) -> Iterator[str]:
    """Serve pages that ask no database, with the settings of that module."""
    environment = _production("postgresql:///unused")
    _run(["make", "--silent", "static"], environment)
    with _gunicorn(environment | {"DJANGO_SETTINGS_MODULE": settings}, "figures") as url:
        yield url


def _production(database_url: str) -> dict[str, str]:
    leave_out = {"DEBUG", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    inherited = {name: value for name, value in os.environ.items() if name not in leave_out}
    return inherited | {
        "DATABASE_URL": database_url,
        "SECRET_KEY": SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        # The one thing unlike production: there is no proxy here to speak https.
        "PLAIN_HTTP": "on",
        "DEMO": "on",
        "EVIDENCE_ROOT": str(SAMPLE_EVIDENCE),
    }


@contextmanager
def _new_database() -> Iterator[str]:
    name = f"{RUN}_{os.getpid()}_site"
    copy_sample(name)
    try:
        yield name
    finally:
        execute(f"DROP DATABASE {name} WITH (FORCE)")


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        command,
        cwd=embedded_postgres.ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def _gunicorn(
    environment: dict[str, str], name: str = "site", workers: Sequence[str] = THREADS
) -> Iterator[str]:
    address = f"127.0.0.1:{embedded_postgres.free_port()}"
    log = embedded_postgres.LOCAL / f"{name}.log"
    command = [sys.executable, "-m", "gunicorn", "wsoa.wsgi", "--bind", address]
    command += [*workers, "--no-control-socket"]
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            cwd=embedded_postgres.ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_served(f"http://{address}/sign-in/", server, log)
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _wait_until_served(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while server.poll() is None and time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE):
                return
        except URLError:
            time.sleep(0.1)
    raise RuntimeError(f"The site does not answer:\n{log.read_text()}")
