"""A function in a process of its own: what comes back, what it is kept from, how many at once."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection

from actions.io import own_process
from actions.io.own_process import NotDone, in_own_process
from actions.io.spreadsheets import Problem, SheetError
from wsoa.embedded_postgres import ROOT

# --- What the other process does, found there by its name -------------------------------------


def told(*words, joined_by=" "):
    sys.stdout.write("What a library prints is not the answer.")
    return joined_by.join(words)


def refused():
    raise SheetError([Problem("this is not a date", 3, "Date")])


def process():
    return os.getpid(), sorted(os.environ), sorted(sys.modules)


def open_files():
    return [os.readlink(file) for file in Path("/proc/self/fd").iterdir() if file.exists()]


def kill_oneself():
    os.kill(os.getpid(), signal.SIGKILL)


def unfold():
    return len(bytearray(8 * own_process.GIB))


def compute():
    while True:
        pass


def sleep_for(seconds):
    time.sleep(seconds)


def unpicklable():
    return lambda: None


# --- What comes of it -------------------------------------------------------------------------


def test_what_it_gives_comes_back():
    assert in_own_process(told, "a", "b", joined_by="–") == "a–b"


def test_what_it_refuses_comes_back_as_it_was_raised():
    with pytest.raises(SheetError) as refusal:
        in_own_process(refused)
    assert refusal.value.problems == [Problem("this is not a date", 3, "Date")]


def test_it_is_another_process_without_secrets_or_django():
    number, names, modules = in_own_process(process)
    assert number != os.getpid()
    assert not {"SECRET_KEY", "DATABASE_URL"} & set(names)
    assert "actions.models" not in modules


@pytest.mark.django_db
def test_it_inherits_no_connection_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        before = cursor.fetchone()
        files = in_own_process(open_files)
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() == before
    assert files
    assert not [name for name in files if name.startswith("socket:")]


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (kill_oneself, own_process.ENDED),
        (unfold, own_process.TOO_LARGE),
        (unpicklable, own_process.ENDED),
    ],
)
def test_what_goes_wrong_is_said_in_plain_words(function, words):
    with pytest.raises(NotDone, match=words):
        in_own_process(function)


def test_one_that_waits_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(own_process, "SECONDS", 1)
    with pytest.raises(NotDone, match=own_process.TOO_LONG):
        in_own_process(sleep_for, 30)


def test_one_that_computes_too_long_is_ended_by_the_system(monkeypatch):
    """Also where whoever asked is no longer there to end it."""
    monkeypatch.setattr(own_process, "CPU_SECONDS", 1)
    with pytest.raises(NotDone, match=own_process.TOO_LONG):
        in_own_process(compute)


# --- How many at once -------------------------------------------------------------------------


@pytest.fixture
def two_places(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(own_process, "AT_ONCE", 2)


def test_no_more_than_the_places_run_at_once(two_places):
    begun = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda seconds: in_own_process(sleep_for, seconds), [0.5] * 4))
    assert time.monotonic() - begun >= 1


def test_who_waits_too_long_for_a_place_is_told(two_places, monkeypatch):
    monkeypatch.setattr(own_process, "PATIENCE", 0.2)
    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(in_own_process, sleep_for, 3) for _ in range(2)]
        time.sleep(1)
        with pytest.raises(NotDone, match=own_process.BUSY):
            in_own_process(told, "a")
        [one.result() for one in running]
    assert in_own_process(told, "a") == "a"


def test_a_place_is_kept_by_who_works_and_not_by_who_asked(two_places, monkeypatch, tmp_path):
    """A worker that is killed leaves its document to end by itself; the place is free only then."""
    monkeypatch.setattr(own_process, "AT_ONCE", 1)
    monkeypatch.setattr(own_process, "PATIENCE", 0.2)
    ask = (
        "from actions.io import own_process\n"
        "from tests.actions.io.test_own_process import sleep_for\n"
        "own_process.AT_ONCE = 1\n"
        "print('begun', flush=True)\n"
        "own_process.in_own_process(sleep_for, 4)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", ask],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
    ) as asker:
        assert asker.stdout.readline() == b"begun\n"
        time.sleep(1.5)
        asker.kill()
    with pytest.raises(NotDone, match=own_process.BUSY):
        in_own_process(told, "a")
    monkeypatch.setattr(own_process, "PATIENCE", 20)
    assert in_own_process(told, "a") == "a"


def test_its_places_lie_where_no_other_user_may_look(two_places, tmp_path):
    in_own_process(told, "a")
    (folder,) = Path(tmp_path).iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
