"""The files of what is published, each made from its frozen payload and kept once.

A publication asks for its files by a row, a worker takes the row for a while (a lease) and makes
those that are missing, one after another, each kept in a transaction of its own that makes sure of
the lease and extends it. So a job may begin anew at any time: what is there stays. A worker that is
killed loses its lease after some minutes, and another takes the job. After MOST_TRIES nobody does,
until the operator says so; what went wrong stands in the row.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from actions.io.own_process import NotDone
from reports.models import (
    FilesJob,
    Publication,
    PublishedFile,
    PublishedPaper,
    WordTemplate,
    WorkerSeen,
)
from reports.rendering import FORMATS, file_name, render
from reports.rendering.document import Document

logger = logging.getLogger(__name__)

MOST_TRIES = 5
# Longer than one file may take, with the wait for its turn.
LEASE = timedelta(minutes=3)
# After a try that failed; twice as long after the second, and so on.
PAUSE = timedelta(seconds=20)
# A worker that was not seen for so long is taken for gone.
SILENT = timedelta(minutes=3)
UNFORESEEN = "A file could not be made. What happened stands in the log of the worker."
ENDED_EARLY = "The worker ended each time before it was done. Its log may say why."


class Lost(Exception):
    """The lease ran out, and another worker has the job, or has done it."""


def ask(publication: Publication, template: WordTemplate | None) -> FilesJob:
    """Have the files of a publication made. Call it in the transaction that freezes it."""
    return FilesJob.objects.create(publication=publication, template=template)


# --- For a worker -----------------------------------------------------------------------------


@transaction.atomic
def take(holder: UUID) -> FilesJob | None:
    """The next job that nobody has, for this worker alone; None where there is none."""
    free = Q(leased_until=None) | Q(leased_until__lt=Now())
    job = (
        FilesJob.objects.select_for_update(skip_locked=True)
        .filter(free, done_at=None, tries__lt=MOST_TRIES)
        .first()
    )
    if job is not None:
        FilesJob.objects.filter(pk=job.pk).update(
            holder=holder, tries=F("tries") + 1, leased_until=Now() + LEASE
        )
        job.refresh_from_db()
    return job


def work(holder: UUID, goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Take a job and make its files, or as many as can be made; False where there is no job.

    Between two files `goes_on` is asked; the rest is then left to the next worker at once.
    """
    job = take(holder)
    if job is None:
        return False
    try:
        if not make(job, goes_on):
            _give_back(job)
    except Lost:
        logger.warning("The files of publication %s are another worker's now", job.publication_id)
    except NotDone as reason:
        _fail(job, str(reason))
    except Exception:
        logger.exception("The files of publication %s were not made", job.publication_id)
        _fail(job, UNFORESEEN)
    return True


def make(job: FilesJob, goes_on: Callable[[], bool] = lambda: True) -> bool:
    """Make the files that are missing. Whether all are there; Lost where the job is no longer held.

    NotDone where one cannot be made now.
    """
    template = bytes(job.template.content) if job.template else None
    for paper, key in list(_missing(job.publication)):
        if not goes_on():
            return False
        document = Document.read(paper.payload)
        content = render(document, key, template=template)
        with _held(job):
            _keep(paper, key, file_name(document, key), content)
    with _held(job):
        FilesJob.objects.filter(pk=job.pk).update(
            done_at=Now(), holder=None, leased_until=None, error=""
        )
    return True


def _missing(publication: Publication) -> Iterator[tuple[PublishedPaper, str]]:
    for paper in publication.papers.order_by("pk"):
        there = set(paper.files.values_list("format", flat=True))
        yield from ((paper, key) for key in FORMATS if key not in there)


@contextmanager
def _held(job: FilesJob) -> Iterator[None]:
    """A transaction in which nobody else can take the job, whose lease begins anew."""
    with transaction.atomic():
        held = FilesJob.objects.select_for_update().filter(
            pk=job.pk, holder=job.holder, done_at=None
        )
        if not held:
            raise Lost
        FilesJob.objects.filter(pk=job.pk).update(leased_until=Now() + LEASE)
        yield


def _keep(paper: PublishedPaper, key: str, name: str, content: bytes) -> None:
    PublishedFile.objects.create(
        paper=paper,
        format=key,
        name=name,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        by=paper.by,
        source=paper.source,
    )


def _fail(job: FilesJob, error: str) -> None:
    FilesJob.objects.filter(pk=job.pk, holder=job.holder).update(
        holder=None, leased_until=Now() + PAUSE * job.tries, error=error
    )


def _give_back(job: FilesJob) -> None:
    """It was ended on purpose, which counts as no try."""
    FilesJob.objects.filter(pk=job.pk, holder=job.holder).update(
        holder=None, leased_until=None, tries=F("tries") - 1
    )


def begin_again() -> int:
    """New tries for jobs that nobody takes any more, and how many there are."""
    return FilesJob.objects.filter(done_at=None, tries__gte=MOST_TRIES).update(
        tries=0, holder=None, leased_until=None
    )


def say_alive() -> None:
    WorkerSeen.objects.update_or_create(pk=1, defaults={"seen_at": Now()})


# --- For whoever waits ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the files of a publication are."""

    made: int
    of: int
    # Why the last try failed; `is_given_up` where no other follows by itself.
    error: str
    is_given_up: bool
    has_worker: bool


def progress(publication: Publication, now: datetime) -> Progress:
    job = publication.files_job
    papers = publication.papers.count()
    seen = WorkerSeen.objects.filter(seen_at__gt=now - SILENT)
    is_held = job.leased_until is not None and job.leased_until > now
    is_given_up = job.tries >= MOST_TRIES and not (job.holder and is_held)
    return Progress(
        made=PublishedFile.objects.filter(paper__publication=publication).count(),
        of=papers * len(FORMATS),
        error=job.error or (ENDED_EARLY if is_given_up else ""),
        is_given_up=is_given_up,
        has_worker=seen.exists(),
    )
