"""A council's own Word template: checked before anything reads it, and kept without its text.

A Word file is a zip of XML. Sizes and parts are looked at first, because a small file can unfold to
gigabytes; only then is it opened, in a process with limits of memory and time.
"""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from actions.io import ooxml
from reports.drafts.word_fields import forbidden_field

MAX_BYTES = 10 * ooxml.MIB
# Of its text, which in a template is short.
MAX_DOCUMENT = 8 * ooxml.MIB
DOCUMENT = "word/document.xml"
_XML = (".xml", ".rels", ".vml")
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
EMBEDDED = ("word/embeddings/", "word/activex/", "word/afchunk")

OPENING = Path(__file__).parent.parent / "rendering" / "opening_template.py"
OPENING_SECONDS = 30

NOT_WORD = "This is not a Word file. Choose one whose name ends in .docx."
SAVE_AS = "Open it in Word, save it as a Word document (.docx) and choose that."
IS_TEMPLATE = f"This is a Word template (.dotx). {SAVE_AS}"
HAS_MACROS = f"This is a Word file with macros ({{ending}}). {SAVE_AS} That leaves the macros out."
IS_OLD = f"This is a Word file of the old kind ({{ending}}). {SAVE_AS}"
_BY_ENDING = {
    ".dotx": IS_TEMPLATE,
    ".docm": HAS_MACROS.format(ending=".docm"),
    ".dotm": HAS_MACROS.format(ending=".dotm"),
    ".doc": IS_OLD.format(ending=".doc"),
    ".dot": IS_OLD.format(ending=".dot"),
}
TOO_LARGE = "This file is larger than a template may be, which is 10 MB."
NOT_PLAIN = "This file holds markup that no Word file needs. Save it again in Word."
LINKS_OUT = (
    "This file fetches a part of itself from elsewhere ({what}). In Word, break that link or put "
    "the part into the file, then save it and choose it again."
)
FIELD = (
    "This file holds the field {name}, which may not stand in a report: it could start or fetch "
    "something when somebody opens it. In Word, show the fields with Alt+F9 (on a Mac, "
    "Option+F9), take it out, then save the file and choose it again."
)
EMBEDS = "This file holds another file within itself. Take that out in Word and choose it again."
LACKS = (
    "This file lacks styles that a report is set in: {names}. In Word, use each of them once in "
    "the file, then save it and choose it again."
)
UNUSABLE = "This file cannot be written over. Open it in Word, save it again and choose that."


def checked_template(upload: UploadedFile[Any]) -> bytes:
    """The template as it is kept: its look, head and foot, without what it says.

    ValidationError, in plain words, where it cannot be one.
    """
    if (upload.size or 0) > MAX_BYTES:
        raise ValidationError(TOO_LARGE)
    ending = Path(upload.name or "").suffix.lower()
    if ending != ".docx":
        raise ValidationError(_BY_ENDING.get(ending, NOT_WORD))
    upload.seek(0)
    content = upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValidationError(TOO_LARGE)
    if content.startswith(ooxml.OLD_OFFICE):
        raise ValidationError(ooxml.PROTECTED)
    if not content.startswith(ooxml.ZIP):
        raise ValidationError(NOT_WORD)
    try:
        kind = ooxml.office_kind(io.BytesIO(content), ooxml.TO_READ)
    except ooxml.Unusable as refusal:
        raise ValidationError(str(refusal)) from refusal
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if kind != ooxml.WORD:
            raise ValidationError(IS_TEMPLATE if _is_template(archive) else NOT_WORD)
        _check_parts(archive)
    return _opened(content)


def _is_template(archive: zipfile.ZipFile) -> bool:
    """Whether a file that is no document is a template, whatever its name says."""
    if ooxml.CONTENT_TYPES not in archive.namelist():
        return False
    return any(kind == _TEMPLATE for _, kind in _declared(archive))


def _declared(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name or ending of parts, and the type that the file declares for them."""
    for declaration in fromstring(archive.read(ooxml.CONTENT_TYPES), forbid_dtd=True):
        yield (
            declaration.get("PartName") or f".{declaration.get('Extension', '')}",
            declaration.get("ContentType", ""),
        )


def _check_parts(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    if DOCUMENT not in names or len(set(names)) != len(names):
        raise ValidationError(NOT_WORD)
    if archive.getinfo(DOCUMENT).file_size > MAX_DOCUMENT:
        raise ValidationError(ooxml.TOO_LARGE_INSIDE)
    if any(name.lower().startswith(EMBEDDED) for name in names):
        raise ValidationError(EMBEDS)
    # XML by another name would be read as such later, and not be looked through here.
    if any(
        kind.lower().endswith("xml") and not name.lower().endswith(_XML)
        for name, kind in _declared(archive)
    ):
        raise ValidationError(NOT_PLAIN)
    for name in names:
        if not name.lower().endswith(_XML):
            continue
        try:
            root = fromstring(archive.read(name), forbid_dtd=True)
        except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
            raise ValidationError(NOT_PLAIN) from error
        if field := forbidden_field(root):
            raise ValidationError(FIELD.format(name=field))
        if name.lower().endswith(".rels"):
            for kind in _outside(root):
                if kind != "hyperlink":
                    raise ValidationError(LINKS_OUT.format(what=kind[:40] or "of no kind"))


def _outside(relationships: Element) -> Iterator[str]:
    """The kind of each part that is not within the file."""
    for relationship in relationships:
        if relationship.get("TargetMode", "Internal") != "Internal":
            yield relationship.get("Type", "").rpartition("/")[2]


def _opened(content: bytes) -> bytes:
    """Opened with the library that will write over it, emptied, and saved again."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(OPENING)],
            input=content,
            capture_output=True,
            timeout=OPENING_SECONDS,
            check=False,
            env={"LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as late:
        raise ValidationError(ooxml.TOO_LARGE_INSIDE) from late
    if done.returncode == 0:
        return done.stdout
    reason = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
    if reason.startswith("missing: "):
        raise ValidationError(LACKS.format(names=reason.removeprefix("missing: ")))
    raise ValidationError(UNUSABLE)
