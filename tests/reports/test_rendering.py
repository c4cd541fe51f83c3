"""A report in each of its formats: structure, the same numbers in each, and text of every kind."""

import io
import zipfile
from xml.etree import ElementTree

import docx
import openpyxl
import pikepdf
import pytest

from reports.document import Bullets, Cell, Column, Document, Paragraph, Section, Table
from reports.rendering.letters import WITHIN, clean, printable
from reports.rendering.pdf import as_pdf
from reports.rendering.tables import as_csv, as_excel
from reports.rendering.typesetting import TypesettingFailed, typeset
from reports.rendering.word import as_word
from tests.reports.documents import make_document

HOSTILE = [
    "#panic() $x$ *bold* `code` @ref // # [link](x) <script>alert(1)</script> {{ x }} {% y %}",
    "=cmd|' /C calc'!A0",
    "فترة المراجعة: 12 مدرسة",
    "e\u0301 a\u0323\u0307 \u200d\u200f ✓ → 👩🏽‍🏫 🎉 漢字",
    "word" * 5000,
    "\x00\x07\x1b[31m \ufffe \ud800 end",
    "long " * 6000,
]


@pytest.fixture(scope="module")
def document() -> Document:
    return make_document()


def with_text(text: str) -> Document:
    """A document whose every text is the one given, as far as a payload may hold it."""
    text = clean(text)
    table = Table(
        name=text[:40] or "T",
        caption=text,
        columns=(Column(title="Reference"), Column(title=text[:200])),
        rows=((Cell(text="1.1.1a"), Cell(text=text)),),
    )
    blocks = (Paragraph(text=text), Bullets(items=(text,)), table)
    return make_document(
        title=text[:200] or "T", sections=(Section(key="a", title="A", blocks=blocks),)
    )


# --- The payload ------------------------------------------------------------------------------


def test_the_canonical_text_reads_back_to_itself(document):
    again = Document.read(document.text)
    assert again == document
    assert again.text == document.text
    assert again.digest == document.digest


def test_another_word_is_another_digest(document):
    assert make_document(title="Another").digest != document.digest


# --- PDF --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pdf(document):
    with pikepdf.open(io.BytesIO(as_pdf(document))) as opened:
        yield opened


def elements(pdf, kind):
    """Every structure element of a kind, in reading order."""

    def walk(element):
        if element.get("/S") == kind:
            yield element
        kids = element.get("/K")
        if kids is None:
            return
        for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield from walk(kid)

    return list(walk(pdf.Root.StructTreeRoot))


def attributes(cell):
    found = cell.get("/A")
    owned = list(found) if isinstance(found, pikepdf.Array) else [found]
    return next(one for one in owned if one.get("/O") == "/Table")


def test_the_pdf_is_tagged_named_and_in_english(pdf, document):
    assert bool(pdf.Root.MarkInfo.Marked)
    assert str(pdf.Root.Lang) == "en-GB"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == document.title
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_each_chart_has_its_words_and_each_section_its_heading(pdf, document):
    alts = [str(figure.Alt) for figure in elements(pdf, "/Figure")]
    assert alts == [chart.figure.alt for chart in document.charts()]
    assert len(elements(pdf, "/H1")) == len(document.sections)
    assert "/Outlines" in pdf.Root


def test_rows_and_columns_have_headers_that_every_cell_names(pdf):
    heads = elements(pdf, "/TH")
    names = {bytes(head.ID) for head in heads}
    scopes = [str(attributes(head).Scope) for head in heads]
    assert scopes.count("/Row") > 20
    assert scopes.count("/Column") > 20
    for cell in elements(pdf, "/TD"):
        headers = {bytes(name) for name in attributes(cell).Headers}
        assert headers <= names
        assert any(name.startswith(b"row-") for name in headers)


def test_a_missing_alternative_text_is_refused_by_the_typesetter():
    broken = {"sections": [], "title": ""}
    with pytest.raises(TypesettingFailed):
        typeset(broken, [])


# --- Word -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def word(document):
    return docx.Document(io.BytesIO(as_word(document)))


def xml_of(content, part):
    return ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(part))


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def test_word_has_headings_repeated_rows_names_and_alternative_texts(document):
    content = as_word(document)
    body = xml_of(content, "word/document.xml")
    tables = list(body.iter(f"{W}tbl"))
    assert len(list(body.iter(f"{W}tblHeader"))) == len(tables)
    assert len(list(body.iter(f"{W}tblCaption"))) == len(tables)
    described = [
        one.get("descr") for one in body.iter() if one.tag.endswith("}docPr") and one.get("descr")
    ]
    assert described == [chart.figure.alt for chart in document.charts()]
    languages = {one.get(f"{W}val") for one in xml_of(content, "word/styles.xml").iter(f"{W}lang")}
    assert languages == {"en-GB"}


def test_word_names_its_sections_by_heading_styles(word, document):
    titles = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert titles == [section.title for section in document.sections]
    assert word.core_properties.title == document.title
    assert word.core_properties.language == "en-GB"


# --- Excel and CSV ----------------------------------------------------------------------------


def test_excel_has_a_sheet_for_each_table_and_no_formula(document):
    content = as_excel(document)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert len(set(book.sheetnames)) == len(book.sheetnames) == 7
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        drawings = b"".join(
            archive.read(name) for name in archive.namelist() if name.startswith("xl/drawings/d")
        ).decode()
    for chart in document.charts():
        assert chart.figure.alt.split(".")[0] in drawings


def test_the_same_numbers_stand_in_each_format(document, word, pdf):
    figure = next(chart.figure for chart in document.charts() if chart.name == "1.1.1-1")
    values = [value for value in figure.series[0].values if value is not None]
    book = openpyxl.load_workbook(io.BytesIO(as_excel(document)))
    column = [row[1].value for row in book["1.1.1-1"].iter_rows(min_row=2, max_row=13)]
    assert [value for value in column if value is not None] == [float(one) for one in values]
    assert column[4] is None  # a month without a figure stays empty
    words = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert {f"{one.normalize():f}" for one in values} <= words
    with zipfile.ZipFile(io.BytesIO(as_csv(document))) as archive:
        name = next(one for one in archive.namelist() if "1-1-1-1" in one)
        text = archive.read(name).decode("utf-8-sig")
    assert '"201.5"' in text
    assert '"Sample, not real"' in text


# --- Text of every kind -----------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_makes_a_readable_document_in_each_format(text):
    document = with_text(text)
    assert as_pdf(document).startswith(b"%PDF")
    paragraphs = [one.text for one in docx.Document(io.BytesIO(as_word(document))).paragraphs]
    assert clean(text)[:60] in "\n".join(paragraphs)
    openpyxl.load_workbook(io.BytesIO(as_excel(document)))
    rows = zipfile.ZipFile(io.BytesIO(as_csv(document)))
    body = b"".join(rows.read(name) for name in rows.namelist()).decode("utf-8-sig")
    assert '\n"=' not in body
    assert ',"=' not in body


def test_a_sign_without_a_font_is_replaced_and_counted():
    assert printable("12 schools ✓ 漢") == ("12 schools ✓ \N{REPLACEMENT CHARACTER}", 1)
    assert printable("cafe\u0301") == ("café", 0)


def test_the_typesetter_draws_each_sign_said_to_be_within_it():
    document = with_text("".join(sorted(WITHIN)))
    assert as_pdf(document).startswith(b"%PDF")
