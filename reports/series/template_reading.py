"""Reads a council's own Word template: what of it may be opened, and that without its text.

A Word file is a zip of XML. Sizes and parts are looked at first, because a small file can unfold to
gigabytes; only then is it opened with the library that will write over it. No Django: all of it
happens in a process that then ends.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from actions.io import ooxml
from actions.io.ooxml import Unusable
from reports.drafts.word_fields import forbidden_field
from reports.rendering import STYLES

if TYPE_CHECKING:
    from docx.section import Section

# Of its text, which in a template is short.
MAX_DOCUMENT = 8 * ooxml.MIB
DOCUMENT = "word/document.xml"
_XML = (".xml", ".rels", ".vml")
_TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
EMBEDDED = ("word/embeddings/", "word/activex/", "word/afchunk")
# A page with less room between its margins is set up anew, as A4: in millimetres.
LEAST_ROOM = 80

NOT_WORD = "This is not a Word file. Choose one whose name ends in .docx."
SAVE_AS = "Open it in Word, save it as a Word document (.docx) and choose that."
IS_TEMPLATE = f"This is a Word template (.dotx). {SAVE_AS}"
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


def emptied(content: bytes) -> bytes:
    """The template's look, head and foot, without what it says. Unusable where it cannot be one."""
    kind = ooxml.office_kind(io.BytesIO(content), ooxml.TO_READ)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if kind != ooxml.WORD:
            raise Unusable(IS_TEMPLATE if _is_template(archive) else NOT_WORD)
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
        raise Unusable(NOT_WORD)
    if archive.getinfo(DOCUMENT).file_size > MAX_DOCUMENT:
        raise Unusable(ooxml.TOO_LARGE_INSIDE)
    if any(name.lower().startswith(EMBEDDED) for name in names):
        raise Unusable(EMBEDS)
    # XML by another name would be read as such later, and not be looked through here.
    if any(
        kind.lower().endswith("xml") and not name.lower().endswith(_XML)
        for name, kind in _declared(archive)
    ):
        raise Unusable(NOT_PLAIN)
    for name in names:
        if not name.lower().endswith(_XML):
            continue
        try:
            root = fromstring(archive.read(name), forbid_dtd=True)
        except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
            raise Unusable(NOT_PLAIN) from error
        if field := forbidden_field(root):
            raise Unusable(FIELD.format(name=field))
        if name.lower().endswith(".rels"):
            for kind in _outside(root):
                if kind != "hyperlink":
                    raise Unusable(LINKS_OUT.format(what=kind[:40] or "of no kind"))


def _outside(relationships: Element) -> Iterator[str]:
    """The kind of each part that is not within the file."""
    for relationship in relationships:
        if relationship.get("TargetMode", "Internal") != "Internal":
            yield relationship.get("Type", "").rpartition("/")[2]


def _opened(content: bytes) -> bytes:
    """Opened with the library that will write over it, emptied, and saved again."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn

    try:
        word = docx.Document(io.BytesIO(content))
        kinds = {"Table Grid": WD_STYLE_TYPE.TABLE}
        there = {
            style.name
            for style in word.styles
            if style.type == kinds.get(style.name or "", WD_STYLE_TYPE.PARAGRAPH)
        }
        body = word.element.body
        for element in list(body):
            if element.tag != qn("w:sectPr"):
                body.remove(element)
        body.get_or_add_sectPr()
        _set_up(word.sections[-1])
        out = io.BytesIO()
        word.save(out)
    except MemoryError:
        raise
    except Exception as error:
        # The library raises whatever the file makes it stumble over.
        raise Unusable(UNUSABLE) from error
    if missing := [name for name in ("Normal", *STYLES) if name not in there]:
        raise Unusable(LACKS.format(names=", ".join(missing)))
    return out.getvalue()


def _set_up(page: Section) -> None:
    """Sizes and margins where the template gives none, or leaves no room between them."""
    from docx.shared import Mm

    sizes = (page.page_width, page.page_height, page.left_margin, page.right_margin)
    width, _, left, right = (size or 0 for size in sizes)
    if None in sizes or width - left - right < Mm(LEAST_ROOM):
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)
