"""The structure of a report as PDF, and controls that show the checks to see what they look for."""

import io

import pikepdf
import pytest

from reports.rendering.document import APPROVAL, Paragraph, Section
from reports.rendering.pdf import as_pdf
from reports.rendering.typesetting import TypesettingFailed
from tests.reports.documents import make_document
from tests.reports.readers import pdf_text
from tests.reports.rendering.pdf_checks import elements, problems, table_attributes


@pytest.fixture(scope="module")
def document():
    return make_document()


@pytest.fixture(scope="module")
def content(document):
    return as_pdf(document)


@pytest.fixture
def pdf(content):
    with pikepdf.open(io.BytesIO(content)) as report_page:
        yield report_page


def saved(pdf):
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def test_nothing_is_wrong_with_a_report_of_every_kind_of_block(content):
    assert problems(content) == []


def test_it_is_named_and_in_english(pdf, document):
    assert str(pdf.Root.Lang) == "en-GB"
    with pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == document.title


def test_each_chart_has_its_words_and_each_section_its_heading(pdf, document):
    alts = [str(figure.Alt) for figure in elements(pdf, "/Figure")]
    assert alts == [chart.figure.alt for chart in document.charts()]
    assert len(elements(pdf, "/H1")) == len(document.sections)
    with pdf.open_outline() as outline:
        titles = [one.title for one in outline.root]
    assert [title.lstrip("0123456789 ") for title in titles] == [
        section.title for section in document.sections
    ]


def test_rows_and_columns_have_headers_that_every_cell_names(pdf):
    scopes = [str(table_attributes(head).Scope) for head in elements(pdf, "/TH")]
    # Four tables: six months, twelve periods, six commitments, twelve changes.
    assert scopes.count("/Row") == 6 + 12 + 6 + 12
    # A head of eight, six, five and eight columns; one that is repeated is told once.
    assert scopes.count("/Column") == 8 + 6 + 5 + 8
    for cell in elements(pdf, "/TD"):
        named = [bytes(name) for name in table_attributes(cell).Headers]
        assert any(name.startswith(b"row-") for name in named)


def test_the_contents_come_after_the_approval():
    sections = [
        Section(key=key, title=key, blocks=(Paragraph(text=key),)) for key in ("b", "c", "d")
    ]
    first = Section(key=APPROVAL, title="Approval", blocks=(Paragraph(text="x"),))
    with pikepdf.open(io.BytesIO(as_pdf(make_document(sections=(first, *sections))))) as pdf:
        kinds = [str(one.S) for one in _kids(elements(pdf, "/Document")[0])]
    assert kinds.index("/H1") < kinds.index("/TOC")
    assert kinds.count("/H1") == 4
    assert "/H1" in kinds[kinds.index("/TOC") :]


def _kids(element):
    return [one for one in element.K if isinstance(one, pikepdf.Dictionary) and "/S" in one]


def test_a_short_report_has_no_list_of_contents():
    section = Section(key="a", title="A", blocks=(Paragraph(text="x"),))
    with pikepdf.open(io.BytesIO(as_pdf(make_document(sections=(section,))))) as pdf:
        assert elements(pdf, "/TOC") == []


# --- Controls ---------------------------------------------------------------------------------


def without_alt(pdf):
    del elements(pdf, "/Figure")[0].Alt


def without_language(pdf):
    del pdf.Root.Lang


def without_structure(pdf):
    del pdf.Root.StructTreeRoot


def without_title(pdf):
    with pdf.open_metadata() as metadata:
        del metadata["dc:title"]


def with_title_hidden(pdf):
    pdf.Root.ViewerPreferences.DisplayDocTitle = False


def without_bookmarks(pdf):
    del pdf.Root.Outlines


def with_level_left_out(pdf):
    for heading in elements(pdf, "/H2"):
        heading.S = pikepdf.Name.H3


def without_scope(pdf):
    del table_attributes(elements(pdf, "/TH")[0]).Scope


def without_row_headers(pdf):
    for head in elements(pdf, "/TH"):
        if table_attributes(head).Scope == "/Row":
            head.S = pikepdf.Name.TD


def with_header_unknown(pdf):
    table_attributes(elements(pdf, "/TD")[0]).Headers = pikepdf.Array(
        [pikepdf.String("a"), pikepdf.String("b")]
    )


def with_text_untagged(pdf):
    page = pdf.pages[0]
    page.contents_add(b"BT (x) Tj ET")


def with_link_unnamed(pdf):
    for page in pdf.pages:
        for annotation in page.get("/Annots", []):
            del annotation.Contents


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_alt, "a figure without words"),
        (without_language, "no language"),
        (without_structure, "no structure"),
        (without_title, "no title"),
        (with_title_hidden, "the title is not shown"),
        (without_bookmarks, "no bookmarks"),
        (with_level_left_out, "a level of headings is left out"),
        (without_scope, "a header cell without its scope"),
        (without_row_headers, "a row without its header"),
        (with_header_unknown, "a cell that names a header which is not there"),
        (with_text_untagged, "Tj [pikepdf.String('x')] outside of any tag"),
        (with_link_unnamed, "a link without words"),
    ],
)
def test_what_is_spoilt_is_found(pdf, spoil, words):
    spoil(pdf)
    assert any(words.split("[")[0] in one for one in problems(saved(pdf)))


def test_the_typesetter_refuses_a_text_without_a_title():
    with pytest.raises(TypesettingFailed, match="title"):
        as_pdf(make_document(title=""))


def title_of(document):
    with pikepdf.open(io.BytesIO(as_pdf(document))) as pdf, pdf.open_metadata() as metadata:
        return str(metadata["dc:title"])


def test_a_draft_says_so_on_every_page_and_in_its_title():
    document = make_document(is_draft=True)
    assert title_of(document) == f"Draft: {document.title}"
    content = as_pdf(document)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        number = len(pdf.pages)
    text = pdf_text(content)
    assert number > 1
    assert text.count("Draft. As at") == number
    # In the box of the head as well, and once as a notice.
    assert text.count("Draft") == 2 * number + 1
    assert problems(content) == []


def test_one_that_went_out_does_not():
    document = make_document(is_draft=False)
    assert title_of(document) == document.title
    assert "Draft" not in pdf_text(as_pdf(document))
