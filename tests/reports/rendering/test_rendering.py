"""What is kept of a report, and the files that are made of it."""

import dataclasses
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from reports.rendering import FORMATS, file_name, layout, render
from reports.rendering.document import Cell, Column, Document, Table
from tests.reports.documents import make_document, render_all


@pytest.fixture(scope="module")
def document() -> Document:
    return make_document()


def test_the_canonical_text_reads_back_to_itself(document):
    again = Document.read(document.text)
    assert again == document
    assert again.text == document.text
    assert again.digest == document.digest


def test_another_word_is_another_digest(document):
    assert make_document(title="Another").digest != document.digest


def test_every_format_is_the_same_bytes_again_from_the_text_that_is_kept(document):
    once = render_all(document)
    assert list(once) == ["html", "docx", "pdf", "xlsx", "csv", "json"]
    again = render_all(Document.read(document.text))
    assert {key: content == again[key] for key, content in once.items()} == dict.fromkeys(
        FORMATS, True
    )


def test_the_files_are_dated_with_the_cut_off_and_not_with_today(document):
    for key in ("docx", "csv"):
        with zipfile.ZipFile(io.BytesIO(render(document, key))) as archive:
            assert {one.date_time for one in archive.infolist()} == {(2023, 1, 16, 17, 0, 0)}


def test_the_record_is_the_text_whose_digest_is_printed(document):
    content = render(document, "json")
    assert hashlib.sha256(content).hexdigest() == document.digest


def test_an_unknown_format_is_none(document):
    with pytest.raises(KeyError):
        render(document, "odt")


@pytest.mark.parametrize(
    ("fields", "key", "name"),
    [
        ({}, "pdf", "sampleshire-quarterly-formal-report-q3-2022-23-v1.pdf"),
        ({"version": 2}, "docx", "sampleshire-quarterly-formal-report-q3-2022-23-v2.docx"),
        (
            {"content": "families"},
            "html",
            "sampleshire-quarterly-formal-report-q3-2022-23-families-v1.html",
        ),
        ({}, "csv", "sampleshire-quarterly-formal-report-q3-2022-23-v1.zip"),
        # What did not go out says so where it is saved.
        ({"is_draft": True}, "pdf", "sampleshire-quarterly-formal-report-q3-2022-23-v1-draft.pdf"),
        (
            {"local_area": "Côté/../Ünit", "series": '\n"x"', "number": "漢"},
            "json",
            "cote-unit-x-v1.json",
        ),
        ({"local_area": "漢", "series": "", "number": ""}, "xlsx", "report-v1.xlsx"),
    ],
)
def test_a_file_is_named_in_plain_letters(fields, key, name):
    assert file_name(make_document(**fields), key) == name


def test_a_format_is_what_it_is():
    with pytest.raises(dataclasses.FrozenInstanceError):
        FORMATS["pdf"].label = "x"  # type: ignore[misc]


def test_a_column_is_as_wide_as_it_asks_and_never_narrower_than_its_longest_word():
    def shares(*columns, rows=()):
        table = Table(name="T", caption="T", columns=columns, rows=rows)
        return layout.shares(table)

    narrow, broad = Column(title="Ref"), Column(title="Progress", width=9)
    assert shares(narrow, broad) == [10, 90]
    # Sixteen letters and three more of the hundred that a page has room for.
    row = (Cell(text="of neurodevelopment clinics"), Cell(text="It goes on."))
    assert shares(narrow, broad, rows=(row,)) == [19, 81]
    # A short line stays one: fourteen letters and three.
    row = (Cell(text="September 2026\n1 of 2"), Cell(text="It goes on."))
    assert shares(narrow, broad, rows=(row,)) == [17, 83]
    # Twelve columns that all ask for more than there is: as they need it.
    long = Column(title="n" * 60)
    assert shares(*[long] * 12) == [23] * 12


def test_a_record_made_before_others_were_drawn_by_name_reads_and_renders(document):
    kept = json.loads(document.text)
    for section in kept["sections"]:
        for block in section["blocks"]:
            if figure := block.get("figure"):
                figure["series"] = [one for one in figure["series"] if one["role"] != "comparator"]
    text = json.dumps(kept, sort_keys=True)
    old = Document.read(text)
    assert json.loads(old.text) == kept
    assert not any(chart.figure.comparators for chart in old.charts())
    assert all(render(old, key) for key in FORMATS)


PUBLISHED = Path(__file__).parent / "published"


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("formal", "0f34661065a4641cc7570d42f68d646d0150d52913ebb033d85a3673f472f642"),
        ("kpis", "ba194d3af71feab36de5bfe5a687a419025aa4ad890aac6e47131a9cf700e293"),
    ],
)
def test_what_was_published_before_reads_as_it_was_kept_and_renders(name, digest):
    """As published before plans had levels, colour keys and references of their own."""
    text = (PUBLISHED / f"{name}.json").read_text(encoding="utf-8")
    document = Document.read(text)

    assert hashlib.sha256(text.encode()).hexdigest() == digest
    assert (document.text, document.digest) == (text, digest)
    files = render_all(document)
    assert files["json"].decode() == text
    assert all(files.values())
