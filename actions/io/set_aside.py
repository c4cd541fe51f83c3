"""Files that are not on record yet: kept apart from evidence, and gone with what they belong to.

Each is stored under a name of its own, so that letting one go never touches the same file of
somebody else. What no row names any more, because a worker was stopped between its row and its
file, is found by its age.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File

from actions.io import storage
from actions.io.storage import BY_CONTENT_TYPE, CheckedFile


def put(checked: CheckedFile) -> UUID:
    """Store a checked file, and give the name under which it is kept. OSError: no room for it."""
    key = uuid.uuid4()
    with storage.written(checked.content, _folder()) as temporary:
        os.replace(temporary, _path(key))
    return key


def take(key: UUID, *, name: str, size: int, digest: str, content_type: str) -> CheckedFile:
    """The file, read through and found to be what was sent; else `storage.WrongFile`."""
    content: File[Any] = File(storage.open_checked(_path(key), digest, size), name=name)
    return CheckedFile(content, name, size, BY_CONTENT_TYPE[content_type], digest)


def drop(key: UUID) -> None:
    with suppress(FileNotFoundError):
        _path(key).unlink()


def older_than(moment: float) -> Iterator[UUID]:
    """The names of what was stored before a moment, in seconds since 1970."""
    if not _folder().is_dir():
        return
    for path in _folder().iterdir():
        with suppress(ValueError, FileNotFoundError):
            if path.stat().st_mtime < moment:
                yield UUID(path.name)


def _folder() -> Path:
    return Path(settings.EVIDENCE_ROOT) / "drafts"


def _path(key: UUID) -> Path:
    return _folder() / str(key)
