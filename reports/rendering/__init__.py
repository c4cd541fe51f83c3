"""A report in each of its formats, made from its document alone.

The same document gives the same bytes, whenever it is rendered. What takes a large library is made
in a process of its own, which loads this module: so each renderer is imported by whom it serves.
"""

import unicodedata
from dataclasses import dataclass

from actions.io.own_process import in_own_process
from reports.rendering.document import Document


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

# What a report in Word needs of a template: Word's own names for its styles.
STYLES = ("Title", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet", "Table Grid")


def render(document: Document, key: str, *, template: bytes | None = None) -> bytes:
    """The file of one of FORMATS. `template` is a council's own, for Word.

    NotDone where it cannot be made, or not now.
    """
    match key:
        case "html":
            from reports.rendering.file import as_html

            return as_html(document)
        case "csv":
            from reports.rendering.tables import as_csv

            return as_csv(document)
        case "json":
            # Exactly the text whose SHA-256 is the fingerprint.
            return document.text.encode()
        case "docx" | "pdf" | "xlsx":
            return in_own_process(made, document.text, key, template)
    raise KeyError(key)


def made(text: str, key: str, template: bytes | None) -> bytes:
    """The file of a document's text, with the libraries of documents."""
    document = Document.read(text)
    match key:
        case "docx":
            from reports.rendering.word import as_word

            return as_word(document, template)
        case "pdf":
            from reports.rendering.pdf import as_pdf

            return as_pdf(document)
        case "xlsx":
            from reports.rendering.tables import as_excel

            return as_excel(document)
    raise KeyError(key)


def file_name(document: Document, key: str) -> str:
    """What the file is called where it is saved, such as `sampleshire-quarterly-q3-v1.pdf`.

    A draft is `…-v1-draft.pdf`.
    """
    parts = [document.local_area, document.series, document.number]
    if document.content == "families":
        parts.append("families")
    stem = "-".join(slug for part in parts if (slug := _slug(part)))
    state = "-draft" if document.is_draft else ""
    return f"{stem or 'report'}-v{document.version}{state}.{FORMATS[key].extension}"


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    return "-".join(words)[:60].strip("-")
