"""The files of what is published, made by workers: all of them, each once, whoever is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from actions.io import own_process
from reports.contents.building import build
from reports.drafts import publishing
from reports.making import jobs
from reports.models import FilesJob, PublishedFile, ReportSeries, WorkerSeen
from reports.rendering import FORMATS
from tests.factories import make_world
from tests.reports.draft_builders import begin, make_files, make_series, set_up_and_said
from tests.test_queries import queries
from wsoa import embedded_postgres

ALL = len(FORMATS)
PATIENCE = 60


@pytest.fixture
def world(db):
    return set_up_and_said(make_world())


def freeze(world, content="kpis", rhythm="monthly"):
    """Pressed, and no worker there yet. A report of KPIs has one paper, a formal one two."""
    series = ReportSeries.objects.filter(plan=world.plan, content=content).first()
    report = begin(world, series or make_series(world.plan, content, rhythm))
    publishing.publish(
        report=report,
        by=world.users["officer"],
        now=timezone.now(),
        seen=[one.words for one in build(report, is_draft=False).missing],
        reason="The board meets tomorrow.",
    )
    return report


def job():
    return FilesJob.objects.get()


def take():
    taken = jobs.take(uuid4())
    assert taken
    return taken


def let_the_lease_run_out():
    FilesJob.objects.update(leased_until=timezone.now() - timedelta(seconds=1))


def told(client, world, report, user="officer"):
    """What the page of the report answers, and says."""
    client.force_login(world.users[user])
    answer = client.get(reverse("reports:report", args=(world.plan.slug, report.pk)))
    return answer.status_code, " ".join(answer.content.decode().split())


# --- What people see --------------------------------------------------------------------------


def test_nobody_outside_the_team_sees_it_before_all_files_are_there(client, world):
    report = freeze(world, "formal")
    address = reverse("reports:report", args=(world.plan.slug, report.pk))
    index = reverse("reports:index", args=(world.plan.slug,))
    a_file = reverse("reports:report_file", args=(world.plan.slug, report.pk, "report", "pdf"))

    assert told(client, world, report, "reader")[0] == 404
    assert client.get(a_file).status_code == 404
    assert address not in client.get(index).content.decode()
    status, page = told(client, world, report)
    assert status == 200
    assert f"<b>0 of {2 * ALL}</b> are there" in page
    assert "Files are being made" in client.get(index).content.decode()

    one = take()
    asked = iter([True, True, False])
    assert not jobs.make(one, lambda: next(asked))
    assert f"<b>2 of {2 * ALL}</b> are there" in told(client, world, report)[1]
    assert told(client, world, report, "reader")[0] == 404

    let_the_lease_run_out()
    make_files()
    for user in ("officer", "reader"):
        status, page = told(client, world, report, user)
        assert status == 200
        assert "Published and frozen" in page
    assert client.get(a_file).status_code == 200
    assert address in client.get(index).content.decode()


def test_the_page_says_where_no_worker_runs(client, world):
    report = freeze(world)
    silent = "has not been seen for some minutes"
    assert silent in told(client, world, report)[1]
    jobs.say_alive()
    assert silent not in told(client, world, report)[1]
    WorkerSeen.objects.update(seen_at=timezone.now() - jobs.SILENT - timedelta(seconds=1))
    assert silent in told(client, world, report)[1]


def test_the_page_keeps_to_its_queries(client, world):
    """The menu's among them; three say how far it is."""
    report = freeze(world)
    client.force_login(world.users["officer"])
    address = reverse("reports:report", args=(world.plan.slug, report.pk))
    asked = queries(client, address)
    assert len(asked) <= 20, "\n".join(asked)


# --- One job, several workers -----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_reach_for_one_job_one_has_it():
    freeze(set_up_and_said(make_world()))
    gate = threading.Barrier(2)

    def reach(_):
        gate.wait()
        try:
            return jobs.take(uuid4())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        taken = [one for one in pool.map(reach, range(2)) if one]
    assert len(taken) == 1
    assert (job().holder, job().tries) == (taken[0].holder, 1)
    assert jobs.take(uuid4()) is None


def test_a_worker_that_lost_its_lease_adds_nothing(world):
    freeze(world)
    slow = take()
    let_the_lease_run_out()
    make_files()
    there = set(PublishedFile.objects.values_list("pk", "digest"))
    assert len(there) == ALL
    with pytest.raises(jobs.Lost):
        jobs.make(slow)
    assert set(PublishedFile.objects.values_list("pk", "digest")) == there
    assert job().done_at


def test_a_file_of_a_lost_lease_is_not_kept(world):
    freeze(world)
    slow = take()
    let_the_lease_run_out()
    assert jobs.take(uuid4())
    with pytest.raises(jobs.Lost):
        jobs.make(slow)
    assert not PublishedFile.objects.exists()


