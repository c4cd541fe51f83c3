"""The structure of a report as Word, which a screen reader and a later editor go by."""

import io

import docx
import pytest
from docx.enum.section import WD_ORIENT

from reports.rendering.document import Column, Paragraph, Section, Table
from reports.rendering.word import as_word
from tests.reports.documents import make_document
from tests.reports.readers import W, word_body, word_part, word_text


@pytest.fixture(scope="module")
def document():
    return make_document()


@pytest.fixture(scope="module")
def content(document):
    return as_word(document)


@pytest.fixture(scope="module")
def word(content):
    return docx.Document(io.BytesIO(content))


@pytest.fixture(scope="module")
def body(content):
    return word_body(content)


def test_its_parts_are_found_by_heading_styles(word, document):
    by_style = [(one.style.name, one.text) for one in word.paragraphs]
    assert [text for style, text in by_style if style == "Title"] == [document.title]
    assert [text for style, text in by_style if style == "Heading 1"] == [
        section.title for section in document.sections
    ]
    assert ("Heading 2", "What families say") in by_style
    assert ("Heading 3", "Decisions") in by_style
    assert ("List Bullet", "First point") in by_style


def test_it_says_its_title_author_and_language(word, document, content):
    core = word.core_properties
    assert (core.title, core.author) == (document.title, "Sampleshire")
    assert core.language == "en-GB"
    assert core.created.isoformat() == "2023-01-16T17:00:00+00:00"
    languages = {
        one.get(f"{W}val") for one in word_part(content, "word/styles.xml").iter(f"{W}lang")
    }
    assert languages == {"en-GB"}
    (theme,) = word_part(content, "word/settings.xml").iter(f"{W}themeFontLang")
    assert theme.get(f"{W}val") == "en-GB"


def test_each_table_repeats_its_head_splits_no_row_and_has_a_name(body, word):
    tables = list(body.iter(f"{W}tbl"))
    assert len(tables) == 5
    for table in tables:
        first, *others = table.iter(f"{W}tr")
        assert first.find(f"{W}trPr/{W}tblHeader") is not None
        assert all(row.find(f"{W}trPr/{W}tblHeader") is None for row in others)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in (first, *others))
        properties = table.find(f"{W}tblPr")
        look = properties.find(f"{W}tblLook")
        assert (look.get(f"{W}firstRow"), look.get(f"{W}firstColumn")) == ("1", "1")
        for tag in ("tblCaption", "tblDescription"):
            assert properties.find(f"{W}{tag}").get(f"{W}val")
    captions = [one.text for one in word.paragraphs if one.style.name == "Caption"]
    names = [one.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val") for one in tables]
    assert set(names) <= set(captions)


def test_widths_are_said_twice_and_alike(body):
    for table in body.iter(f"{W}tbl"):
        grid = [one.get(f"{W}w") for one in table.iter(f"{W}gridCol")]
        for row in table.iter(f"{W}tr"):
            assert [one.get(f"{W}w") for one in row.iter(f"{W}tcW")] == grid


def test_a_rating_is_a_word_on_its_colour(word):
    table = next(one for one in word.tables if one.cell(0, 0).text == "Reference")
    fills = []
    for row in table.rows[1:]:
        shading = row.cells[2]._tc.find(f"{W}tcPr/{W}shd")
        fills.append((row.cells[2].text, None if shading is None else shading.get(f"{W}fill")))
    assert fills == [
        ("Blue", "1D4F91"),
        ("Green", "00662F"),
        ("Amber", "FFBF47"),
        ("Red", "B10E1E"),
        ("Grey", "D9D3C8"),
        ("Not yet rated", None),
    ]


def test_a_link_leads_to_its_address_once(word, body):
    relationships = word.part.rels.values()
    assert [one.target_ref for one in relationships if one.is_external] == ["https://example.org/a"]
    named = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
    assert len([one for one in body.iter(f"{W}hyperlink") if one.get(named)]) == 6


def test_the_contents_lead_to_each_heading(body, document):
    anchors = [one.get(f"{W}anchor") for one in body.iter(f"{W}hyperlink") if one.get(f"{W}anchor")]
    marks = [one.get(f"{W}name") for one in body.iter(f"{W}bookmarkStart")]
    assert anchors == marks
    assert len(marks) == len(document.sections)
    signs = [one.get(f"{W}fldCharType") for one in body.iter(f"{W}fldChar")]
    assert signs == ["begin", "separate", "end"]


def test_a_wide_table_turns_its_section_and_no_empty_page_follows(document):
    columns = tuple(Column(title=letter) for letter in "ABCDEFGH")
    wide = Table(name="Wide", caption="Wide", columns=columns, rows=(), empty="None.")
    text = Paragraph(text="x")
    sections = (
        Section(key="a", title="A", blocks=(text,)),
        Section(key="b", title="B", blocks=(wide,)),
        Section(key="c", title="C", blocks=(wide,)),
    )
    word = docx.Document(io.BytesIO(as_word(make_document(sections=sections))))
    turned = [one.orientation for one in word.sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE]
    assert [round(one.page_width.mm) for one in word.sections] == [210, 297]


def test_a_draft_says_so_and_has_no_fingerprint(document):
    text = word_text(as_word(make_document(is_draft=True)))
    assert "Draft. Not published: it may still change." in text
    assert "Fingerprint" not in text
    assert " ".join(document.digest[:4] for _ in "x") in word_text(as_word(document))
