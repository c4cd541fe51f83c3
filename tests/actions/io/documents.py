"""Files for tests, honest and hostile, made here so that none has to be kept."""

import io
import struct
import zipfile
import zlib
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.io import ooxml

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
ENCRYPTED_PDF = PDF.replace(b"/Root", b"/Encrypt 5 0 R/Root")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20 + b"\xff\xd9"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04" + b"\x00" * 200
OLD_WORD = ooxml.OLD_OFFICE + b"\x00" * 600
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\x00"))
    + _chunk(b"IEND", b"")
)


def types(*content_types: str) -> str:
    overrides = "".join(
        f'<Override PartName="/p{n}" ContentType="{one}"/>' for n, one in enumerate(content_types)
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f"{overrides}</Types>"
    )


def zipped(**parts: bytes | str) -> bytes:
    """A zip of these parts; `__` in a name stands for a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def office_file(kind: str = ooxml.WORD, **parts: bytes | str) -> bytes:
    return zipped(**{ooxml.CONTENT_TYPES: types(f"{kind}.main+xml"), **parts})


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_sheet(data: bytes, sheet: str) -> bytes:
    """A workbook with the XML of its sheet replaced."""
    return with_part(data, "xl/worksheets/sheet1.xml", sheet.encode())


def with_part(data: bytes, part: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in [*(name for name in old.namelist() if name != part)]:
            new.writestr(name, old.read(name))
        new.writestr(part, content)
    return file.getvalue()


def sheet_xml(rows: str) -> str:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def sent(name: str, content: bytes, content_type: str = "application/pdf") -> SimpleUploadedFile:
    """As a browser sends it; what it claims the content to be is not believed."""
    return SimpleUploadedFile(name, content, content_type)
