"""What a person reads in a file of a report: its texts, and the words beside its pictures."""

import io
import re
import unicodedata
import zipfile
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import openpyxl
import pikepdf

from tests.reports.rendering.pdf_checks import elements

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def plain(text: str) -> str:
    """Without what only parts lines."""
    return " ".join(text.replace("\N{ZERO WIDTH SPACE}", "").split())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.labels: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.unread = 0

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if dict(attributes).get("role") == "img":
            self.labels.append(dict(attributes)["aria-label"])
        self.unread += tag in ("style", "script")

    def handle_endtag(self, tag):
        self.unread -= tag in ("style", "script")

    def handle_data(self, data):
        if not self.unread:
            self.said.append(data)


def parsed(content: bytes) -> _Page:
    page = _Page()
    page.feed(content.decode())
    page.close()
    return page


def html_text(content: bytes) -> str:
    return plain(" ".join(parsed(content).said))


def html_alts(content: bytes) -> list[str]:
    return parsed(content).labels


def word_body(content: bytes) -> ElementTree.Element:
    return word_part(content, "word/document.xml")


def word_part(content: bytes, name: str) -> ElementTree.Element:
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(name))


def word_text(content: bytes) -> str:
    found = []
    for one in word_body(content).iter():
        if one.tag == f"{W}t":
            found.append(one.text or "")
        elif one.tag in (f"{W}p", f"{W}br", f"{W}tab"):
            found.append(" ")
    return plain("".join(found))


def word_alts(content: bytes) -> list[str]:
    described = (one for one in word_body(content).iter() if one.tag.endswith("}docPr"))
    return [words for one in described if (words := one.get("descr"))]


def excel_values(content: bytes) -> dict[str, list[tuple[object, ...]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def excel_alts(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        drawings = sorted(
            (name for name in archive.namelist() if name.startswith("xl/drawings/drawing")),
            key=lambda name: int(re.sub(r"\D", "", name)),
        )
        return [
            one.get("descr", "")
            for name in drawings
            for one in ElementTree.fromstring(archive.read(name)).iter()
            if one.tag.endswith("}cNvPr")
        ]


def csv_files(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def pdf_alts(content: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [str(one.Alt) for one in elements(pdf, "/Figure")]


def pdf_text(content: bytes) -> str:
    """The text that its fonts say its signs stand for, which is what a reader gets."""
    said: list[str] = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            fonts = {name: _letters(font) for name, font in page.Resources.Font.items()}
            font: dict[bytes, str] = {}
            for step in pikepdf.parse_content_stream(page):
                match str(step.operator):
                    case "Tf":
                        font = fonts[str(step.operands[0])]
                    case "Tj":
                        said += _said(step.operands[0], font)
                    case "TJ":
                        said += [
                            letters
                            for one in step.operands[0]
                            if isinstance(one, pikepdf.String)
                            for letters in _said(one, font)
                        ]
                    case "BT":
                        said.append(" ")
    return plain(_joined(said))


def _said(text: pikepdf.Object, font: dict[bytes, str]) -> list[str]:
    signs = bytes(text)
    return [font.get(signs[at : at + 2], "") for at in range(0, len(signs), 2)]


def _joined(said: list[str]) -> str:
    """Signs as text. A letter drawn by several signs, marks over and under it, is listed whole with
    each of them; what reads a PDF takes it once (pdftotext does)."""
    return "".join(
        one
        for before, one in pairwise(["", *said])
        if not (one == before and len(one) > 1 and unicodedata.combining(one[-1]))
    )


def _letters(font: pikepdf.Object) -> dict[bytes, str]:
    """What each sign of a font stands for, from its own list."""
    listed = font.ToUnicode.read_bytes().decode("latin-1")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", listed, re.DOTALL):
        for sign, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[bytes.fromhex(sign)] = bytes.fromhex(letters).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", listed, re.DOTALL):
        for first, last, letter in re.findall(
            r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block
        ):
            start = int(letter, 16)
            for step in range(int(last, 16) - int(first, 16) + 1):
                found[(int(first, 16) + step).to_bytes(2, "big")] = chr(start + step)
    return found
