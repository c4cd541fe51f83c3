"""Files that people send: what they are, by their content, and where they are kept.

A name and what a browser claims say nothing: the content decides the kind, and the name must then
agree with it, because whoever opens a download goes by the name. Files are kept outside the web
root under their SHA-256, so that the same file is kept once and none is ever overwritten.
"""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from actions.io import ooxml
from actions.io.ooxml import CHUNK, Unusable
from actions.io.own_process import NotDone, in_own_process

LONGEST_NAME = 200
_LONGEST_ENDING = 12


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is kept: in words, by content type, and the endings its name may have."""

    words: str
    content_type: str
    endings: tuple[str, ...]


PDF = Kind("PDF", "application/pdf", (".pdf",))
WORD = Kind("Word", ooxml.WORD, (".docx",))
EXCEL = Kind("Excel", ooxml.EXCEL, (".xlsx",))
POWERPOINT = Kind("PowerPoint", ooxml.POWERPOINT, (".pptx",))
PNG = Kind("PNG", "image/png", (".png",))
JPEG = Kind("JPEG", "image/jpeg", (".jpg", ".jpeg"))
CSV = Kind("CSV", "text/csv", (".csv",))
TEXT = Kind("plain text", "text/plain", (".txt",))
KINDS = (PDF, WORD, EXCEL, POWERPOINT, PNG, JPEG, CSV, TEXT)
BY_CONTENT_TYPE = {kind.content_type: kind for kind in KINDS}
ENDINGS = ",".join(ending for kind in KINDS for ending in kind.endings)
ALLOWED = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), PNG, JPEG, CSV or plain text"


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that was read to its end and found to be of a kind that is kept."""

    # The digest tells it from others.
    content: File[Any] = field(compare=False)
    name: str
    size: int
    kind: Kind
    digest: str


# --- Checking ---------------------------------------------------------------------------------


def checked_file(uploaded: File[Any]) -> CheckedFile:
    """The file with its kind, by its content. ValidationError in plain words where it is refused.

    Read in chunks, never as a whole; one that is too large is not read at all.
    """
    name = safe_name(uploaded.name or "")
    _refuse_if_too_large(
        uploaded, settings.EVIDENCE_MAX_BYTES, "Send a smaller one, or a link to where it is."
    )
    try:
        seen = _read(uploaded)
        kind = _kind_of(uploaded, seen)
    except (Unusable, NotDone) as refusal:
        raise ValidationError(str(refusal)) from refusal
    ending = Path(name).suffix.lower()
    if kind is None:
        raise ValidationError(_not_kept(name, ending))
    if kind is TEXT and ending in CSV.endings:
        kind = CSV
    if not ending:
        name += kind.endings[0]
    elif ending not in kind.endings:
        raise ValidationError(
            f"“{name}” is {kind.words} inside, which its name does not say. "
            f"Give it a name that ends in {' or '.join(kind.endings)}."
        )
    return CheckedFile(uploaded, name, seen.size, kind, seen.digest)


def read_small(uploaded: File[Any]) -> bytes:
    """All of a file that is to be read as a table. ValidationError where it is too large for it."""
    _refuse_if_too_large(uploaded, settings.SHEET_MAX_BYTES, "Split it into several.")
    uploaded.seek(0)
    return bytes(uploaded.read())


def _refuse_if_too_large(uploaded: File[Any], most: int, advice: str) -> None:
    if uploaded.size > most:
        raise ValidationError(
            f"This file is {size_text(uploaded.size)}; up to {limit_text(most)} can be taken. "
            f"{advice}"
        )
    if not uploaded.size:
        raise ValidationError("This file is empty.")


