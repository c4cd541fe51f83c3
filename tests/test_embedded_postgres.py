"""The embedded PostgreSQL: joined by many, stopped by the last, kept or thrown away."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from wsoa import embedded_postgres


def ask(database_url: str, statement: str) -> str | None:
    connection = psycopg2.connect(database_url)
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def is_stopped(database_url: str) -> bool:
    try:
        ask(database_url, "SELECT 1")
    except psycopg2.OperationalError:
        return True
    return False


@pytest.fixture
def data(tmp_path: Path) -> Path:
    # Longer than a socket's path may be, and awkward for a shell.
    return tmp_path / ("a person's folder " * 6).strip() / "postgres"


def test_it_keeps_its_data_from_one_start_to_the_next(data):
    with embedded_postgres.running(data) as (_, first):
        ask(first, "CREATE TABLE kept AS SELECT 'still here' AS words")
    assert is_stopped(first)

    with embedded_postgres.running(data) as (_, second):
        assert ask(second, "SELECT words FROM kept") == "still here"


def test_the_last_to_leave_stops_it(data):
    with embedded_postgres.running(data) as outer:
        with embedded_postgres.running(data) as inner:
            assert inner == outer
        assert not is_stopped(outer.application)
    assert is_stopped(outer.application)


def test_a_disposable_one_is_kept_if_it_ended_cleanly(data):
    with embedded_postgres.running(data, disposable=True) as (_, first):
        ask(first, "CREATE TABLE kept ()")

    with embedded_postgres.running(data, disposable=True) as (_, second):
        assert ask(second, "SELECT to_regclass('kept')") == "kept"


def test_a_disposable_one_whose_server_was_killed_is_made_anew(data):
    with embedded_postgres.running(data, disposable=True) as (_, first):
        ask(first, "CREATE TABLE lost ()")
        note = data / "postmaster.pid"
        os.kill(int(note.read_text().split()[0]), signal.SIGQUIT)
        while note.exists():
            time.sleep(0.05)

    with embedded_postgres.running(data, disposable=True) as (_, second):
        assert ask(second, "SELECT to_regclass('lost')") is None


def test_it_is_removed_only_when_nobody_uses_it(data):
    with (
        embedded_postgres.running(data),
        pytest.raises(embedded_postgres.EmbeddedError, match="in use"),
    ):
        embedded_postgres.remove(data)

    embedded_postgres.remove(data)
    assert not data.exists()
    embedded_postgres.remove(data)


def test_one_left_running_by_somebody_killed_is_taken_over(data):
    program = (
        "import os, pathlib, sys; from wsoa import embedded;"
        "embedded.running(pathlib.Path(sys.argv[1])).__enter__(); os.abort()"
    )
    killed = [sys.executable, "-c", program, str(data)]
    subprocess.run(killed, cwd=embedded_postgres.ROOT, check=False, stderr=subprocess.DEVNULL)

    with embedded_postgres.running(data) as addresses:
        assert not is_stopped(addresses.application)
    assert is_stopped(addresses.application)


def test_one_role_owns_its_database_and_the_other_can_make_nothing(data):
    with embedded_postgres.running(data) as (application, owner):
        assert (
            ask(
                owner,
                "SELECT datdba::regrole = current_user::regrole FROM pg_database"
                " WHERE datname = current_database()",
            )
            is True
        )
        for address in (application, owner):
            assert (
                ask(address, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
            )
        ask(owner, "CREATE TABLE kept ()")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(application, "CREATE TABLE made ()")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(application, "TABLE kept")


def test_it_listens_on_no_network_port_and_lets_nobody_else_in(data):
    with embedded_postgres.running(data) as addresses:
        assert ask(addresses.application, "SHOW listen_addresses") == ""
        sockets = Path(addresses.application.partition("?host=")[2])
        assert sockets.stat().st_mode & 0o077 == 0
    assert not sockets.exists()


def test_a_command_gets_what_it_needs_and_its_status_comes_back(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///elsewhere")
    monkeypatch.setenv("PORT", "1234")
    monkeypatch.setenv("ALLOWED_HOSTS", "set.by.the.caller")
    check = '[ "$DATABASE_URL $PORT $ALLOWED_HOSTS" = "$1" ] && [ -n "$SECRET_KEY" ] && exit 7'
    expected = "postgresql:///elsewhere 1234 set.by.the.caller"

    run = [sys.executable, "-m", "wsoa.embedded_postgres", "sh", "-c", check, "sh", expected]
    assert subprocess.run(run, cwd=embedded_postgres.ROOT, check=False).returncode == 7


def test_nothing_the_caller_set_is_overruled(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "mine")
    monkeypatch.setenv("PLAIN_HTTP", "off")
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("DEMO", raising=False)

    addresses = embedded_postgres.Addresses("postgresql:///x", "postgresql://owner@/x")
    assert embedded_postgres.local_environment(addresses) == {
        "DATABASE_URL": "postgresql:///x",
        "DATABASE_OWNER_URL": "postgresql://owner@/x",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DEMO": "on",
    }


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (
            "postgresql://u:p@db:5432/a?sslmode=require",
            "postgresql://u:p@db:5432/b?sslmode=require",
        ),
        ("postgresql://postgres@/a?host=/tmp/s", "postgresql://postgres@/b?host=/tmp/s"),
        ("postgresql:///a", "postgresql:///b"),
    ],
)
def test_another_database_of_the_same_server(address, expected):
    assert embedded_postgres.with_database(address, "b") == expected


def test_a_port_that_is_taken_is_passed_over():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert embedded_postgres.free_port(port) != port
    assert embedded_postgres.free_port(port) == port
