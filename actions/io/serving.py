"""Handing out a kept file: as it was sent, to be saved and never to be run in the browser."""

from typing import Protocol

from django.http import FileResponse
from django.utils.http import content_disposition_header

from actions.io import storage


class Kept(Protocol):
    """A row that names a kept file."""

    digest: str
    size: int | None
    file_name: str
    content_type: str


def file_response(row: Kept) -> FileResponse:
    """The file of a row; `storage.WrongFile` where it is not what was sent."""
    assert row.size is not None
    content = storage.open_kept(row.digest, row.size)
    response = FileResponse(content, content_type=row.content_type)
    response["Content-Disposition"] = content_disposition_header(True, row.file_name) or ""
    response["Content-Length"] = str(row.size)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
