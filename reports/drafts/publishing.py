"""A draft goes out: its text is kept as it is, once and for all, and its files are asked for.

It shows as published when a worker has made them all (`reports/making/jobs.py`).
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Body
from actions.models.base import at
from actions.pages import formatting
from actions.rules.dates import LONDON
from reports.contents.building import build
from reports.drafts.drafting import locked_draft
from reports.making import jobs
from reports.models import (
    Publication,
    PublishedPaper,
    Report,
    WordTemplate,
)
from reports.rendering.document import Document
from wsoa.accounts.models import User


@transaction.atomic
def publish(
    *,
    report: Report,
    by: User,
    now: datetime,
    seen: Iterable[str],
    audience: str | None = None,
    reason: str = "",
    effective_at: datetime | None = None,
    source: str = "",
) -> Publication:
    """Freeze a draft and have its files made; `effective_at` where it went out earlier.

    `seen` is what the officer was told is missing, and `audience` to whom it goes, in words. Where
    more is missing by now, or it would go to others, or something is missing and no `reason` says
    why it goes out all the same, ValidationError.
    """
    report = locked_draft(report)
    built = build(report, is_draft=False)
    missing = [item.words for item in built.missing]
    if audience is not None and _one_line(audience) != _one_line(audience_text(report)):
        raise ValidationError("It goes to others since you read this page. Read it again below.")
    if not set(map(_one_line, missing)) <= set(map(_one_line, seen)):
        raise ValidationError(
            "Something else is missing since you read the list. Read it again below."
        )
    if missing and not reason:
        raise ValidationError({"reason": "Say why it goes out although something is missing"})
    publication = Publication.objects.create(
        report=report,
        missing=missing,
        reason=reason if missing else "",
        by=by,
        source=source,
        **at(effective_at),
    )
    publication.addressed_to.set(_audience(report))
    issued = {
        "published_on": (effective_at or now).astimezone(LONDON).date(),
        "published_by": by.name,
    }
    papers = [(PublishedPaper.Paper.REPORT, built.document)]
    if built.families:
        papers.append((PublishedPaper.Paper.FAMILIES, built.families))
    for paper, document in papers:
        _keep(publication, paper, document.model_copy(update=issued))
    jobs.ask(publication, WordTemplate.in_use(report.series.plan))
    return publication


def _one_line(text: str) -> str:
    """A browser sends other line ends than those it was given."""
    return " ".join(text.split())


def audience_text(report: Report) -> str:
    return formatting.listed([body.name for body in _audience(report)])


def _audience(report: Report) -> Iterable[Body]:
    return report.series.audiences.filter(withdrawn_at=None)


def _keep(publication: Publication, paper: str, document: Document) -> None:
    PublishedPaper.objects.create(
        publication=publication,
        paper=paper,
        payload=document.text,
        digest=document.digest,
        by=publication.by,
        source=publication.source,
    )
