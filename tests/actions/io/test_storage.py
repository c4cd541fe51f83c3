"""Files people send: the kind is read from the content, and whatever else it may be is refused."""

import hashlib
import io
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser

from actions.io import ooxml, storage
from actions.io.storage import SizeGuard, checked_file, limit_text, safe_name, size_text
from tests.actions.io import documents
from tests.actions.io.documents import EXE, JPEG, PDF, PNG, office_file, sent, types, zipped

MIB = b"\x00" * 1024 * 1024


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        checked_file(sent(name, content))
    return " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("minutes.pdf", PDF, "application/pdf"),
        ("minutes.docx", office_file(ooxml.WORD), ooxml.WORD),
        ("figures.xlsx", documents.workbook(("a", 1)), ooxml.EXCEL),
        ("slides.pptx", office_file(ooxml.POWERPOINT), ooxml.POWERPOINT),
        ("page.png", PNG, "image/png"),
        ("page.JPG", JPEG, "image/jpeg"),
        ("figures.csv", "Ref,Café\r\n1,2\r\n".encode(), "text/csv"),
        ("figures.csv", "Ref,Café\r\n1,2\r\n".encode("cp1252"), "text/csv"),
        ("note.txt", b"A < B, and 2 > 1.", "text/plain"),
    ],
)
def test_what_is_kept_is_known_by_its_content(name, content, kind):
    found = checked_file(sent(name, content, "text/html"))
    assert found.kind.content_type == kind
    assert (found.name, found.size) == (name, len(content))
    assert found.digest == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("minutes.pdf", EXE, "is not PDF inside"),
        ("minutes.exe", EXE, "Files of this kind are not kept here"),
        ("minutes.pdf.exe", PDF, "Give it a name that ends in .pdf"),
        ("picture.svg", documents.SVG, "Files of this kind are not kept here"),
        ("picture.txt", documents.SVG, "is not plain text inside"),
        ("page.txt", b"\xef\xbb\xbf  <!DOCTYPE html><p>", "is not plain text inside"),
        ("page.csv", b"a,b\n" * 30_000 + b"<SCRIPT>x</SCRIPT>", "is not CSV inside"),
        ("page.html", b"<p>Hello</p>", "Give it a name that ends in .txt"),
        ("run.bat", b"@echo off\r\n", "Give it a name that ends in .txt"),
        ("note.txt", b"a\x00b", "is not plain text inside"),
        ("note.txt", "Größe".encode("utf-16"), "is not plain text inside"),
        ("note.txt", b"\x81\x8d\x8f", "is not plain text inside"),
        ("minutes.pdf", b"", "empty"),
        ("minutes.pdf", PDF[:40], "not whole"),
        ("minutes.pdf", documents.ENCRYPTED_PDF, "protected with a password"),
        ("Re feedback.msg", documents.OLD_WORD, "An Outlook message cannot be kept. In Outlook,"),
        ("minutes.doc", documents.OLD_WORD, "of the old kind, or one with a password"),
        ("minutes.docx", documents.OLD_WORD, "of the old kind, or one with a password"),
        ("minutes.docx", PNG, "is PNG inside"),
        ("picture.png", PNG[:40], "is not PNG inside"),
        ("minutes.docx", zipped(a="b"), "is not Word inside"),
        ("things.zip", zipped(a="b"), "Files of this kind are not kept here"),
        ("minutes.docx", b"PK\x03\x04" + b"\x00" * 90, "damaged"),
        ("minutes.docx", office_file()[:-40], "damaged"),
    ],
)
def test_what_is_not_kept_is_refused_in_plain_words(name, content, words):
    assert words in refusal(name, content)


def test_macros_are_refused_by_their_part_and_by_what_the_file_says_of_itself():
    hidden = zipped(
        **{
            ooxml.CONTENT_TYPES: types(f"{ooxml.WORD}.main+xml"),
            "word/VBAPROJECT.BIN": "code",
        }
    )
    said = zipped(
        **{ooxml.CONTENT_TYPES: types("application/vnd.ms-word.document.macroEnabled.main+xml")}
    )
    assert "macros" in refusal("minutes.docx", hidden)
    assert "macros" in refusal("minutes.docx", said)


def test_a_zip_bomb_is_not_opened():
    big = MIB * 101
    assert "far larger than it looks" in refusal("minutes.docx", office_file(word__a=big))


def test_a_bomb_of_many_parts_is_not_opened():
    parts = {f"part{n}": "" for n in range(2_001)}
    assert "far larger than it looks" in refusal("minutes.docx", office_file(**parts))


def test_a_part_that_is_longer_than_it_says_is_damage():
    content = bytearray(office_file(word__a=MIB))
    # The central directory gives the size of the part as 10 bytes.
    size = len(MIB).to_bytes(4, "little")
    place = content.rindex(size)
    content[place : place + 4] = (10).to_bytes(4, "little")
    assert "damaged" in refusal("minutes.docx", bytes(content))


