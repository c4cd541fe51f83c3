"""A report in each of its formats, made from its document alone.

The same document gives the same bytes, whenever it is rendered.
"""

import unicodedata
from dataclasses import dataclass

from reports.rendering.document import Document
from reports.rendering.file import as_html
from reports.rendering.pdf import as_pdf
from reports.rendering.tables import as_csv, as_excel


@dataclass(frozen=True, slots=True)
class Format:
    """One of the formats that a report is kept and offered in."""

    key: str
    label: str
    extension: str
    content_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS = {
    file_format.key: file_format
    for file_format in (
        Format("html", "Web page", "html", "text/html; charset=utf-8"),
        Format("docx", "Word", "docx", f"{_OFFICE}.wordprocessingml.document"),
        Format("pdf", "PDF", "pdf", "application/pdf"),
        Format("xlsx", "Excel", "xlsx", f"{_OFFICE}.spreadsheetml.sheet"),
        Format("csv", "CSV, zipped", "zip", "application/zip"),
        Format("json", "The record itself (JSON)", "json", "application/json"),
    )
}


def render(document: Document, key: str, *, template: bytes | None = None) -> bytes:
    """The file of one of FORMATS. `template` is a council's own, for Word."""
    match key:
        case "html":
            return as_html(document)
        case "docx":
            # The library is large, and most pages go without it.
            from reports.rendering.word import as_word

            return as_word(document, template)
        case "pdf":
            return as_pdf(document)
        case "xlsx":
            return as_excel(document)
        case "csv":
            return as_csv(document)
        case "json":
            # Exactly the text whose SHA-256 is the fingerprint.
            return document.text.encode()
    raise KeyError(key)


def render_all(document: Document, *, template: bytes | None = None) -> dict[str, bytes]:
    return {key: render(document, key, template=template) for key in FORMATS}


def file_name(document: Document, key: str) -> str:
    """What the file is called where it is saved, such as `sampleshire-quarterly-q3-v1.pdf`."""
    parts = [document.local_area, document.series, document.number]
    if document.content == "families":
        parts.append("families")
    stem = "-".join(slug for part in parts if (slug := _slug(part)))
    return f"{stem or 'report'}-v{document.version}.{FORMATS[key].extension}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:60].strip("-")