def safe_name(text: str) -> str:
    """A file name that can be shown and saved: no path, nothing invisible, not too long.

    Invisible characters include those that turn the direction of writing, with which
    `minutes fdp.exe` can be made to look like `minutes exe.pdf`.
    """
    text = unicodedata.normalize("NFC", text).replace("\\", "/").rpartition("/")[2]
    text = "".join(
        letter if unicodedata.category(letter)[0] not in "CZ" else " " if letter.isspace() else ""
        for letter in text
    )
    text = " ".join(text.split()).strip(". ")
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) >= _LONGEST_ENDING or not ending.isalnum():
        stem, dot, ending = text, "", ""
    room = LONGEST_NAME - len(dot + ending)
    return f"{(stem or 'file')[:room].rstrip()}{dot}{ending}"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What one reading of a file shows."""

    size: int
    digest: str
    head: bytes
    tail: bytes
    is_text: bool
    is_markup: bool
    is_encrypted_pdf: bool


# Text that a browser or another program would run, whatever its ending.
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|svg|script|iframe|\?xml|body|object)\b|<\?xml", re.I)
_ENCRYPT = re.compile(rb"/Encrypt\b")
# The control characters that text may hold: tab, line ends, form feed, and DOS's end of file.
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")
# Longer than what is looked for, so that none is missed where two chunks meet.
_OVERLAP = 64


def _read(uploaded: File[Any]) -> _Seen:
    digest, size, head, tail = hashlib.sha256(), 0, b"", b""
    text = _TextCheck()
    is_markup = is_encrypted = False
    for chunk in _chunks(uploaded):
        digest.update(chunk)
        size += len(chunk)
        head = head if len(head) >= 4096 else (head + chunk)[:4096]
        joined = tail[-_OVERLAP:] + chunk
        is_markup = is_markup or bool(_MARKUP.search(joined))
        is_encrypted = is_encrypted or bool(_ENCRYPT.search(joined))
        text.feed(chunk)
        tail = (tail + chunk)[-4096:]
    if not size:
        raise Unusable("This file is empty.")
    return _Seen(size, digest.hexdigest(), head, tail, text.ends(), is_markup, is_encrypted)


class _TextCheck:
    """Whether bytes are text, as UTF-8 or else as Windows wrote it before that."""

    def __init__(self) -> None:
        self._decoders = [codecs.getincrementaldecoder(name)() for name in ("utf-8-sig", "cp1252")]
        self._is_text = True

    def feed(self, chunk: bytes, final: bool = False) -> None:
        if not self._is_text:
            return
        self._decoders = [decoder for decoder in self._decoders if _decodes(decoder, chunk, final)]
        self._is_text = bool(self._decoders) and not _NOT_TEXT.search(chunk)

    def ends(self) -> bool:
        self.feed(b"", final=True)
        return self._is_text


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _kind_of(uploaded: File[Any], seen: _Seen) -> Kind | None:
    head = seen.head
    if head.startswith(b"%PDF-"):
        if b"%%EOF" not in seen.tail:
            raise Unusable("This PDF is not whole. Save it again from the program that made it.")
        if seen.is_encrypted_pdf:
            raise Unusable(
                "This PDF is protected with a password, so it cannot be checked. "
                "Save it without one."
            )
        return PDF
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG if b"IEND" in seen.tail else None
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(ooxml.ZIP):
        content_type = in_own_process(ooxml.kind_of_file, _source(uploaded), ooxml.TO_KEEP)
        return BY_CONTENT_TYPE[content_type] if content_type else None
    if head.startswith(ooxml.OLD_OFFICE):
        if Path(uploaded.name or "").suffix.lower() in (".msg", ".oft"):
            raise Unusable(
                "An Outlook message cannot be kept. In Outlook, print it to PDF and send that, or "
                "paste its words into your update."
            )
        raise Unusable(
            "This is an Office file of the old kind, or one with a password. "
            "Save it as .docx, .xlsx or .pptx, without a password."
        )
    if seen.is_text and not seen.is_markup:
        return TEXT
    return None


def _source(uploaded: File[Any]) -> str | bytes:
    """Where a large file lies; a small one itself, which lies nowhere."""
    if isinstance(uploaded, TemporaryUploadedFile):
        return uploaded.temporary_file_path()
    uploaded.seek(0)
    return bytes(uploaded.read())


def _not_kept(name: str, ending: str) -> str:
    named = next((kind for kind in KINDS if ending in kind.endings), None)
    if named:
        return (
            f"“{name}” is not {named.words} inside, whatever its name says. "
            "Save it again from the program that made it."
        )
    return f"Files of this kind are not kept here. Send {ALLOWED}."


# --- Keeping ----------------------------------------------------------------------------------


class WrongFile(Exception):
    """What is kept under a digest is not what was sent: missing, unreadable or changed."""


def keep(checked: CheckedFile) -> None:
    """Store the file under its digest. One that is there already, and right, is left as it is."""
    path = _path(checked.digest)
    is_there = path.exists()
    if is_there and not problem_of(checked.digest, checked.size):
        return
    with written(checked.content, path.parent) as temporary:
        if is_there:
            # It was changed where it is kept; what was sent takes its place again.
            os.replace(temporary, path)
            return
        # A link fails where a rename would overwrite: the first to arrive stays.
        with suppress(FileExistsError):
            os.link(temporary, path)


@contextmanager
def written(content: File[Any], folder: Path) -> Iterator[str]:
    """The content, whole and on the disk, under a name that goes unless it is renamed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix="arriving-")
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in _chunks(content):
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        os.chmod(temporary, 0o440)
        yield temporary
    finally:
        with suppress(FileNotFoundError):
            os.unlink(temporary)