def test_a_part_with_a_password_is_refused():
    content = bytearray(office_file(word__a="secret"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        offset = archive.getinfo("word/a").header_offset
    content[offset + 6] |= 1
    entry = content.rindex(b"word/a") - 46
    content[entry + 8] |= 1
    assert "password" in refusal("minutes.docx", bytes(content))


def test_an_entity_in_the_list_of_types_is_refused():
    bomb = '<!DOCTYPE t [<!ENTITY a "aaaa">]><Types>&a;</Types>'
    content = zipped(**{ooxml.CONTENT_TYPES: bomb})
    assert "damaged" in refusal("minutes.docx", content)


@pytest.mark.parametrize(
    ("sent_as", "kept_as"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ann\\minutes.pdf", "minutes.pdf"),
        ("minutes\u202efdp.exe", "minutesfdp.exe"),
        ("a\x00b\r\nc\x1b.pdf", "ab c.pdf"),
        ("  .hidden.pdf ", "hidden.pdf"),
        ("", "file"),
        ("…", "…"),
        ("Café \u2028 notes.pdf", "Café notes.pdf"),
        ("Cafe\u0301.pdf", "Café.pdf"),
    ],
)
def test_a_name_keeps_nothing_that_misleads(sent_as, kept_as):
    assert safe_name(sent_as) == kept_as


def test_a_long_name_is_shortened_and_keeps_its_ending():
    name = safe_name("m" * 300 + ".docx")
    assert len(name) == 200
    assert name.endswith("m.docx")


def test_a_name_without_an_ending_gets_the_one_of_its_content():
    assert checked_file(sent("minutes", PDF)).name == "minutes.pdf"


def test_a_file_above_the_limit_is_refused_and_told_both_sizes(settings):
    settings.EVIDENCE_MAX_BYTES = 10_000
    words = refusal("minutes.pdf", PDF + b" " * 15_000)
    assert "This file is 15 kB; up to 10 kB can be taken." in words


def test_sizes_in_words():
    assert [size_text(size) for size in (1, 214_400, 1_000_000, 10_485_760)] == [
        "1 byte",
        "214 kB",
        "1 MB",
        "10.5 MB",
    ]


def test_a_limit_is_said_in_whole_megabytes():
    assert [limit_text(most) for most in (10_485_760, 25_000_000, 1_500_000)] == [
        "10 MB",
        "25 MB",
        "1.5 MB",
    ]


# --- Keeping ----------------------------------------------------------------------------------


@pytest.fixture
def root(settings, tmp_path) -> Path:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    return settings.EVIDENCE_ROOT


def test_a_file_is_kept_under_its_digest_and_read_back_whole(root):
    found = checked_file(sent("minutes.pdf", PDF))
    storage.keep(found)
    (path,) = [path for path in root.rglob("*") if path.is_file()]
    assert path.name == found.digest
    assert path.stat().st_mode & 0o777 == 0o440
    with storage.open_kept(found.digest, found.size) as kept:
        assert kept.read() == PDF


def test_the_same_content_is_kept_once_and_never_overwritten(root):
    found = checked_file(sent("minutes.pdf", PDF))
    storage.keep(found)
    (path,) = [path for path in root.rglob("*") if path.is_file()]
    before = path.stat()
    storage.keep(checked_file(sent("the same under another name.pdf", PDF)))
    assert [path for path in root.rglob("*") if path.is_file()] == [path]
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "0" * 63, "G" * 64])
def test_nothing_but_a_digest_names_a_kept_file(root, digest):
    with pytest.raises(storage.WrongFile, match="missing"):
        storage.open_kept(digest, 1)


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o640)
    path.write_bytes(content)


@pytest.mark.parametrize("content", [b"", PDF[:-1], PDF + b" ", PDF.replace(b"1", b"2")])
def test_a_file_that_was_changed_where_it_is_kept_is_not_read(root, content):
    found = checked_file(sent("minutes.pdf", PDF))
    storage.keep(found)
    (path,) = [path for path in root.rglob("*") if path.is_file()]
    assert storage.problem_of(found.digest, found.size) == ""
    overwrite(path, content)
    assert content != PDF
    with pytest.raises(storage.WrongFile, match="changed"):
        storage.open_kept(found.digest, found.size)


def test_sent_again_a_changed_file_is_put_right(root):
    found = checked_file(sent("minutes.pdf", PDF))
    storage.keep(found)
    (path,) = [path for path in root.rglob("*") if path.is_file()]
    overwrite(path, b"another")
    storage.keep(checked_file(sent("minutes.pdf", PDF)))
    assert path.read_bytes() == PDF
    assert [path for path in root.rglob("*") if path.is_file()] == [path]


# --- A 100 MB upload --------------------------------------------------------------------------


class Endless(io.RawIOBase):
    """A request of so many bytes that nobody has to hold."""

    def __init__(self, head: bytes, length: int, tail: bytes) -> None:
        self.head, self.length, self.tail = head, length, tail

    def read(self, size: int | None = None, /) -> bytes:
        size = size or sys.maxsize
        head, length, tail = self.head, self.length, self.tail
        if head:
            self.head = head[size:]
            return head[:size]
        if length:
            taken = min(size, length)
            self.length = length - taken
            return b"x" * taken
        self.tail = tail[size:]
        return tail[:size]


def test_a_huge_upload_is_neither_held_in_memory_nor_written_to_disk(settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    size = 100 * 1024 * 1024
    head = (
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n"
    )
    tail = b"\r\n--edge--\r\n"
    length = len(head) + size + len(tail)
    request = HttpRequest()
    to_disk = TemporaryFileUploadHandler()
    handlers = [SizeGuard(request), MemoryFileUploadHandler(), to_disk]
    request.upload_handlers = handlers
    parser = MultiPartParser(
        {"CONTENT_TYPE": "multipart/form-data; boundary=edge", "CONTENT_LENGTH": str(length)},
        Endless(head, size, tail),
        handlers,
    )
    tracemalloc.start()
    try:
        _, uploads = parser.parse()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * 1024 * 1024
    # No more than the limit has gone to a temporary file, and that is gone again.
    assert list(tmp_path.iterdir()) == []
    assert to_disk.file.closed
    (upload,) = uploads.getlist("file")
    with pytest.raises(ValidationError, match=r"104\.9 MB; up to 10 MB can be taken"):
        checked_file(upload)
