"""Zip files that are the same whenever they are made. No Django."""

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

EARLIEST = (1980, 1, 1, 0, 0, 0)


def zipped(files: Iterable[tuple[str, bytes]], moment: datetime) -> bytes:
    """The files under their names, each dated with the one moment."""
    dated = max(moment.astimezone(UTC).timetuple()[:6], EARLIEST)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name, date_time=dated)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return out.getvalue()


def unzipped(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]