def open_kept(digest: str, size: int) -> IO[bytes]:
    """The file of a digest, read through and found to be what was sent; else WrongFile."""
    try:
        path = _path(digest)
    except FileNotFoundError as error:
        raise WrongFile("missing") from error
    return open_checked(path, digest, size)


def open_checked(path: Path, digest: str, size: int) -> IO[bytes]:
    """A file under any name, read through and found to be this; else WrongFile."""
    try:
        content = path.open("rb")
    except OSError as error:
        raise WrongFile("missing") from error
    try:
        stored_digest = hashlib.file_digest(content, "sha256").hexdigest()
        if content.tell() != size or stored_digest != digest:
            raise WrongFile("changed")
        content.seek(0)
    except OSError as error:
        content.close()
        raise WrongFile("unreadable") from error
    except WrongFile:
        content.close()
        raise
    return content


def problem_of(digest: str, size: int) -> str:
    """`missing`, `unreadable` or `changed`; empty of a file that is what was sent."""
    try:
        open_kept(digest, size).close()
    except WrongFile as wrong:
        return str(wrong)
    return ""


def seems_kept(digest: str, size: int) -> bool:
    """Whether a file of this size is there: without reading it, as a list must not."""
    try:
        return _path(digest).stat().st_size == size
    except OSError:
        return False


def _path(digest: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise FileNotFoundError(digest)
    return Path(settings.EVIDENCE_ROOT) / digest[:2] / digest


def _chunks(content: File[Any]) -> Iterator[bytes]:
    content.seek(0)
    return content.chunks(CHUNK)


# --- In words ---------------------------------------------------------------------------------


def size_text(size: int) -> str:
    """`214 kB`, `1.2 MB`"""
    if size < 1000:
        return f"{size} byte{'' if size == 1 else 's'}"
    if size < 1_000_000:
        return f"{round(size / 1000)} kB"
    return f"{size / 1_000_000:.1f}".removesuffix(".0") + " MB"


def limit_text(most: int) -> str:
    """`10 MB`: how large a file may be, in whole megabytes of a million bytes or of 1,048,576."""
    for unit in (1_000_000, ooxml.MIB):
        if most >= unit and most % unit == 0:
            return f"{most // unit} MB"
    return size_text(most)


def kind_text(content_type: str) -> str:
    kind = BY_CONTENT_TYPE.get(content_type)
    return f"{kind.words[0].upper()}{kind.words[1:]}" if kind else "File"


# --- Uploads that are too large ---------------------------------------------------------------


class TooLarge(UploadedFile[Any]):
    """Stands for a file of which no more than the limit was taken in. It has its size alone."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return iter(())


class SizeGuard(FileUploadHandler):
    """Stops passing on a file's content once it is larger than anything here may be.

    It comes first in FILE_UPLOAD_HANDLERS, so those that keep content in memory or on disk never
    see the rest. Forms then say how large the file is and how large it may be.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.taken = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.taken += len(raw_data)
        return raw_data if self.taken <= largest_upload() else None

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if file_size <= largest_upload():
            return None
        # The handlers after this one are not told that the file is over; what they hold goes now.
        for handler in self.request.upload_handlers if self.request else ():
            if held := getattr(handler, "file", None):
                held.close()
        return TooLarge(name=self.file_name, content_type=self.content_type, size=file_size)


def largest_upload() -> int:
    return max(settings.EVIDENCE_MAX_BYTES, settings.SHEET_MAX_BYTES)