# --- What fails -------------------------------------------------------------------------------


def test_what_failed_is_told_and_tried_again_after_a_while(client, world, monkeypatch):
    report = freeze(world)
    jobs.say_alive()
    with monkeypatch.context() as limits:
        limits.setattr(own_process, "SECONDS", 0)
        make_files()
    failed = job()
    assert (failed.tries, failed.error, failed.holder) == (1, own_process.TOO_LONG, None)
    # The page as HTML takes no process of its own, and is there.
    assert PublishedFile.objects.count() == 1
    page = told(client, world, report)[1]
    assert f"The last try failed, and another follows by itself. {own_process.TOO_LONG}" in page
    assert jobs.take(uuid4()) is None

    let_the_lease_run_out()
    make_files()
    done = job()
    assert done.done_at
    assert (done.tries, done.error) == (2, "")
    assert PublishedFile.objects.count() == ALL


def test_after_so_many_tries_somebody_must_ask_for_more(client, world, monkeypatch):
    report = freeze(world)
    with monkeypatch.context() as limits:
        limits.setattr(own_process, "SECONDS", 0)
        for _ in range(jobs.MOST_TRIES + 1):
            make_files()
            let_the_lease_run_out()
    assert job().tries == jobs.MOST_TRIES
    page = told(client, world, report)[1]
    assert "The files could not be made" in page
    assert own_process.TOO_LONG in page
    make_files()
    assert not job().done_at

    assert jobs.begin_again() == 1
    make_files()
    assert job().done_at


# --- Real processes ---------------------------------------------------------------------------


@contextmanager
def worker(*options):
    """The command as the operator starts it, for the database of this test."""
    name = str(connection.settings_dict["NAME"])
    url = embedded_postgres.with_database(os.environ["DATABASE_URL"], name)
    with subprocess.Popen(
        [sys.executable, "manage.py", "run_jobs", *options],
        cwd=embedded_postgres.ROOT,
        env=os.environ | {"DATABASE_URL": url},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(true):
    give_up = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < give_up
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_in_the_middle_leaves_the_rest_to_another():
    freeze(set_up_and_said(make_world()), "formal")
    with worker() as killed:
        wait_until(PublishedFile.objects.exists)
        killed.kill()
        killed.wait()
    left = job()
    before = set(PublishedFile.objects.values_list("pk", "digest"))
    assert 0 < len(before) < 2 * ALL
    assert left.done_at is None
    assert left.holder
    # Nobody knows yet that it is gone.
    assert jobs.take(uuid4()) is None

    let_the_lease_run_out()
    with worker("--once") as next_one:
        next_one.wait(PATIENCE)
        assert next_one.returncode == 0
    done = job()
    assert done.done_at
    assert done.tries == 2
    after = set(PublishedFile.objects.values_list("pk", "digest"))
    assert before < after
    assert len(after) == 2 * ALL


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_end_gives_its_job_back():
    freeze(set_up_and_said(make_world()), "formal")
    with worker() as ended:
        wait_until(PublishedFile.objects.exists)
        ended.send_signal(signal.SIGTERM)
        ended.wait(PATIENCE)
        assert ended.returncode == 0
    assert WorkerSeen.objects.exists()
    left = job()
    assert left.done_at is None
    assert (left.holder, left.leased_until, left.tries) == (None, None, 0)
    assert 0 < PublishedFile.objects.count() < 2 * ALL


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_each_file_once():
    world = set_up_and_said(make_world())
    for content, rhythm in (("kpis", "monthly"), ("exceptions", "six_weekly")):
        freeze(world, content, rhythm)
    with worker("--once") as one, worker("--once") as other:
        for process in (one, other):
            process.wait(PATIENCE)
            assert process.returncode == 0
    assert not FilesJob.objects.filter(done_at=None).exists()
    assert PublishedFile.objects.count() == 2 * ALL
    assert {done.tries for done in FilesJob.objects.all()} == {1}


@pytest.mark.django_db(transaction=True)
def test_a_worker_beside_a_server_ends_with_it():
    ask = (
        "import subprocess, sys\n"
        "command = [sys.executable, 'manage.py', 'run_jobs', '--beside-parent']\n"
        "print(subprocess.Popen(command).pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    name = str(connection.settings_dict["NAME"])
    url = embedded_postgres.with_database(os.environ["DATABASE_URL"], name)
    with subprocess.Popen(
        [sys.executable, "-c", ask],
        cwd=embedded_postgres.ROOT,
        env=os.environ | {"DATABASE_URL": url},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        number = int(server.stdout.readline())
        wait_until(WorkerSeen.objects.exists)
        server.kill()
        server.wait()
    wait_until(lambda: not is_running(number))


def is_running(number):
    try:
        with open(f"/proc/{number}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
