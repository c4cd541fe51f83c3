"""Files given with an unsent update: kept beside its draft, evidence once it is sent.

A file that is refused costs none of the others. Nothing is on record before the update is sent;
where the draft is thrown away, its files go with it.
"""

import logging
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction

from actions.io import set_aside, storage
from actions.io.keeping import NOT_STORED
from actions.io.storage import CheckedFile, checked_file
from actions.models import Draft, DraftFile
from actions.progress.update_answers import NewEvidence

logger = logging.getLogger(__name__)

MOST_FILES = 20
LONGEST_TITLE = 300
# The names under which a form sends what is said of a kept file.
TITLE, SHAREABLE, REMOVE = "file_title_", "file_shareable_", "file_remove_"
# Above the longest time that a request takes.
_ABANDONED_AFTER = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class RefusedFile:
    name: str
    reason: str

    def __str__(self) -> str:
        return f"“{self.name}” is not kept. {self.reason}"


def of(draft: Draft | None) -> list[DraftFile]:
    return list(draft.files.all()) if draft else []


def add(draft: Draft, uploads: Iterable[File[Any]]) -> list[RefusedFile]:
    """Keep each file that may be kept, once, and say why the others may not."""
    refused = []
    for upload in uploads:
        try:
            _add(draft, checked_file(upload))
        except ValidationError as refusal:
            name = storage.safe_name(upload.name or "")
            refused.append(RefusedFile(name, " ".join(refusal.messages)))
    return refused


def _add(draft: Draft, checked: CheckedFile) -> None:
    try:
        key = set_aside.put(checked)
    except OSError as error:
        logger.exception("A file could not be stored")
        raise ValidationError(f"{NOT_STORED}.") from error
    is_kept = False
    try:
        with transaction.atomic():
            # One after the other, so that the same file sent twice is kept once.
            there = Draft.objects.select_for_update().filter(pk=draft.pk).first()
            if there is None:
                raise ValidationError("Your draft was sent or thrown away in another window.")
            digests = [row.digest for row in of(there)]
            if checked.digest in digests:
                return
            if len(digests) >= MOST_FILES:
                raise ValidationError(
                    f"An update takes up to {MOST_FILES} files. Add others from the page of what "
                    "it is about, once the update is sent."
                )
            DraftFile.objects.create(
                draft=there,
                key=key,
                title=proposed_title(checked.name),
                digest=checked.digest,
                file_name=checked.name,
                size=checked.size,
                content_type=checked.kind.content_type,
            )
            is_kept = True
    finally:
        if not is_kept:
            set_aside.drop(key)


def proposed_title(file_name: str) -> str:
    """`Use by school, autumn term` of `Use_by_school,_autumn_term.xlsx`"""
    stem = PurePath(file_name).stem
    return " ".join(re.sub(r"_+", " ", stem).split())[:LONGEST_TITLE] or file_name


def keep_titles(draft: Draft, sent: Mapping[str, str]) -> None:
    """What a form says of the files that it showed. A title that was emptied is proposed again."""
    for row in of(draft):
        if f"{TITLE}{row.pk}" not in sent:
            continue
        typed = "".join(filter(str.isprintable, sent[f"{TITLE}{row.pk}"])).strip()[:LONGEST_TITLE]
        title = typed or proposed_title(row.file_name)
        is_shareable = f"{SHAREABLE}{row.pk}" in sent
        if (title, is_shareable) != (row.title, row.is_shareable):
            row.title, row.is_shareable = title, is_shareable
            row.save(update_fields=["title", "is_shareable"])


@transaction.atomic
def remove_ticked(draft: Draft, sent: Mapping[str, str]) -> None:
    for row in of(draft):
        if f"{REMOVE}{row.pk}" in sent:
            let_go([row])
            row.delete()


def let_go(rows: Iterable[DraftFile]) -> None:
    """Let the files go once it is certain that nothing names them any more."""
    keys = [row.key for row in rows]

    def drop_all() -> None:
        for key in keys:
            set_aside.drop(key)

    transaction.on_commit(drop_all)


@contextmanager
def as_evidence(draft: Draft) -> Iterator[list[NewEvidence]]:
    """The files of a draft as what shows that something is done, to be recorded within."""
    with ExitStack() as opened:
        evidence = []
        for row in of(draft):
            try:
                file = set_aside.take(
                    row.key,
                    name=row.file_name,
                    size=row.size,
                    digest=row.digest,
                    content_type=row.content_type,
                )
            except storage.WrongFile as wrong:
                raise ValidationError(
                    f"“{row.file_name}” is not here any more as you gave it. "
                    "Remove it, and choose it again."
                ) from wrong
            opened.callback(file.content.close)
            evidence.append(NewEvidence(title=row.title, is_shareable=row.is_shareable, file=file))
        yield evidence


def sweep() -> int:
    """Let go of files that no draft names: of a worker that was stopped, or a draft that went
    with its person or commitment. Says how many."""
    old = set(set_aside.older_than(time.time() - _ABANDONED_AFTER))
    named = set(DraftFile.objects.filter(key__in=old).values_list("key", flat=True))
    for key in old - named:
        set_aside.drop(key)
    return len(old - named)
