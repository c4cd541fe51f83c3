"""Office files of today are zip archives of XML. What of them may be opened at all.

Knows nothing of Django: a stream and limits in, the kind of file out, or `Unusable` with the reason
in plain words. Nothing is unpacked to disk, and no part is held in memory beyond one chunk, except
the list of content types, which has a limit of its own.
"""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

CHUNK = 64 * 1024
MIB = 1024 * 1024

CONTENT_TYPES = "[Content_Types].xml"
LONGEST_CONTENT_TYPES = MIB

_OPENXML = "application/vnd.openxmlformats-officedocument."
WORD = f"{_OPENXML}wordprocessingml.document"
EXCEL = f"{_OPENXML}spreadsheetml.sheet"
POWERPOINT = f"{_OPENXML}presentationml.presentation"
# The content type of the main part of a file without macros, and what the whole file is then.
_MAIN_PARTS = {f"{kind}.main+xml": kind for kind in (WORD, EXCEL, POWERPOINT)}

# What old Office files begin with, and new ones with a password: another kind of container.
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"


class Unusable(Exception):
    """A file that is not opened, and why, in plain words."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may hold. `marks` are the `<` and `=` of one part: its elements and attributes.

    They bound the memory a parser takes, which the size does not: 120 kB of zip can hold elements
    for gigabytes. None: the parts are kept, not parsed.
    """

    entries: int
    unpacked: int
    marks: int | None = None


TO_KEEP = Limits(entries=2_000, unpacked=100 * MIB)
TO_READ = Limits(entries=500, unpacked=50 * MIB, marks=600_000)

TOO_LARGE_INSIDE = "Unpacked, this file is far larger than it looks, so it was not opened."
DAMAGED = "This file is damaged. Save it again from the program that made it."
# What zipfile and the decompressors under it raise for an archive that is not sound.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    ValueError,
    NotImplementedError,
)

PROTECTED = "This file is protected with a password. Save it without one."
MACROS = "This file holds macros. Save it without them, as .docx, .xlsx or .pptx."


def kind_of_file(source: str | bytes, limits: Limits) -> str | None:
    """The same of a file by its path, or of its content."""
    with open(source, "rb") if isinstance(source, str) else io.BytesIO(source) as stream:
        return office_kind(stream, limits)


def office_kind(stream: IO[bytes], limits: Limits) -> str | None:
    """The content type of an Office file whose every part has been seen to keep to the limits.

    None for a sound archive that is no Office file. The archive's own list of sizes is not
    believed: each part is unpacked once, and one that is longer than it says ends the reading.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            return _kind(archive, limits)
    except Unusable:
        raise
    except _BROKEN as error:
        raise Unusable(DAMAGED) from error
    except RuntimeError as error:
        # What zipfile raises for a part with a password.
        raise Unusable(PROTECTED) from error


def _kind(archive: zipfile.ZipFile, limits: Limits) -> str | None:
    parts = archive.infolist()
    if len(parts) > limits.entries:
        raise Unusable(TOO_LARGE_INSIDE)
    if sum(part.file_size for part in parts) > limits.unpacked:
        raise Unusable(TOO_LARGE_INSIDE)
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Unusable(MACROS)
    for part in parts:
        _look_through(archive, part, limits)
    if CONTENT_TYPES not in archive.namelist():
        return None
    types = set(_content_types(archive))
    if any("macro" in name.lower() for name in types):
        raise Unusable(MACROS)
    return next((kind for main, kind in _MAIN_PARTS.items() if main in types), None)


def _look_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    """Unpack one part to its end, which checks its size and sum, and count what a parser meets."""
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    marks = 0
    with archive.open(part) as unpacked:
        for chunk in iter(lambda: unpacked.read(CHUNK), b""):
            if limits.marks is not None and is_xml:
                marks += chunk.count(b"<") + chunk.count(b"=")
                if marks > limits.marks:
                    raise Unusable(TOO_LARGE_INSIDE)


def _content_types(archive: zipfile.ZipFile) -> Iterator[str]:
    if archive.getinfo(CONTENT_TYPES).file_size > LONGEST_CONTENT_TYPES:
        raise Unusable(TOO_LARGE_INSIDE)
    try:
        root = fromstring(archive.read(CONTENT_TYPES), forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise Unusable(DAMAGED) from error
    for element in root:
        yield element.get("ContentType", "")
